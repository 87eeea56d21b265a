// The sheet: scores, words, how sure, and why the judge stopped.

import { fill } from "./console-words.js";

const WORDS = ["comment", "feedback", "stopped", "stop_words"];

export class Sheet extends EventTarget {
  constructor(form, root) {
    super();
    this.form = form;
    this.root = root;
    this.groups = [...form.querySelectorAll("[data-criterion]")];
    this.sure = [...form.querySelectorAll("[name=confidence]")];
    this.writable = !form.querySelector(".console-criteria").disabled;
    this.current = 0;
    for (const [index, group] of this.groups.entries()) {
      group.addEventListener("focusin", () => this.mark(index));
      group.addEventListener("pointerdown", () => this.mark(index));
    }
    // What is chosen can be taken back: it is optional.
    for (const input of this.sure) {
      input.addEventListener("pointerdown", () => (this.was = input.checked));
      input.addEventListener("click", () => {
        if (this.was) this.setSure("");
        this.was = false;
      });
    }
    const open = this.groups.findIndex((group) => !this.value(group));
    if (this.writable) this.mark(Math.max(open, 0));
  }

  inputs(group) {
    return [...group.querySelectorAll("input")];
  }

  value(group) {
    const inputs = this.inputs(group);
    if (inputs[0]?.type === "number") return inputs[0].value;
    return inputs.find((input) => input.checked)?.value ?? "";
  }

  set(group, value) {
    const inputs = this.inputs(group);
    if (inputs[0]?.type === "number") inputs[0].value = value;
    else for (const input of inputs) input.checked = input.value === value;
  }

  mark(index) {
    this.current = index;
    for (const [place, group] of this.groups.entries()) group.classList.toggle("is-current", place === index);
  }

  get scores() {
    return Object.fromEntries(this.groups.map((group) => [group.dataset.criterion, this.value(group) || null]));
  }

  get words() {
    const words = WORDS.map((name) => [name, this.form.elements[name]?.value ?? ""]);
    return { ...Object.fromEntries(words), confidence: this.sure.find((input) => input.checked)?.value ?? "" };
  }

  get content() {
    return { scores: this.scores, ...this.words };
  }

  get complete() {
    return this.groups.every((group) => this.value(group));
  }

  get begun() {
    return this.groups.some((group) => this.value(group));
  }

  show(state) {
    for (const group of this.groups) this.set(group, state.scores[group.dataset.criterion] ?? "");
    for (const name of WORDS) if (this.form.elements[name]) this.form.elements[name].value = state[name] ?? "";
    for (const input of this.sure) input.checked = input.value === (state.confidence ?? "");
    this.total();
  }

  total() {
    let sum = 0;
    for (const group of this.groups) sum += Number(group.dataset.weight) * Number(this.value(group));
    const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    const total = (sum / 100).toLocaleString(document.documentElement.lang, digits);
    const line = this.form.querySelector("[data-total]");
    line.textContent = this.complete ? fill(this.root.dataset.sayTotal, { total }) : "";
    const detail = { total: this.complete ? sum / 100 : null, shown: total };
    this.dispatchEvent(new CustomEvent("total", { detail }));
  }

  // Score the marked criterion: a digit is a value, ±1 a step.
  press(value) {
    const input = this.inputs(this.groups[this.current]).find((one) => one.value === value);
    if (input && input.type === "radio") this.choose(input);
  }

  step(direction) {
    const inputs = this.inputs(this.groups[this.current]);
    if (inputs[0].type === "number") {
      direction > 0 ? inputs[0].stepUp() : inputs[0].stepDown();
      inputs[0].dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    const at = inputs.findIndex((input) => input.checked);
    const next = at < 0 ? Math.floor((inputs.length - 1) / 2) : at + direction;
    if (inputs[next]) this.choose(inputs[next]);
  }

  choose(input) {
    input.checked = true;
    input.focus({ preventScroll: false });
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  nextSure() {
    const at = this.sure.findIndex((input) => input.checked);
    this.setSure(this.sure[at + 1]?.value ?? "");
  }

  setSure(value) {
    for (const input of this.sure) input.checked = input.value === value;
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
  }

  onward(done) {
    const next = this.groups[this.current + 1];
    if (!next) return done.focus();
    this.mark(this.current + 1);
    const inputs = this.inputs(next);
    (inputs.find((input) => input.checked) ?? inputs[0]).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  // Why the judge stops: asked while the end has not been seen, and answered once enough has.
  askWhyStopped(watch) {
    const asked = this.form.querySelector("[data-stop]");
    if (!asked || !this.writable) return;
    const select = this.form.elements.stopped;
    asked.hidden = watch.share >= 90 && !select.value;
    // What cannot be played is told at once; every other reason needs its part of the film.
    const early = watch.whole < watch.least;
    for (const option of select.options) {
      option.disabled = early && !["", "fault", select.value].includes(option.value);
    }
  }

  openWhyStopped() {
    const asked = this.form.querySelector("[data-stop]");
    if (!asked) return;
    asked.hidden = false;
    asked.open = true;
    for (const option of this.form.elements.stopped.options) option.disabled = false;
    this.form.elements[this.form.elements.stopped.value ? "stop_words" : "stopped"].focus();
  }
}
