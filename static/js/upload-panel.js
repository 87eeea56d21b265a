// One upload as the page shows it: the file is chosen or dropped, its progress, pause, resume, discard, and what went
// wrong. Everything it needs to know stands in data-… of its element.

import { Paused, Refusal, tokenNow } from "./upload-line.js";
import { Transfer } from "./upload-transfer.js";

const running = new Set(); // panels of this page whose file is on its way

// Go on to the page that shows what has arrived, as soon as nothing of this page is on its way any more.
function leave(page) {
  if (running.size) return;
  if (new URL(page, location.href).pathname === location.pathname) location.reload();
  else location.assign(page);
}

export class Panel {
  constructor(element) {
    this.element = element;
    this.words = JSON.parse(document.getElementById(element.dataset.words).textContent);
    this.form = element.querySelector("form[data-plain]");
    this.input = this.form.querySelector('input[type="file"]');
    this.drop = this.form.querySelector("[data-drop]");
    this.part = (name) => element.querySelector(`[data-part="${name}"]`);
    this.part("plain").hidden = true;
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("change", () => this.input.files[0] && this.begin(this.input.files[0]));
    for (const name of ["dragenter", "dragover"]) this.drop.addEventListener(name, (event) => this.over(event, true));
    for (const name of ["dragleave", "drop"]) this.drop.addEventListener(name, (event) => this.over(event, false));
    this.part("pause").addEventListener("click", () => this.transfer.pause());
    this.part("resume").addEventListener("click", () => this.go());
    this.part("discard").addEventListener("click", () => this.discard());
    window.addEventListener("beforeunload", (event) => running.has(this) && event.preventDefault());
    this.token = this.form.querySelector('[name="csrfmiddlewaretoken"]').value;
    this.preflight = element.dataset.preflight
      ? import("./preflight.js")
        .then(({ Preflight }) => new Preflight(element, this.words, () => tokenNow(this.token)))
      : null;
    element.classList.add("is-ready");
  }

  over(event, inside) {
    event.preventDefault();
    this.drop.classList.toggle("is-over", inside);
    const files = event.type === "drop" ? event.dataTransfer.files : [];
    if (files.length > 1) this.refuse(this.words.one_file);
    else if (files.length === 1) this.begin(files[0]);
  }

  async begin(file) {
    this.form.hidden = true;
    this.part("refused").hidden = true;
    // Without the look ahead, or when it fails, a film is uploaded all the same.
    if (!(await this.preflight?.then((preflight) => preflight.passes(file)).catch(() => true) ?? true)) {
      this.form.hidden = false;
      this.input.value = "";
      this.input.focus();
      this.input.click();
      return;
    }
    const { element: { dataset: { create } }, words, token } = this;
    const tell = (news) => this.show(news);
    this.transfer = new Transfer(file, { create, about: this.about(), token, words, tell });
    this.part("name").textContent = file.name;
    this.go();
  }

  // What the page says of the file beside its name and size: data-entry, and data-send-… under its own name.
  about() {
    const { entry, ...rest } = this.element.dataset;
    const said = Object.entries(rest).filter(([name]) => /^send[A-Z]/.test(name));
    return { entry, ...Object.fromEntries(said.map(([name, value]) => [name.slice(4).toLowerCase(), value])) };
  }

  async go() {
    running.add(this);
    this.form.hidden = true;
    this.part("refused").hidden = true;
    this.part("progress").hidden = false;
    this.part("progress").classList.remove("progress--failed");
    this.part("actions").hidden = false;
    this.buttons("pause");
    const clock = setInterval(() => this.paint(), 500);
    try {
      const page = await this.transfer.run();
      running.delete(this);
      this.show({ state: "arrived" });
      this.part("actions").hidden = true;
      leave(this.element.dataset.back ?? page);
    } catch (error) {
      running.delete(this);
      if (error instanceof Paused) {
        this.show({ state: "paused" });
        this.buttons("resume", "discard");
      } else {
        this.fail(error);
      }
    } finally {
      clearInterval(clock);
      this.paint();
    }
  }

  fail(error) {
    this.show({ state: "stopped" });
    this.part("progress").classList.add("progress--failed");
    this.refuse(error instanceof Refusal ? error.message : this.words.broken);
    const begun = this.transfer.session && !["upload_over", "unreadable"].includes(error.code);
    if (!begun) this.reset();
    this.buttons("resume", "discard");
    if (!(error instanceof Refusal)) throw error;
  }

  reset() {
    this.part("progress").hidden = true;
    this.part("actions").hidden = true;
    this.form.hidden = false;
    this.input.value = "";
  }

  async discard() {
    try {
      await this.transfer.discard();
    } finally {
      if (running.size) this.reset();
      else leave(location.href);
    }
  }

  refuse(sentence) {
    this.part("reason").textContent = sentence;
    this.part("refused").hidden = false;
  }

  buttons(...shown) {
    for (const name of ["pause", "resume", "discard"]) this.part(name).hidden = !shown.includes(name);
  }

  show({ state, seconds }) {
    if (!state) return this.paint();
    this.state = state;
    const sentence = (this.words.states[state] || "").replace("{seconds}", seconds ?? "");
    const stage = this.part("stage");
    if (stage.textContent !== sentence) stage.textContent = sentence;
    return this.paint();
  }

  paint() {
    if (!this.transfer?.session) return;
    const { sent, speed, left } = this.transfer.figures();
    const size = this.transfer.file.size;
    const percent = Math.floor((100 * sent) / size);
    this.part("bar").value = percent;
    this.part("percent").textContent = `${percent}%`;
    const line = [this.fill(this.words.of, { sent: this.bytes(sent), size: this.bytes(size) })];
    if (running.has(this) && speed && !["waiting", "store_away"].includes(this.state)) {
      line.push(this.fill(this.words.speed, { speed: this.bytes(speed) }));
      if (left !== null && sent < size) line.push(this.duration(left));
    }
    this.part("figures").textContent = line.join(" · ");
  }

  fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
  }

  bytes(count) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let number = count, unit = 0;
    while (number >= 999.5 && unit < units.length - 1) { number /= 1000; unit += 1; }
    const digits = unit && number < 10 ? 1 : 0;
    return `${number.toFixed(digits)} ${units[unit]}`;
  }

  duration(seconds) {
    if (seconds < 55) return this.fill(this.words.left_seconds, { seconds: Math.max(5, Math.ceil(seconds / 5) * 5) });
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return this.fill(this.words.left_minutes, { minutes });
    return this.fill(this.words.left_hours, { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  }
}
