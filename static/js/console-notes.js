// Notes at moments of the film. Each has an identity made here and a number that grows with every change, so that a
// note sent twice is kept once and an old send never wins. Kept on the device until the server has them.

import { RETRY, Refusal, send } from "./console-line.js";
import { clock, fill, remember, stored } from "./console-words.js";

const SAVE_AFTER = 800; // ms after the last key

const newId = () =>
  crypto.randomUUID?.() ??
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (+digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)))).toString(16),
  );

export class Notes extends EventTarget {
  constructor(root, player) {
    super();
    this.player = player;
    this.section = root.querySelector("[data-notes]");
    this.form = root.querySelector("[data-note-form]");
    if (!this.section) return;
    this.key = `firstlight-notes-${root.dataset.key}`;
    this.list = this.section.querySelector("[data-note-list]");
    this.line = this.section.querySelector("[data-note-state]");
    this.failures = 0;
    this.notes = new Map([...this.list.children].map((row) => [row.dataset.id, this.read(row)]));
    this.waiting = new Map(Object.entries(stored(this.key) ?? {}));
    for (const [id, note] of this.waiting) {
      if (note.number > (this.notes.get(id)?.number ?? 0)) this.notes.set(id, note);
    }
    if (this.form) this.listen(root);
    else this.tooLate(root);
    this.show();
    if (this.waiting.size) this.send();
  }

  listen(root) {
    for (const button of root.querySelectorAll("[data-note-key]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.open());
    }
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
      this.close();
    });
    this.form.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), SAVE_AFTER);
    });
    this.form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.undo();
      this.close();
    });
    addEventListener("online", () => this.send());
    addEventListener("pagehide", () => this.waiting.size && this.post(true));
  }

  // The round was closed before these could be sent: the judge is told.
  tooLate(root) {
    if (!this.waiting.size) return;
    for (const id of this.waiting.keys()) this.notes.delete(id);
    this.waiting.clear();
    localStorage.removeItem(this.key);
    this.say(root.dataset.sayLate);
  }

  read(row) {
    const { id, number, seconds, jury } = row.dataset;
    const text = row.querySelector("[data-text]").textContent;
    return { id, number: Number(number), seconds: Number(seconds), text, jury: jury !== undefined };
  }

  get moments() {
    return [...this.notes.values()].filter((note) => note.text).map((note) => note.seconds);
  }

  // The film plays on while one writes.
  open(note = null) {
    if (!this.form) return;
    const seconds = note?.seconds ?? Math.round(this.player.video.currentTime * 10) / 10;
    this.before = note;
    this.current = note ?? { id: newId(), number: 0, seconds, text: "", jury: false };
    const { elements } = this.form;
    elements.seconds.value = clock(seconds);
    elements.seconds.readOnly = true;
    elements.text.value = this.current.text;
    elements.jury.checked = this.current.jury;
    this.form.hidden = false;
    elements.text.focus();
  }

  close() {
    clearTimeout(this.timer);
    this.form.hidden = true;
    this.current = null;
    this.player.button.focus({ preventScroll: true });
  }

  keep() {
    const { elements } = this.form;
    const now = { ...this.current, text: elements.text.value.trim(), jury: elements.jury.checked };
    const known = this.notes.get(now.id);
    if (known ? known.text === now.text && known.jury === now.jury : !now.text) return;
    this.write(now);
  }

  // Leave it as it was before.
  undo() {
    const known = this.notes.get(this.current.id);
    if (known && known !== this.before) this.write(this.before ?? { ...this.current, text: "" });
  }

  write(note) {
    const number = Math.max(this.notes.get(note.id)?.number ?? 0, note.number) + 1;
    const kept = { ...note, number };
    this.notes.set(note.id, kept);
    this.waiting.set(note.id, kept);
    remember(this.key, Object.fromEntries(this.waiting));
    this.show();
    this.send();
  }

  async send() {
    if (this.running || !this.waiting.size) return;
    clearTimeout(this.retry);
    this.running = true;
    try {
      await this.post();
      this.failures = 0;
      this.say("");
    } catch (error) {
      if (error instanceof Refusal) {
        this.say(error.message);
      } else {
        this.say(this.section.dataset.sayHere);
        this.retry = setTimeout(() => this.send(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
        this.failures += 1;
      }
    } finally {
      this.running = false;
    }
  }

  async post(keepalive = false) {
    let refused = null;
    for (const [id, note] of this.waiting) {
      try {
        await send(this.form.action, note, keepalive);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused = error; // it stays here, and those after it are sent
        continue;
      }
      if (this.waiting.get(id)?.number === note.number) this.waiting.delete(id);
      remember(this.key, Object.fromEntries(this.waiting));
    }
    if (refused) throw refused;
    if (this.waiting.size) await this.post(keepalive);
    else localStorage.removeItem(this.key);
  }

  say(text) {
    this.line.textContent = text;
    this.line.classList.toggle("save-state--failed", Boolean(text));
  }

  show() {
    const shape = this.section.querySelector("[data-note-row]");
    const notes = [...this.notes.values()].filter((note) => note.text).sort((one, other) => one.seconds - other.seconds);
    this.list.replaceChildren(...notes.map((note) => this.row(shape, note)));
    this.section.querySelector("[data-notes-none]").hidden = notes.length > 0;
    this.dispatchEvent(new Event("change"));
  }

  row(shape, note) {
    const row = shape.content.firstElementChild.cloneNode(true);
    const time = row.querySelector("[data-seek]");
    time.textContent = clock(note.seconds);
    time.setAttribute("aria-label", fill(this.section.dataset.saySeek, { time: clock(note.seconds) }));
    time.addEventListener("click", () => this.player?.seekTo(note.seconds));
    row.querySelector("[data-text]").textContent = note.text;
    row.querySelector("[data-for-jury]").hidden = !note.jury;
    row.querySelector("[data-edit]")?.addEventListener("click", () => this.open(note));
    row.querySelector("[data-drop]")?.addEventListener("click", () => this.write({ ...note, text: "" }));
    return row;
  }
}
