// Lists whose rows can be dragged into another order. Without this file, and from the keyboard, buttons move them.
for (const list of document.querySelectorAll("[data-order]")) {
  const said = document.getElementById(list.dataset.orderSaid);
  const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? list.dataset.token;
  for (const handle of list.querySelectorAll("[data-handle]")) handle.hidden = false;
  let before = [];
  window.Sortable.create(list, {
    handle: "[data-handle]",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    onStart: () => { before = [...list.children]; },
    onEnd: async () => {
      const ids = [...list.children].map((row) => Number(row.dataset.id));
      try {
        const answer = await fetch(list.dataset.order, {
          method: "POST",
          body: JSON.stringify({ ids }),
          headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
        });
        if (!answer.ok) throw new Error(answer.status);
        said.textContent = list.dataset.saved;
      } catch {
        list.replaceChildren(...before);
        said.textContent = list.dataset.failed;
      }
    },
  });
}
