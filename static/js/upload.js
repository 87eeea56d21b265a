// The resumable upload of a film: parts of equal size, three at a time, continued after a pause, a broken line or a
// reload (choose the same file again). The server's list of parts is the truth; nothing is remembered here.

const PARALLEL = 3;
const SIGN_AHEAD = 12;
const SPEED_WINDOW = 12000; // ms
const LONGEST_WAIT = 30000; // ms between two tries
const HEAD_AND_TAIL = 1 << 20; // bytes that are looked at to recognise a file

// A refusal with a sentence for the reader. `again`: worth trying without being asked.
class Refusal extends Error {
  constructor(code, text, { again = false, missing = [] } = {}) {
    super(text);
    this.code = code;
    this.again = again;
    this.missing = missing;
  }
}

class Paused extends Error {}

// The cookie's token is the present one, even after logging in again in another tab.
const tokenNow = (fallback) => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? fallback;

const sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const wake = () => { clearTimeout(timer); resolve(); };
    window.addEventListener("online", wake, { once: true });
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(new Paused()); }, { once: true });
  });

// Recognises a file when it is chosen again: name, size, date, and a hash of its head and tail. Not a signature.
async function fingerprintOf(file) {
  let a = 0x811c9dc5, b = 0x1b873593;
  for (const from of [0, Math.max(0, file.size - HEAD_AND_TAIL)]) {
    for (const byte of new Uint8Array(await file.slice(from, from + HEAD_AND_TAIL).arrayBuffer())) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x85ebca6b) + 1;
    }
  }
  const hex = (number) => (number >>> 0).toString(16).padStart(8, "0");
  return [file.name, file.size, file.lastModified, hex(a) + hex(b)].join("|");
}

class Transfer {
  constructor(file, { create, entry, purpose, token, words, tell }) {
    Object.assign(this, { file, create, entry, purpose, token, words, tell });
    this.done = new Map(); // number → bytes
    this.flying = new Map(); // number → bytes sent so far
    this.addresses = new Map(); // number → {url, until}
    this.samples = [];
    this.tries = 0;
  }

  // Begin, or go on where the server's list ends. Resolves with the page to show.
  async run() {
    this.stopper = new AbortController();
    this.samples = [];
    this.tell({ state: "starting" });
    const body = { entry: this.entry, filename: this.file.name, size: this.file.size, purpose: this.purpose };
    try {
      body.fingerprint = await fingerprintOf(this.file);
    } catch {
      throw new Refusal("unreadable", this.words.unreadable);
    }
    this.session = await this.persist(() => this.ask("POST", this.create, body));
    this.learn(this.session.parts);
    this.tell({ state: this.done.size ? "continuing" : "sending" });
    for (;;) {
      await this.sendMissing();
      this.tell({ state: "finishing" });
      try {
        return (await this.persist(() => this.ask("POST", this.session.complete, {}))).page;
      } catch (error) {
        if (error.code !== "missing_parts") throw error;
        error.missing.forEach((number) => this.done.delete(number));
      }
    }
  }

  pause() {
    this.stopper?.abort();
  }

  async discard() {
    this.pause();
    if (this.session) await this.ask("POST", this.session.abort, {}, new AbortController().signal);
  }

  lengthOf(number) {
    return Math.min(this.session.part_size, this.file.size - (number - 1) * this.session.part_size);
  }

  learn(parts) {
    this.done.clear();
    for (const part of parts) {
      if (part.size === this.lengthOf(part.number)) this.done.set(part.number, part.size);
    }
  }

  async sendMissing() {
    const waiting = [];
    for (let number = 1; number <= this.session.part_count; number += 1) {
      if (!this.done.has(number)) waiting.push(number);
    }
    const hand = async () => {
      while (waiting.length) {
        const number = waiting.shift();
        await this.persist(() => this.sendPart(number, waiting));
      }
    };
    const hands = Array.from({ length: Math.min(PARALLEL, waiting.length) }, hand);
    try {
      await Promise.all(hands);
    } catch (error) {
      this.stopper.abort();
      await Promise.allSettled(hands);
      throw error;
    }
  }

  // Try until it succeeds, is refused for good, or is paused; wait longer each time.
  async persist(action) {
    for (let attempt = 1; ; attempt += 1) {
      if (this.stopper.signal.aborted) throw new Paused();
      try {
        const result = await action();
        if (this.tries) this.tell({ state: "sending" });
        this.tries = 0;
        return result;
      } catch (error) {
        if (!(error instanceof Refusal) || !error.again) throw error;
        this.tries = attempt;
        const wait = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(attempt, 7)) * (0.7 + 0.6 * Math.random());
        if (attempt > 1) this.tell({ state: "waiting", seconds: Math.ceil(wait / 1000) });
        await sleep(wait, this.stopper.signal);
      }
    }
  }

  async sendPart(number, waiting) {
    const url = await this.addressOf(number, waiting);
    const from = (number - 1) * this.session.part_size;
    const slice = this.file.slice(from, from + this.lengthOf(number));
    try {
      await this.put(url, slice, number);
      this.done.set(number, slice.size);
    } catch (error) {
      this.addresses.delete(number);
      if (error.again) {
        try { // a file that was moved or changed meanwhile looks like a broken line
          await this.file.slice(from, from + 1).arrayBuffer();
        } catch {
          throw new Refusal("unreadable", this.words.unreadable);
        }
      }
      throw error;
    } finally {
      this.flying.delete(number);
    }
  }

  async addressOf(number, waiting) {
    const known = this.addresses.get(number);
    if (known && known.until > Date.now()) return known.url;
    const last = waiting.find((other) => other >= number + SIGN_AHEAD) ?? this.session.part_count;
    const range = { first: number, last: Math.min(last, number + SIGN_AHEAD) };
    const { parts, seconds } = await this.ask("POST", this.session.sign, range);
    const until = Date.now() + seconds * 500;
    parts.forEach((part) => this.addresses.set(part.number, { url: part.url, until }));
    return this.addresses.get(number).url;
  }

  put(url, slice, number) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch does not tell how much has been sent
      const stop = () => request.abort();
      request.open("PUT", url);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.setRequestHeader("Accept", "application/json");
      request.upload.onprogress = (event) => {
        this.flying.set(number, event.loaded);
        this.tell({ state: "" });
      };
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve();
        else reject(this.refusalOf(request.status, request.responseText));
      };
      request.onerror = request.ontimeout = () => reject(this.brokenLine());
      request.onabort = () => reject(new Paused());
      request.onloadend = () => this.stopper.signal.removeEventListener("abort", stop);
      this.stopper.signal.addEventListener("abort", stop, { once: true });
      request.send(slice);
    });
  }

  async ask(method, url, body, signal = this.stopper.signal) {
    let response;
    try {
      response = await fetch(url, {
        method,
        signal,
        body: JSON.stringify(body),
        headers: {
          "Content-Type": "application/json",
          "Accept": "application/json",
          "X-CSRFToken": tokenNow(this.token),
        },
      });
    } catch (error) {
      if (signal.aborted) throw new Paused();
      throw this.brokenLine();
    }
    const text = await response.text();
    if (!response.ok) throw this.refusalOf(response.status, text);
    return JSON.parse(text);
  }

  brokenLine() {
    return new Refusal("offline", this.words.offline, { again: true });
  }

  refusalOf(status, text) {
    let answer = {};
    try { answer = JSON.parse(text); } catch { /* a proxy's page */ }
    const again = ["cut_off", "address_expired", "wrong_length"].includes(answer.error)
      || ((status >= 500 || status === 408) && status !== 507);
    const sentence = answer.text || (status === 413 ? this.words.proxy : this.words.offline);
    return new Refusal(answer.error || `http_${status}`, sentence, { again, missing: answer.missing });
  }

  // Bytes there, bytes per second, seconds left.
  figures() {
    const sum = (map) => [...map.values()].reduce((total, bytes) => total + bytes, 0);
    const sent = Math.min(this.file.size, sum(this.done) + sum(this.flying));
    const now = performance.now();
    this.samples.push([now, sent]);
    while (this.samples.length > 2 && now - this.samples[0][0] > SPEED_WINDOW) this.samples.shift();
    const [since, before] = this.samples[0];
    const speed = now - since > 1500 ? Math.max(0, (sent - before) / ((now - since) / 1000)) : 0;
    return { sent, speed, left: speed ? (this.file.size - sent) / speed : null };
  }
}

class Panel {
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
    window.addEventListener("beforeunload", (event) => this.running && event.preventDefault());
    this.token = this.form.querySelector('[name="csrfmiddlewaretoken"]').value;
    this.preflight = !element.dataset.preflight // only a film is held against the rulebook
      ? Promise.resolve({ passes: () => true })
      : import("./preflight.js")
        .then(({ Preflight }) => new Preflight(element, this.words, () => tokenNow(this.token)));
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
    if (!(await this.preflight.then((preflight) => preflight.passes(file)).catch(() => true))) {
      this.form.hidden = false;
      this.input.value = "";
      this.input.focus();
      this.input.click();
      return;
    }
    const { element: { dataset: { entry, create, purpose } }, token, words } = this;
    this.transfer = new Transfer(file, { create, entry, purpose, token, words, tell: (news) => this.show(news) });
    this.part("name").textContent = file.name;
    this.go();
  }

  async go() {
    this.running = true;
    this.form.hidden = true;
    this.part("refused").hidden = true;
    this.part("progress").hidden = false;
    this.part("progress").classList.remove("progress--failed");
    this.part("actions").hidden = false;
    this.buttons("pause");
    const clock = setInterval(() => this.paint(), 500);
    try {
      const page = await this.transfer.run();
      this.running = false;
      this.show({ state: "arrived" });
      this.part("actions").hidden = true;
      if (new URL(page, location.href).pathname === location.pathname) location.reload();
      else location.assign(page);
    } catch (error) {
      this.running = false;
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
    if (!begun) {
      this.part("progress").hidden = true;
      this.part("actions").hidden = true;
      this.form.hidden = false;
      this.input.value = "";
    }
    this.buttons("resume", "discard");
    if (!(error instanceof Refusal)) throw error;
  }

  async discard() {
    try {
      await this.transfer.discard();
    } finally {
      location.reload();
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
    this.part("percent").textContent = `${percent} %`;
    const line = [this.fill(this.words.of, { sent: this.bytes(sent), size: this.bytes(size) })];
    if (this.running && speed && this.state !== "waiting") {
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

document.querySelectorAll("[data-upload]").forEach((element) => new Panel(element));
