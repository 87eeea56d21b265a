// The desk's table of entries: keys from film to film, and how many are ticked. Nothing is taken from who is typing.

const rows = [...document.querySelectorAll("[data-row]")];
const bulk = document.querySelector("[data-bulk]");
let here = -1;

const box = (row) => row.querySelector("input[type=checkbox]");
const link = (name) => document.querySelector(`.pagination a[rel=${name}]`);

function mark(at) {
  if (at < 0 || at >= rows.length) return;
  rows[here]?.classList.remove("is-here");
  here = at;
  rows[here].classList.add("is-here");
  const open = rows[here].querySelector("[data-open]");
  open.focus({ preventScroll: true });
  rows[here].scrollIntoView({ block: "nearest" });
}

function tick() {
  if (here < 0) return;
  box(rows[here]).click();
}

function tell() {
  const title = bulk.querySelector("[data-bulk-count]");
  const count = rows.filter((row) => box(row).checked).length;
  for (const row of rows) row.classList.toggle("is-ticked", box(row).checked);
  title.textContent = count ? title.dataset.some.replace("{count}", count) : title.dataset.all;
}

const KEYS = {
  j: () => mark(here + 1),
  k: () => mark(here < 0 ? 0 : here - 1),
  x: tick,
  "/": () => document.querySelector("[data-search]")?.focus(),
  n: () => link("next")?.click(),
  p: () => link("prev")?.click(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const { target } = event;
  if (target.matches("textarea, select, input:not([type=checkbox])")) {
    if (event.key === "Escape") target.blur();
    return;
  }
  const keys = { ...KEYS };
  if (here >= 0 && target.closest("[data-row]")) Object.assign(keys, { ArrowDown: keys.j, ArrowUp: keys.k });
  if (here >= 0 && target === document.body) keys.Enter = () => rows[here].querySelector("[data-open]").click();
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!Object.hasOwn(keys, key)) return;
  event.preventDefault();
  keys[key]();
});

if (bulk) {
  bulk.addEventListener("change", tell);
  bulk.addEventListener("focusin", ({ target }) => {
    const at = rows.indexOf(target.closest("[data-row]"));
    if (at < 0) return;
    rows[here]?.classList.remove("is-here");
    here = at;
    rows[here].classList.add("is-here");
  });
  tell();
}

// A menu closes where somebody goes on elsewhere.
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll(".pick[open]")) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && document.querySelector(".pick[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
