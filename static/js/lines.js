// Lines that can be added and removed in a form. Without this file the empty ones at its end do.
for (const group of document.querySelectorAll("[data-lines]")) {
  const list = group.querySelector("[data-lines-list]");
  const template = group.querySelector("[data-line-template]");
  const add = group.querySelector("[data-add]");
  const said = group.querySelector("[data-lines-said]");
  const total = group.querySelector('input[name$="-TOTAL_FORMS"]');
  const most = Number(group.querySelector('input[name$="-MAX_NUM_FORMS"]').value);
  const prefix = total.name.replace("TOTAL_FORMS", "");
  const OTHER = "-other"; // the choice that asks for a name

  const lines = () => [...list.querySelectorAll("[data-line]")];
  const fields = (line) => [...line.querySelectorAll("input, select, textarea")];
  const says = (field) => (field.type === "checkbox" ? field.checked : field.value.trim());
  const isEmpty = (line) => !fields(line).some(says) && !line.querySelector(".field--error");
  const first = (line) => line.querySelector("select, input");
  const changed = () => list.dispatchEvent(new Event("change", { bubbles: true })); // the draft is saved with it

  // Names, labels and legends follow the order, so that what the server says of "line 2" is found there.
  function renumber() {
    lines().forEach((line, index) => {
      const parts = new RegExp(`${prefix}(?:\\d+|__prefix__)-`, "g");
      for (const element of line.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
        for (const name of ["name", "id", "for", "aria-describedby"]) {
          const value = element.getAttribute(name);
          if (value) element.setAttribute(name, value.replace(parts, `${prefix}${index}-`));
        }
      }
      const legend = line.querySelector("legend");
      legend.textContent = legend.textContent.replace(/\d+|__number__/, index + 1);
    });
    total.value = lines().length;
    add.hidden = lines().length >= most;
    const last = lines().length - 1;
    lines().forEach((line, index) => {
      for (const button of line.querySelectorAll("button[name=move]")) {
        button.value = button.value.replace(/^(\d+|__number__)/, index + 1);
        button.disabled = index === (button.matches("[data-up]") ? 0 : button.matches("[data-down]") ? last : -1);
      }
    });
  }

  // The name of another tool is asked for only where one is chosen; what was typed goes with the choice.
  function showOther(line, chosen) {
    const field = line.querySelector("[data-other]");
    if (!field) return;
    const tool = line.querySelector('select[name$="-tool"]');
    const input = field.querySelector("input");
    const wanted = tool.value === OTHER || (!chosen && (input.value || field.querySelector(".field--error")));
    if (!wanted) input.value = "";
    field.hidden = !wanted;
  }

  // One line up or down; the button keeps the focus, so that it can be pressed again.
  function move(line, step) {
    const place = lines().indexOf(line) + step;
    const other = lines()[place];
    if (!other) return;
    if (step < 0) other.before(line);
    else other.after(line);
    renumber();
    const button = line.querySelector(step < 0 ? "[data-up]" : "[data-down]");
    (button.disabled ? line.querySelector(step < 0 ? "[data-down]" : "[data-up]") : button).focus();
    said.textContent = said.dataset.moved.replace("{number}", place + 1);
    changed();
  }

  // Of a tick that only one line can have, the newest counts.
  function onlyOne(line) {
    for (const box of line.querySelectorAll('[data-only-one] input[type="checkbox"]')) {
      const end = box.name.slice(box.name.lastIndexOf("-"));
      box.addEventListener("change", () => {
        if (!box.checked) return;
        for (const other of list.querySelectorAll(`input[type="checkbox"][name$="${end}"]`)) {
          if (other !== box) other.checked = false;
        }
      });
    }
  }

  function prepare(line) {
    showOther(line, false);
    onlyOne(line);
    line.querySelector("[data-remove]").hidden = false;
    line.querySelector('select[name$="-tool"]')?.addEventListener("change", () => showOther(line, true));
    for (const [name, step] of [["[data-up]", -1], ["[data-down]", 1]]) {
      line.querySelector(name)?.addEventListener("click", (event) => {
        event.preventDefault();
        move(line, step);
      });
    }
    line.querySelector("[data-remove]").addEventListener("click", (event) => {
      event.preventDefault();
      const place = lines().indexOf(line);
      line.remove();
      if (!lines().length) append();
      renumber();
      const next = lines()[Math.min(place, lines().length - 1)];
      first(next).focus();
      said.textContent = said.dataset.removed.replace("{number}", place + 1);
      changed();
    });
  }

  function append() {
    list.append(template.content.cloneNode(true));
    const line = lines().at(-1);
    prepare(line);
    return line;
  }

  const spare = lines().filter(isEmpty);
  for (const line of lines().length > spare.length ? spare : spare.slice(1)) line.remove();
  lines().forEach(prepare);
  renumber();
  add.addEventListener("click", () => {
    const line = append();
    renumber();
    first(line).focus();
    said.textContent = said.dataset.added.replace("{number}", lines().length);
  });
}
