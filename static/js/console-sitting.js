// One sitting: how much film since the last pause. A break is suggested between films, never during one.

import { clock, fill, remember, stored } from "./console-words.js";

const PAUSE = 10 * 60 * 1000; // ms without film that count as a break

export class Sitting {
  constructor(root, watch) {
    const [seconds, films] = (root.dataset.sitting || "3000 12").split(" ").map(Number);
    this.key = `firstlight-sitting-${root.dataset.judge}`; // one browser may serve several judges
    const now = stored(this.key);
    this.state = now && Date.now() - now.last < PAUSE ? now : { seconds: 0, films: [], last: Date.now() };
    this.notice = root.querySelector("[data-break]");
    watch.addEventListener("grow", (event) => this.add(event.detail, root.dataset.key));
    if (!this.notice) return;
    if (this.state.seconds >= seconds || this.state.films.length >= films) {
      const text = this.notice.querySelector("[data-break-text]");
      text.textContent = fill(text.dataset.say, { time: clock(this.state.seconds) });
      this.notice.hidden = false;
    }
    this.notice.querySelector("[data-break-over]").addEventListener("click", () => {
      this.state = { seconds: 0, films: [], last: Date.now() };
      remember(this.key, this.state);
      this.notice.hidden = true;
    });
  }

  add(seconds, film) {
    this.state.seconds += seconds;
    this.state.last = Date.now();
    if (!this.state.films.includes(film)) this.state.films.push(film);
    remember(this.key, this.state);
  }
}
