// A ranked ballot put in order by dragging or with arrows: the places follow the order. Films below the line have none.
// Without this file the places are chosen one by one.

const form = document.querySelector("[data-ballot=ranked]");
if (form && window.Sortable) {
  const list = form.querySelector("[data-rows]");
  const line = document.createElement("li");
  line.className = "ballot__line";
  line.textContent = list.dataset.line;
  const select = (row) => row.querySelector("select");
  const rows = () => [...list.querySelectorAll("[data-row]")];

  const placed = rows().filter((row) => select(row).value);
  list.prepend(...placed, line);

  const number = () => {
    let place = 0;
    let above = true;
    for (const row of list.children) {
      if (row === line) above = false;
      else select(row).value = above ? String((place += 1)) : "";
    }
  };

  const move = (row, step) => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    number();
    row.querySelector(step < 0 ? "[data-up]" : "[data-down]").focus();
  };

  for (const row of rows()) {
    row.querySelector("[data-handle]").hidden = false;
    row.querySelector("[data-arrows]").hidden = false;
    row.querySelector("[data-up]").addEventListener("click", () => move(row, -1));
    row.querySelector("[data-down]").addEventListener("click", () => move(row, 1));
    // A place chosen by hand may be shared: the order follows it, other places stay.
    select(row).addEventListener("change", () => {
      const value = (one) => Number(select(one).value) || Infinity;
      const sorted = rows().sort((one, other) => value(one) - value(other));
      list.replaceChildren(...sorted.filter((one) => select(one).value), line, ...sorted.filter((one) => !select(one).value));
      select(row).focus();
    });
  }
  form.querySelector("[data-hint]").hidden = false;
  window.Sortable.create(list, {
    handle: "[data-handle]",
    draggable: "[data-row], .ballot__line",
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    onEnd: number,
  });
}
