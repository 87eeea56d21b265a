// Keys for answers that are given by a button: 1, 2, 3 press the first, second, third.

const buttons = [...document.querySelectorAll("[data-answer]")];

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
  const button = buttons[Number(event.key) - 1];
  if (button && !button.disabled) button.click();
});

// A reason that was typed goes with the answer alone: leaving without one is asked about.
const reason = buttons[0]?.form.elements.comment;
let answered = false;

document.addEventListener("submit", ({ target }) => (answered ||= !target.matches("[data-note-form]")));
addEventListener("beforeunload", (event) => {
  if (!answered && reason && reason.value !== reason.defaultValue) event.preventDefault();
});
