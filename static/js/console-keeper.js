// Keeping what a judge gives: on the device at once, on the server soon, each content once.

import { LoggedOut, NotTheirs, Refusal, RETRY, send } from "./console-line.js";
import { fill, forget, remember, stored, timeOf } from "./console-words.js";

const SAVE_AFTER = 500; // ms after the last change
const UNSURE = 5; // sends without an answer that are remembered

export function same(one, other) {
  const flat = ({ scores, revision, ...words }) =>
    JSON.stringify([
      Object.entries(scores).filter(([, value]) => value).sort(),
      ["comment", "feedback", "confidence", "stopped", "stop_words"].map((name) => (words[name] ?? "").trim()),
    ]);
  return flat(one) === flat(other);
}

export class Keeper {
  constructor(root, sheet, watch) {
    this.root = root;
    this.sheet = sheet;
    this.watch = watch;
    this.key = `firstlight-look-${root.dataset.key}`;
    this.revision = Number(root.dataset.revision);
    this.line = sheet.form.querySelector("[data-state]");
    this.conflict = root.querySelector("[data-conflict]");
    this.dirty = false;
    this.running = null;
    this.failures = 0;
    this.unsure = []; // what was sent and may have arrived, though no answer came
    this.blocked = ""; // why the server would not take it: "not_watched", "stale", …
    sheet.form.addEventListener("input", () => this.changed());
    sheet.form.addEventListener("change", () => this.changed());
    addEventListener("online", () => this.save());
    addEventListener("focus", () => this.dirty && this.save());
    addEventListener("pagehide", () => this.leave());
    watch.addEventListener("grow", () => this.watched());
    root.querySelector("[data-keep-mine]").addEventListener("click", () => this.keepMine());
    root.querySelector("[data-take-other]").addEventListener("click", () => this.takeOther());
    if (this.line.dataset.at) this.saySaved(this.line.dataset.at);
    this.bringBack();
  }

  payload() {
    return { revision: this.revision, ...this.sheet.content, played: this.watch.claim };
  }

  say(kind, text) {
    this.line.classList.toggle("save-state--saved", kind === "saved");
    this.line.classList.toggle("save-state--failed", kind === "failed");
    this.line.textContent = text;
  }

  saySaved(at) {
    this.say("saved", fill(this.root.dataset.saySaved, { time: timeOf(at) }));
  }

  keepHere() {
    remember(this.key, { revision: this.revision, ...this.sheet.content, unsure: this.unsure });
  }

  // Whether the server has what this device sent itself, so that nobody need choose.
  isOwn(other) {
    return this.unsure.some((one) => same(one, other));
  }

  // What an earlier visit could not send.
  bringBack() {
    const kept = stored(this.key);
    if (!kept) return;
    if (same(kept, this.sheet.content)) return forget(this.key);
    this.unsure = kept.unsure ?? [];
    if (kept.revision === this.revision || this.isOwn(this.sheet.content)) {
      this.sheet.show(kept);
      this.changed();
    } else {
      const other = { revision: this.revision, ...this.sheet.content };
      this.sheet.show(kept);
      this.dispute(this.root.dataset.sayConflict ?? "", other);
    }
  }

  changed() {
    this.dirty = true;
    this.sheet.total();
    this.keepHere();
    if (this.blocked === "stale") return;
    this.blocked = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  // Enough of the film has been played: what waited for that is sent.
  watched() {
    if (this.blocked !== "not_watched" || this.watch.whole < this.watch.least) return;
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
    this.sending();
    try {
      this.taken(await send(this.root.dataset.save, sent), sent);
    } catch (error) {
      this.dirty = true;
      this.failed(error);
    }
  }

  sending() {
    this.unsure = [...this.unsure, this.sheet.content].slice(-UNSURE);
    this.say("", this.root.dataset.saySaving);
  }

  taken(answer, sent) {
    this.failures = 0;
    this.unsure = [];
    this.revision = answer.revision;
    this.sheet.form.elements.revision.value = answer.revision;
    if (same(sent, this.sheet.content)) forget(this.key);
    else this.keepHere();
    this.saySaved(answer.saved_at ?? Date.now());
  }

  failed(error) {
    if (error instanceof Refusal) {
      this.failures = 0;
      this.unsure.pop();
      const fresh = error.answer.fresh;
      if (fresh?.state === "pending" && this.isOwn(fresh)) {
        this.revision = fresh.revision;
        this.timer = setTimeout(() => this.save());
        return;
      }
      this.blocked = error.answer.error ?? "refused";
      this.say("failed", error.message);
      if (this.blocked.startsWith("stop_")) this.sheet.openWhyStopped();
      if (fresh) this.dispute(error.message, fresh);
      return;
    }
    const { sayKept, sayOther, sayOut } = this.root.dataset;
    this.say("failed", error instanceof LoggedOut ? sayOut : error instanceof NotTheirs ? sayOther : sayKept);
    this.timer = setTimeout(() => this.save(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
  }

  // Another tab or device has other scores: both are kept until the judge chooses.
  dispute(text, other) {
    this.blocked = "stale";
    this.dirty = true;
    this.other = other;
    if (other.state && other.state !== "pending") {
      this.keepHere(); // the page that comes tells what was not taken
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
    this.saySaved(this.other.saved_at ?? Date.now());
  }

  leave() {
    if (this.dirty && !this.blocked && !this.running) send(this.root.dataset.save, this.payload(), true).catch(() => {});
  }

  async finish() {
    clearTimeout(this.timer);
    if (!this.sheet.complete) return this.say("failed", this.root.dataset.sayOpen);
    if (this.running) await this.running;
    if (this.blocked === "stale") return this.conflict.scrollIntoView({ block: "nearest" });
    const sent = this.payload();
    this.sending();
    try {
      const answer = await send(this.root.dataset.finish, sent);
      this.dirty = false;
      forget(this.key);
      location.assign(answer.next);
    } catch (error) {
      this.dirty = true;
      this.keepHere();
      this.failed(error);
    }
  }

  async go(link) {
    if (!link) return;
    if (this.dirty && !this.blocked) await this.save();
    location.assign(link.href);
  }
}
