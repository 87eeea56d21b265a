// What a visitor marks stays in her own browser; search and marks only hide what is on the page already.
const bar = document.querySelector("[data-programme]");
const KEY = `programme:${bar.dataset.programme}`;
const search = bar.querySelector("[data-search]");
const mine = bar.querySelector("[data-mine]");
const own = bar.querySelector("[data-own-calendar]");
const none = document.querySelector("[data-none]");
const rows = [...document.querySelectorAll("[data-screening]")];

const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(kept) ? kept : []);
  } catch {
    return new Set();
  }
};

const keep = (marked) => {
  try {
    localStorage.setItem(KEY, JSON.stringify([...marked]));
  } catch {
    // A browser that keeps nothing: the marks last as long as the page.
  }
};

let marked = read();

const show = () => {
  const known = new Set(rows.map((row) => row.dataset.screening));
  const here = [...marked].filter((code) => known.has(code));
  const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) {
    const on = marked.has(row.dataset.screening);
    const button = row.querySelector("[data-mark]");
    if (button) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(on));
      button.querySelector("[data-on]").hidden = !on;
      button.querySelector("[data-off]").hidden = on;
    }
    row.hidden = (mine.checked && !on) || terms.some((term) => !row.dataset.words.includes(term));
  }
  for (const outer of ["[data-group]", "[data-section]"]) {
    for (const part of document.querySelectorAll(outer)) part.hidden = !part.querySelector("[data-screening]:not([hidden])");
  }
  none.hidden = rows.some((row) => !row.hidden);
  bar.querySelector("[data-count]").textContent = String(here.length);
  own.hidden = here.length === 0;
  own.href = bar.dataset.calendar + here.join(",");
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-mark]");
  if (!button) return;
  const code = button.closest("[data-screening]").dataset.screening;
  marked = read();
  if (!marked.delete(code)) marked.add(code);
  keep(marked);
  show();
});
search.addEventListener("input", show);
mine.addEventListener("change", show);
window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  marked = read();
  show();
});
bar.hidden = false;
show();

// Once seen, the programme is there without a network too: page and files are kept now, and anew at every visit.
if (bar.dataset.worker && "serviceWorker" in navigator) {
  const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]");
  const files = [...parts].map((part) => part.href || part.src);
  navigator.serviceWorker
    .register(bar.dataset.worker, { scope: new URL(bar.dataset.worker, location.href).pathname.replace(/[^/]+$/, "") })
    .then(() => navigator.serviceWorker.ready)
    .then(() => caches.open("programme"))
    .then((cache) => cache.addAll([location.href, ...files]))
    .then(() => bar.setAttribute("data-kept", ""))
    .catch(() => {}); // A browser that keeps nothing shows the programme as long as there is a network.
}
