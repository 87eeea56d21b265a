// The look at a film before its upload: a few hundred kilobytes of its head and tail are read here, and the server says
// what the rulebook finds in that. Whatever goes wrong on the way, the upload goes on as without it.

import { readMatroska } from "./preflight-mkv.js";
import { readMp4 } from "./preflight-mp4.js";
import { Reader } from "./preflight-reader.js";

const HEAD = 4096; // bytes that tell the type
const PATIENCE = 4000; // ms for the server's answer
const BOXES = ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"];

// What the file says of itself, by the names of `read_seen` in submissions/inspection/preflight.py. What could not be
// read is null or missing. Never throws.
export async function examine(file) {
  const facts = { size: file.size, head: "", streams: null, width: null, height: null, frames: null, duration: null };
  try {
    const reader = new Reader(file);
    const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
    facts.head = btoa(String.fromCharCode(...head));
    const kind = String.fromCharCode(...head.subarray(4, 8));
    if (BOXES.includes(kind)) await readMp4(reader, facts);
    else if (head[0] === 0x1a && head[1] === 0x45 && head[2] === 0xdf && head[3] === 0xa3) {
      await readMatroska(reader, facts);
    }
  } catch { /* what was read until then stands */ }
  return facts;
}

export class Preflight {
  constructor(element, words, token) {
    Object.assign(this, { element, words, token });
    this.part = (name) => element.querySelector(`[data-part="${name}"]`);
  }

  // Whether the film is to be uploaded: true at once where there is nothing to say, else what the entrant decides.
  async passes(file) {
    this.part("preflight").replaceChildren();
    this.part("decision").hidden = true;
    const begun = [...this.element.querySelectorAll("[data-unfinished]")];
    if (begun.some((form) => Number(form.dataset.unfinished) === file.size)) return true; // it was looked at then
    this.say(this.words.looking);
    const answer = await this.ask({ filename: file.name, ...await examine(file) }).catch(() => null);
    if (!answer) {
      this.say("");
      return true;
    }
    this.part("preflight").innerHTML = answer.html;
    this.say(answer.clean ? "" : this.words.looked);
    return answer.clean || this.decide(answer);
  }

  async ask(facts) {
    const response = await fetch(this.element.dataset.preflight, {
      method: "POST",
      signal: AbortSignal.timeout(PATIENCE),
      body: JSON.stringify({ entry: this.element.dataset.entry, ...facts }),
      headers: {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-CSRFToken": this.token(),
      },
    });
    return response.ok ? response.json() : null;
  }

  decide({ taken, grave }) {
    const anyway = this.part("anyway"), other = this.part("other");
    anyway.hidden = !taken;
    anyway.classList.toggle("button--primary", !grave);
    other.classList.toggle("button--primary", grave);
    this.part("decision").hidden = false;
    this.part("preflight").querySelector("h3").focus();
    return new Promise((resolve) => {
      const choose = (goes) => {
        anyway.onclick = other.onclick = null;
        this.part("decision").hidden = true;
        this.say("");
        if (!goes) this.part("preflight").replaceChildren();
        resolve(goes);
      };
      anyway.onclick = () => choose(true);
      other.onclick = () => choose(false);
    });
  }

  say(sentence) {
    this.part("looking").textContent = sentence;
  }
}
