// The judge's console: keys for the player and the scores, saving while one works, and what was really watched.
// Without this file the page is a plain form. Nothing given is lost: it is kept on the device until it is in.

const root = document.querySelector("[data-console]");
const keysDialog = document.getElementById("keys");
const recuseDialog = document.getElementById("recuse");
const SAVE_AFTER = 500; // ms after the last change
const COUNT_EVERY = 5000; // ms between reports of what was watched
const RETRY = [2000, 5000, 10000, 30000]; // ms after a failed send

const clock = (seconds) => {
  const whole = Math.floor(seconds + 0.5);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours, minutes, rest] = parts;
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");

const timeOf = (moment) =>
  new Date(moment).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });

class LoggedOut extends Error {}

class Refusal extends Error {
  constructor(status, answer) {
    super(answer.text ?? `HTTP ${status}`);
    this.status = status;
    this.answer = answer;
  }
}

const token = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("[name=csrfmiddlewaretoken]")?.value ??
  "";

async function send(url, data, keepalive = false) {
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    keepalive,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(data),
  });
  if (response.type === "opaqueredirect") throw new LoggedOut();
  const answer = await response.json().catch(() => ({}));
  if (response.status === 403 && answer.error === "csrf") throw new LoggedOut();
  if (response.status >= 500) throw new TypeError(`HTTP ${response.status}`); // as good as no connection
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

// --- What was really watched: media time that passed while the film was playing, not what was skipped. ---------
class Watch {
  constructor(video, onGrow) {
    this.video = video;
    this.seconds = Number(root.dataset.watched) || 0;
    this.reported = this.seconds;
    this.last = null;
    this.line = root.querySelector("[data-coverage]");
    if (!video) return;
    const mark = () => {
      this.last = video.paused || video.seeking ? null : { media: video.currentTime, wall: performance.now() };
    };
    video.addEventListener("timeupdate", () => {
      if (this.last && !video.seeking) {
        const played = video.currentTime - this.last.media;
        const passed = ((performance.now() - this.last.wall) / 1000) * video.playbackRate;
        if (played > 0 && played < passed + 0.5) this.seconds += played;
      }
      mark();
      this.show();
      if (this.seconds >= 1) onGrow();
    });
    for (const name of ["play", "seeking", "seeked", "pause", "ratechange"]) video.addEventListener(name, mark);
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => this.report());
    setInterval(() => this.report(), COUNT_EVERY);
    addEventListener("pagehide", () => this.report(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.report(true));
  }

  get whole() {
    return Math.floor(this.seconds);
  }

  show() {
    const field = root.querySelector("[data-watched-field]"); // of a form that is sent by its buttons
    if (field) field.value = this.whole;
    const length = Number(root.dataset.seconds) || this.video.duration || 0;
    const seconds = Math.min(this.seconds, length);
    this.line.textContent = fill(root.dataset.sayWatched, { time: clock(seconds), length: clock(length) });
  }

  async report(keepalive = false) {
    if (this.whole <= this.reported || root.dataset.closed) return;
    const before = this.reported;
    this.reported = this.whole;
    try {
      await send(root.dataset.count, { seconds: this.whole }, keepalive);
    } catch {
      this.reported = before; // the next report carries it
    }
  }
}

// --- Scores ---------------------------------------------------------------------------------------------------
class Sheet {
  constructor(form) {
    this.form = form;
    this.groups = [...form.querySelectorAll("[data-criterion]")];
    this.writable = !form.querySelector(".console-criteria").disabled;
    this.current = 0;
    for (const [index, group] of this.groups.entries()) {
      group.addEventListener("focusin", () => this.mark(index));
      group.addEventListener("pointerdown", () => this.mark(index));
    }
    const open = this.groups.findIndex((group) => !this.value(group));
    if (this.writable) this.mark(Math.max(open, 0));
    this.total();
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

  get comment() {
    return this.form.elements.comment.value;
  }

  get complete() {
    return this.groups.every((group) => this.value(group));
  }

  get begun() {
    return this.groups.some((group) => this.value(group));
  }

  show(state) {
    for (const group of this.groups) this.set(group, state.scores[group.dataset.criterion] ?? "");
    this.form.elements.comment.value = state.comment;
    this.total();
  }

  total() {
    const line = this.form.querySelector("[data-total]");
    let sum = 0;
    for (const group of this.groups) sum += Number(group.dataset.weight) * Number(this.value(group));
    const total = (sum / 100).toLocaleString(document.documentElement.lang, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    });
    line.textContent = this.complete ? fill(root.dataset.sayTotal, { total }) : "";
  }

  // Score the marked criterion: a digit is a value, ±1 a step.
  press(value) {
    const group = this.groups[this.current];
    const input = this.inputs(group).find((one) => one.value === value);
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

  onward(done) {
    const next = this.groups[this.current + 1];
    if (!next) return done.focus();
    this.mark(this.current + 1);
    const inputs = this.inputs(next);
    (inputs.find((input) => input.checked) ?? inputs[0]).focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

// --- Keeping: on the device at once, on the server soon, each content once --------------------------------------
class Keeper {
  constructor(sheet, watch) {
    this.sheet = sheet;
    this.watch = watch;
    this.key = `firstlight-look-${root.dataset.key}`;
    this.revision = Number(root.dataset.revision);
    this.line = sheet.form.querySelector("[data-state]");
    this.conflict = root.querySelector("[data-conflict]");
    this.dirty = false;
    this.running = null;
    this.failures = 0;
    this.blocked = ""; // why the server would not take it: "not_watched", "stale", …
    sheet.form.addEventListener("input", () => this.changed());
    sheet.form.addEventListener("change", () => this.changed());
    addEventListener("online", () => this.save());
    addEventListener("focus", () => this.dirty && this.save());
    addEventListener("pagehide", () => this.leave());
    root.querySelector("[data-keep-mine]").addEventListener("click", () => this.keepMine());
    root.querySelector("[data-take-other]").addEventListener("click", () => this.takeOther());
    if (this.line.dataset.at) this.say("saved", fill(root.dataset.saySaved, { time: timeOf(this.line.dataset.at) }));
    this.bringBack();
  }

  get content() {
    return { scores: this.sheet.scores, comment: this.sheet.comment };
  }

  payload() {
    return { revision: this.revision, ...this.content, watched: this.watch.whole };
  }

  say(kind, text) {
    this.line.classList.toggle("save-state--saved", kind === "saved");
    this.line.classList.toggle("save-state--failed", kind === "failed");
    this.line.textContent = text;
  }

  // What an earlier visit could not send.
  bringBack() {
    const kept = stored(this.key);
    if (!kept) return;
    if (same(kept, this.content)) return forget(this.key);
    if (kept.revision === this.revision) {
      this.sheet.show(kept);
      this.changed();
    } else {
      const other = { revision: this.revision, ...this.content };
      this.sheet.show(kept);
      this.dispute(root.dataset.sayConflict ?? "", other);
    }
  }

  changed() {
    this.dirty = true;
    this.sheet.total();
    remember(this.key, { revision: this.revision, ...this.content });
    if (this.blocked === "stale") return;
    this.blocked = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  // The film has begun to play: what waited for that is sent.
  watched() {
    if (this.blocked !== "not_watched") return;
    this.blocked = "";
    this.save();
  }

  async save() {
    clearTimeout(this.timer);
    if (!this.dirty || this.blocked) return;
    if (this.running) return this.running;
    this.running = this.attempt().finally(() => (this.running = null));
    await this.running;
    if (this.dirty && !this.blocked && !this.failures) await this.save();
  }

  async attempt() {
    const sent = this.payload();
    this.dirty = false;
    this.say("", root.dataset.saySaving);
    try {
      this.taken(await send(root.dataset.save, sent), sent);
    } catch (error) {
      this.dirty = true;
      this.failed(error);
    }
  }

  taken(answer, sent) {
    this.failures = 0;
    this.revision = answer.revision;
    this.sheet.form.elements.revision.value = answer.revision;
    if (same(sent, this.content)) forget(this.key);
    else remember(this.key, { revision: this.revision, ...this.content });
    this.say("saved", fill(root.dataset.saySaved, { time: timeOf(answer.saved_at ?? Date.now()) }));
  }

  failed(error) {
    if (error instanceof Refusal) {
      this.failures = 0;
      this.blocked = error.answer.error ?? "refused";
      this.say("failed", error.message);
      if (error.answer.fresh) this.dispute(error.message, error.answer.fresh);
      return;
    }
    const out = error instanceof LoggedOut;
    this.say("failed", out ? root.dataset.sayOut : root.dataset.sayKept);
    this.timer = setTimeout(() => this.save(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  // Another tab or device has other scores: both are kept until the judge chooses.
  dispute(text, other) {
    this.blocked = "stale";
    this.dirty = true;
    this.other = other;
    if (other.state && other.state !== "pending") {
      forget(this.key);
      return location.reload();
    }
    if (text) this.conflict.querySelector("[data-conflict-text]").textContent = text;
    this.conflict.hidden = false;
    this.conflict.scrollIntoView({ block: "nearest" });
  }

  settle() {
    this.conflict.hidden = true;
    this.blocked = "";
    this.revision = this.other.revision;
  }

  keepMine() {
    this.settle();
    this.changed();
    this.save();
  }

  takeOther() {
    this.settle();
    this.sheet.show(this.other);
    this.dirty = false;
    forget(this.key);
    this.say("saved", fill(root.dataset.saySaved, { time: timeOf(this.other.saved_at ?? Date.now()) }));
  }

  leave() {
    if (this.dirty && !this.blocked && !this.running) send(root.dataset.save, this.payload(), true).catch(() => {});
  }

  async finish() {
    clearTimeout(this.timer);
    if (!this.sheet.complete) return this.say("failed", root.dataset.sayOpen);
    if (this.running) await this.running;
    if (this.blocked === "stale") return this.conflict.scrollIntoView({ block: "nearest" });
    const sent = this.payload();
    this.say("", root.dataset.saySaving);
    try {
      const answer = await send(root.dataset.finish, sent);
      this.dirty = false;
      forget(this.key);
      location.assign(answer.next);
    } catch (error) {
      this.dirty = true;
      remember(this.key, { revision: this.revision, ...this.content });
      this.failed(error);
    }
  }

  async go(link) {
    if (!link) return;
    if (this.dirty && !this.blocked) await this.save();
    location.assign(link.href);
  }
}

const same = (one, other) => {
  const flat = (state) => JSON.stringify([Object.entries(state.scores).filter(([, value]) => value), state.comment.trim()]);
  return flat(one) === flat(other);
};

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function remember(key, state) {
  try {
    localStorage.setItem(key, JSON.stringify(state));
  } catch {
    // no storage here: the server is then the only place
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

// --- Keys -----------------------------------------------------------------------------------------------------
function play(video) {
  if (video.paused) video.play().catch(() => {});
  else video.pause();
}

function fullScreen() {
  const frame = root.querySelector("[data-frame]");
  if (document.fullscreenElement) document.exitFullscreen();
  else if (frame.requestFullscreen) frame.requestFullscreen().catch(() => {});
  else frame.querySelector("video")?.webkitEnterFullscreen?.();
}

function seek(video, seconds) {
  video.currentTime = Math.min(Math.max(video.currentTime + seconds, 0), video.duration || Infinity);
}

function onKey(event, { video, sheet, keeper }) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  if (document.querySelector("dialog[open]")) return;
  const typing = target.matches("textarea, input:not([type=radio], [type=checkbox]), select");
  if (typing) {
    if (event.key === "Escape") target.blur();
    return;
  }
  const presses = target.matches("button, a, summary");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const writes = sheet?.writable;
  const link = (name) => document.querySelector(`[data-${name}]`);
  const doings = {
    k: () => video && play(video),
    f: () => video && fullScreen(),
    m: () => video && (video.muted = !video.muted),
    ArrowLeft: () => video && seek(video, event.shiftKey ? -1 / 25 : -5),
    ArrowRight: () => video && seek(video, event.shiftKey ? 1 / 25 : 5),
    "?": () => keysDialog.showModal(),
    n: () => {
      if (writes && sheet.begun && (sheet.complete || !link("next"))) keeper.finish();
      else if (keeper) keeper.go(link("next"));
      else if (link("next")) location.assign(link("next").href);
    },
    p: () => {
      if (keeper) keeper.go(link("previous"));
      else if (link("previous")) location.assign(link("previous").href);
    },
  };
  const unchecked = target.matches("input[type=radio]:not(:checked)");
  if (!presses && !unchecked) doings[" "] = doings.k;
  if (writes) {
    for (let digit = 1; digit <= 9; digit += 1) doings[digit] = () => sheet.press(String(digit));
    doings[0] = () => sheet.press("10");
    doings.ArrowUp = () => sheet.step(1);
    doings.ArrowDown = () => sheet.step(-1);
    if (!presses) doings.Enter = () => sheet.onward(sheet.form.querySelector("[data-done]"));
  }
  if (!Object.hasOwn(doings, key)) return;
  event.preventDefault();
  event.stopPropagation();
  doings[key]();
}

function start() {
  const video = root.querySelector("[data-video]");
  const form = root.querySelector("[data-form]");
  const sheet = form && new Sheet(form);
  let keeper = null;
  const watch = new Watch(video, () => keeper?.watched());
  const key = `firstlight-look-${root.dataset.key}`;
  if (sheet?.writable) {
    keeper = new Keeper(sheet, watch);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keeper.finish();
    });
  } else if (stored(key)) {
    if (root.dataset.closed && sheet && !same(stored(key), { scores: sheet.scores, comment: sheet.comment })) {
      const notice = root.querySelector("[data-conflict]");
      notice.querySelector("[data-conflict-text]").textContent = root.dataset.sayLate;
      notice.querySelector(".cluster").hidden = true;
      notice.hidden = false;
    }
    forget(key);
  }
  for (const link of document.querySelectorAll("[data-recuse]")) {
    link.addEventListener("click", (event) => {
      if (!recuseDialog) return;
      event.preventDefault();
      recuseDialog.showModal();
    });
  }
  video?.addEventListener("error", () => {
    const note = root.querySelector("[data-unplayable]");
    note.textContent = root.dataset.sayUnplayable;
    note.hidden = false;
  });
  // Before the player's own keys: space would otherwise count twice.
  document.addEventListener("keydown", (event) => onKey(event, { video, sheet, keeper }), { capture: true });
  // A page taken back from the browser's memory has old scores on it.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

if (root) start();
