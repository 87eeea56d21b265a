// Keys for the chair who reads hundreds of comments: one to the next, released, words struck out, held back.

const list = document.querySelector("[data-feedback]");
const words = () => [...list.querySelectorAll("[data-word]")];
let here = null; // the id of the comment that keys speak of

const current = () => here && document.getElementById(here);

function go(word) {
  if (!word) return;
  here = word.id;
  word.focus({ preventScroll: true });
  word.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = words();
  const at = all.indexOf(current());
  go(at < 0 ? (all.find((word) => "open" in word.dataset) ?? all[0]) : all[at + by]);
}

function unfold(word, name, field) {
  const details = word?.querySelector(`[data-${name}]`);
  if (!details) return;
  details.open = true;
  details.querySelector(field).focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => current()?.querySelector("[data-release]")?.click(),
  s: () => unfold(current(), "strike", "textarea"),
  h: () => unfold(current(), "hold", "input[name=reason]"),
};

if (list) {
  list.addEventListener("focusin", ({ target }) => (here = target.closest("[data-word]")?.id ?? here));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const open = event.target.closest?.("[data-word] details[open]");
      if (!open) return;
      open.open = false;
      go(current());
    } else if (KEYS[event.key] && !event.target.matches("input, textarea, select")) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
  // A decided comment is another element now: go on with the next that waits, or stay where a mistake is told.
  document.addEventListener("htmx:after:swap", () => {
    const word = current();
    if (!word || "open" in word.dataset || word.querySelector("[role=alert]")) return go(word);
    const all = words();
    const later = all.slice(all.indexOf(word) + 1);
    go(later.find((one) => "open" in one.dataset) ?? word);
  });
}
