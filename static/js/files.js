// The page of an entry's other files. Without this file its forms and the arrows do the same.
(() => {
  const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1]
    ?? document.querySelector('[name="csrfmiddlewaretoken"]').value;

  // A file that was chosen goes on its way at once.
  for (const form of document.querySelectorAll("form[data-send-at-once]")) {
    const input = form.querySelector('input[type="file"]');
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      form.querySelector("[data-said]").textContent = form.dataset.sendAtOnce;
      form.requestSubmit();
    });
  }

  // What evidence is about goes with the upload.
  for (const panel of document.querySelectorAll("[data-upload][data-purpose]")) {
    const stage = panel.querySelector("[data-stage] select");
    const kind = panel.dataset.purpose;
    const tell = () => { panel.dataset.purpose = stage.value ? `${kind}/${stage.value}` : kind; };
    if (stage) {
      stage.addEventListener("change", tell);
      tell();
    }
  }

  // Dragging to another place; the arrows are the way of the keyboard.
  async function keep(list) {
    const body = new URLSearchParams();
    for (const row of list.querySelectorAll("[data-item]")) body.append("item", row.dataset.item);
    const answer = await fetch(list.dataset.sort, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "X-CSRFToken": token() },
    }).catch(() => null);
    if (answer?.type === "opaqueredirect" || answer?.ok) return;
    list.parentElement.querySelector("[data-order-said]").textContent = list.dataset.failed;
  }

  function prepare(list) {
    if (!window.Sortable || list.dataset.ready || list.children.length < 2) return;
    list.dataset.ready = "yes";
    window.Sortable.create(list, {
      animation: 150,
      delay: 150,
      delayOnTouchOnly: true,
      filter: "a, button",
      preventOnFilter: false,
      ghostClass: "is-held",
      onEnd: () => keep(list),
    });
  }

  const all = () => document.querySelectorAll("[data-sort]").forEach(prepare);
  all();
  document.addEventListener("htmx:after:swap", all);
})();
