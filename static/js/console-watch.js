// What was really watched: parts of the film that passed while it was playing, not what was skipped. A part played
// again counts once. The server holds the claim against its clock, so everything is sent each time.

import { send } from "./console-line.js";
import { clock, fill } from "./console-words.js";

const EVERY = 5000; // ms between reports
const SEAM = 0.3; // seconds between two parts that are one
const round = (number) => Math.round(number * 10) / 10;

export function merge(parts) {
  const merged = [];
  for (const [start, end] of [...parts].sort((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1] + SEAM) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

export class Watch extends EventTarget {
  constructor(root, video) {
    super();
    this.root = root;
    this.video = video;
    this.parts = merge(JSON.parse(root.dataset.played || "[]"));
    this.length = Number(root.dataset.seconds) || 0;
    this.least = Number(root.dataset.least) || 1;
    this.line = root.querySelector("[data-coverage]");
    this.reported = this.seconds;
    this.known = this.seconds;
    this.last = null;
    this.part = null;
    if (!video) return;
    video.addEventListener("timeupdate", () => this.tick());
    for (const name of ["play", "seeking", "seeked", "pause", "ratechange"]) {
      video.addEventListener(name, () => this.mark());
    }
    for (const name of ["pause", "ended"]) video.addEventListener(name, () => this.report());
    setInterval(() => this.report(), EVERY);
    addEventListener("online", () => this.report());
    addEventListener("pagehide", () => this.report(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.report(true));
  }

  get seconds() {
    return this.parts.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  get whole() {
    return Math.floor(this.seconds);
  }

  // Per cent of the film; 100 where its length is not known.
  get share() {
    return this.length ? Math.min(100, (100 * this.whole) / this.length) : 100;
  }

  get claim() {
    return this.parts.map(([start, end]) => [round(start), round(end)]);
  }

  mark() {
    const { video } = this;
    this.last = video.paused || video.seeking ? null : { media: video.currentTime, wall: performance.now() };
  }

  tick() {
    const { video, last } = this;
    if (last && !video.seeking) {
      const played = video.currentTime - last.media;
      const passed = ((performance.now() - last.wall) / 1000) * video.playbackRate;
      if (played > 0 && played < passed + 0.5) this.add(last.media, video.currentTime);
    }
    this.mark();
  }

  add(start, end) {
    this.parts = merge([...this.parts, [start, end]]);
    this.show();
    this.dispatchEvent(new CustomEvent("grow", { detail: end - start }));
  }

  show() {
    const field = this.root.querySelector("[data-played-field]"); // of a form that is sent by its buttons
    if (field) field.value = JSON.stringify(this.claim);
    const length = this.length || this.video.duration || 0;
    if (this.line) {
      const time = clock(Math.min(this.whole, length));
      this.line.textContent = fill(this.root.dataset.sayWatched, { time, length: clock(length) });
    }
  }

  async report(keepalive = false) {
    if (!this.root.dataset.count || this.root.dataset.closed || this.seconds - this.reported < 0.5) return;
    const before = this.reported;
    this.reported = this.seconds;
    try {
      this.known = (await send(this.root.dataset.count, { played: this.claim }, keepalive)).watched;
      // What the server's clock did not allow yet is claimed again with the next report.
      if (this.known < this.whole - 1) this.reported = this.known;
    } catch {
      this.reported = before;
    }
  }
}
