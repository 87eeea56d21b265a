// The player's own controls. The browser's would show the film without the mark over it.

import { clock, fill } from "./console-words.js";

const SVG = "http://www.w3.org/2000/svg";
const SPEEDS = [1, 1.25, 1.5, 2];
const AGAIN = 5000; // ms; a film that breaks off again within them is not tried a third time
const IDLE = 2500; // ms after which a full screen hides its controls

export class Player {
  constructor(frame) {
    this.frame = frame;
    this.video = frame.querySelector("[data-video]");
    const find = (name) => frame.querySelector(`[data-${name}]`);
    Object.assign(this, {
      bar: find("bar"), button: find("play"), time: find("time"), position: find("position"), seen: find("seen"),
      subtitles: find("subtitles"), speed: find("speed"), sound: find("mute"), full: find("full"),
    });
    const { video } = this;
    video.controls = false;
    this.bar.hidden = false;
    frame.classList.add("has-own-controls");
    this.offerSubtitles();
    for (const name of ["play", "pause", "timeupdate", "seeked", "loadedmetadata", "durationchange", "ended"]) {
      video.addEventListener(name, () => this.show());
    }
    video.addEventListener("volumechange", () => this.showSound());
    video.addEventListener("click", () => this.play());
    video.addEventListener("dblclick", () => this.fullScreen());
    video.addEventListener("contextmenu", (event) => event.preventDefault());
    this.button.addEventListener("click", () => this.play());
    this.sound.addEventListener("click", () => this.mute());
    this.full.addEventListener("click", () => this.fullScreen());
    this.position.addEventListener("input", () => this.seekTo(Number(this.position.value)));
    this.subtitles?.addEventListener("change", () => this.showSubtitles(this.subtitles.value));
    this.speed?.addEventListener("change", () => (video.playbackRate = Number(this.speed.value)));
    // Nothing else may make it faster or slower than the round allows.
    video.addEventListener("ratechange", () => {
      const wanted = this.speed ? Number(this.speed.value) : 1;
      if (video.playbackRate !== wanted) video.playbackRate = wanted;
    });
    video.addEventListener("error", () => this.recover());
    for (const name of ["pointermove", "pointerdown", "keydown", "focusin"]) {
      frame.addEventListener(name, () => this.wake());
    }
    document.addEventListener("fullscreenchange", () => this.wake());
    video.addEventListener("resize", () => this.placeMark());
    new ResizeObserver(() => this.placeMark()).observe(video);
    this.show();
  }

  // Over the picture, not over the black around one of another shape.
  placeMark() {
    const { video } = this;
    const { clientWidth: width, clientHeight: height, videoWidth, videoHeight } = video;
    const room = this.frame.querySelector("[data-marked]");
    if (!room || !width || !videoWidth) return;
    const scale = Math.min(width / videoWidth, height / videoHeight);
    const [beside, above] = [(width - videoWidth * scale) / 2, (height - videoHeight * scale) / 2];
    room.style.inset = `${above}px ${beside}px`;
  }

  show() {
    const { video, frame, position } = this;
    const length = video.duration || 0;
    const now = Math.min(video.currentTime, length);
    frame.classList.toggle("is-playing", !video.paused);
    const says = video.paused ? frame.dataset.sayPlay : frame.dataset.sayPause;
    this.button.setAttribute("aria-label", says);
    this.button.title = `${says} (K)`;
    this.time.textContent = length ? `${clock(now)} / ${clock(length)}` : clock(now);
    position.max = String(length || 100);
    position.value = String(now);
    position.setAttribute("aria-valuetext", fill(frame.dataset.sayAt, { time: clock(now), length: clock(length) }));
    if (video.paused) this.wake();
  }

  // Beneath the position: what has been seen, and where notes stand.
  paint(parts, moments, length) {
    if (!length) return;
    const piece = (at, width, name) => {
      const rect = document.createElementNS(SVG, "rect");
      for (const [key, value] of Object.entries({ x: (1000 * at) / length, width, y: 0, height: 6, class: name })) {
        rect.setAttribute(key, value);
      }
      return rect;
    };
    const seen = parts.map(([start, end]) => piece(start, (1000 * (end - start)) / length, "player__part"));
    this.seen.replaceChildren(...seen, ...moments.map((at) => piece(at, 4, "player__dot")));
  }

  play() {
    if (this.video.paused) this.video.play().catch(() => {});
    else this.video.pause();
  }

  seek(seconds) {
    this.seekTo(this.video.currentTime + seconds);
  }

  seekTo(seconds) {
    this.video.currentTime = Math.min(Math.max(seconds, 0), this.video.duration || Infinity);
  }

  mute() {
    this.video.muted = !this.video.muted;
  }

  showSound() {
    this.sound.setAttribute("aria-pressed", String(this.video.muted));
  }

  faster(direction) {
    if (!this.speed) return;
    const at = SPEEDS.indexOf(Number(this.speed.value));
    const next = SPEEDS[at + direction];
    if (!next) return;
    this.speed.value = String(next);
    this.video.playbackRate = next;
  }

  offerSubtitles() {
    if (!this.subtitles) return;
    const tracks = [...this.video.querySelectorAll("track")];
    tracks.forEach((track, place) => this.subtitles.append(new Option(track.label, String(place))));
    this.showSubtitles(String(tracks.findIndex((track) => track.default)));
  }

  showSubtitles(place) {
    [...this.video.textTracks].forEach((track, index) => (track.mode = String(index) === place ? "showing" : "disabled"));
    this.subtitles.value = Number(place) >= 0 ? place : "";
  }

  nextSubtitles() {
    if (!this.subtitles) return;
    const { options, selectedIndex } = this.subtitles;
    this.showSubtitles(options[(selectedIndex + 1) % options.length].value);
  }

  // The frame, so that the mark stays in the picture; where a device shows only films alone (iPhone), the frame fills
  // the window instead.
  fullScreen() {
    const { frame } = this;
    if (document.fullscreenElement) document.exitFullscreen();
    else if (frame.requestFullscreen) frame.requestFullscreen().catch(() => this.fillWindow());
    else this.fillWindow();
  }

  fillWindow() {
    document.body.classList.toggle("is-filled", this.frame.classList.toggle("fills-window"));
  }

  get wide() {
    return document.fullscreenElement === this.frame || this.frame.classList.contains("fills-window");
  }

  wake() {
    this.frame.classList.remove("is-idle");
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (!this.video.paused && !this.frame.matches(":has([data-note-form]:not([hidden]))")) {
        this.frame.classList.add("is-idle");
      }
    }, IDLE);
  }

  // A film that has begun and then breaks off is taken up where it stood, by its own address again: a line was lost, or
  // the address that the browser was sent on to is over. Twice in a short while means that it is no use.
  recover() {
    const { video } = this;
    const at = video.currentTime || this.stood || 0;
    const began = video.readyState > 0 || this.stood !== undefined;
    const now = performance.now();
    if (!began || (this.tried && now - this.tried < AGAIN)) return this.fail();
    const going = !video.paused;
    [this.tried, this.stood] = [now, at];
    video.load();
    video.addEventListener("loadedmetadata", () => {
      video.currentTime = at;
      if (going) video.play().catch(() => {});
    }, { once: true });
  }

  fail() {
    const note = this.frame.querySelector("[data-unplayable]");
    note.textContent = document.querySelector("[data-say-unplayable]")?.dataset.sayUnplayable ?? "";
    note.hidden = false;
  }
}

// While this film plays, the beginning of the next is fetched, so that it starts at once.
let ahead = null; // held here, so that nothing collects it while it loads

export function fetchAhead(video, address) {
  if (!address || !video) return;
  const whenFree = () => {
    const { buffered, duration, currentTime, readyState, networkState } = video;
    const whole = buffered.length && buffered.end(buffered.length - 1) >= duration - 0.5;
    const enough = readyState === HTMLMediaElement.HAVE_ENOUGH_DATA && networkState === HTMLMediaElement.NETWORK_IDLE;
    if (ahead || !(whole || enough || currentTime > duration / 2)) return;
    ahead = document.createElement("video");
    ahead.muted = true;
    ahead.preload = "auto";
    ahead.src = address;
  };
  for (const name of ["progress", "canplaythrough", "timeupdate", "suspend"]) video.addEventListener(name, whenFree);
  whenFree(); // all of that may have happened before this file was here
}
