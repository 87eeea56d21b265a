// The sound check: a tone on the left, then one on the right, made here.

import { remember, stored } from "./console-words.js";

const KEY = "firstlight-sound";
const LONG = 0.7; // seconds of each tone

export class SoundCheck {
  constructor(root) {
    this.offer = root.querySelector("[data-sound-offer]");
    this.line = root.querySelector("[data-sound-line]");
    if (!this.offer) return;
    this.offer.hidden = Boolean(stored(KEY, sessionStorage));
    this.offer.querySelector("[data-sound-check]").addEventListener("click", () => this.play());
    this.offer.querySelector("[data-sound-fine]").addEventListener("click", () => {
      remember(KEY, 1, sessionStorage);
      this.offer.hidden = true;
    });
  }

  async play() {
    if (!this.offer || this.running) return;
    this.offer.hidden = false;
    const Context = window.AudioContext;
    if (!Context) {
      this.line.textContent = this.line.dataset.sayNone;
      return;
    }
    this.running = true;
    const sound = new Context();
    await sound.resume();
    for (const [side, says] of [[-1, "sayLeft"], [1, "sayRight"]]) {
      this.line.textContent = this.line.dataset[says];
      this.tone(sound, side);
      await new Promise((done) => setTimeout(done, LONG * 1000 + 250));
    }
    this.line.textContent = "";
    await sound.close();
    remember(KEY, 1, sessionStorage);
    this.running = false;
  }

  tone(sound, side) {
    const now = sound.currentTime;
    const [source, level, place] = [sound.createOscillator(), sound.createGain(), sound.createStereoPanner()];
    source.frequency.value = side < 0 ? 440 : 660;
    place.pan.value = side;
    level.gain.setValueAtTime(0, now);
    level.gain.linearRampToValueAtTime(0.2, now + 0.03);
    level.gain.setValueAtTime(0.2, now + LONG - 0.05);
    level.gain.linearRampToValueAtTime(0, now + LONG);
    source.connect(level).connect(place).connect(sound.destination);
    source.start(now);
    source.stop(now + LONG);
  }
}
