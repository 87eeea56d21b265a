// The resumable upload of one file: parts of equal size, three at a time, continued after a pause, a broken line or a
// reload (choose the same file again). The server's list of parts is the truth; nothing is remembered here.

import { Line, Paused, Refusal, sleep } from "./upload-line.js";
import { inSlot } from "./upload-slots.js";

const PARALLEL = 3;
const SIGN_AHEAD = 12;
const SPEED_WINDOW = 12000; // ms
const LONGEST_WAIT = 30000; // ms between two tries
const HEAD_AND_TAIL = 1 << 20; // bytes that are looked at to recognise a file

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

export class Transfer {
  // `create`: the address that begins an upload. `about`: what is said there beside the file, such as its entry.
  constructor(file, { create, about, token, words, tell }) {
    Object.assign(this, { file, create, about, words, tell, line: new Line(words, token) });
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
    const body = { ...this.about, filename: this.file.name, size: this.file.size };
    try {
      body.fingerprint = await fingerprintOf(this.file);
    } catch {
      throw new Refusal("unreadable", this.words.unreadable);
    }
    this.session = await this.persist(() => this.ask(this.create, body));
    this.learn(this.session.parts);
    this.tell({ state: this.done.size ? "continuing" : "sending" });
    try {
      return await this.send();
    } catch (error) {
      if (error.code !== "upload_over" || !(await this.isComplete())) throw error;
      return this.finish(); // another window sent the rest
    }
  }

  async send() {
    for (;;) {
      await this.sendMissing();
      this.tell({ state: "finishing" });
      try {
        return await this.finish();
      } catch (error) {
        if (error.code !== "missing_parts") throw error;
        error.missing.forEach((number) => this.done.delete(number));
      }
    }
  }

  async finish() {
    return (await this.persist(() => this.ask(this.session.complete, {}))).page;
  }

  async isComplete() {
    this.stopper = new AbortController();
    return (await this.ask(this.session.list, null)).state === "complete";
  }

  ask(url, body, signal = this.stopper.signal) {
    return this.line.ask(url, body, signal);
  }

  pause() {
    this.stopper?.abort();
  }

  async discard() {
    this.pause();
    if (this.session) await this.ask(this.session.abort, {}, new AbortController().signal);
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
        if (!(error instanceof Refusal) || !error.again || attempt >= error.most) throw error;
        this.tries = attempt;
        const wait = Math.min(LONGEST_WAIT, 500 * 2 ** Math.min(attempt, 7)) * (0.7 + 0.6 * Math.random());
        const state = error.store && navigator.onLine && attempt > 3 ? "store_away" : "waiting";
        if (attempt > 1) this.tell({ state, seconds: Math.ceil(wait / 1000) });
        await sleep(wait, this.stopper.signal);
      }
    }
  }

  async sendPart(number, waiting) {
    const from = (number - 1) * this.session.part_size;
    const slice = this.file.slice(from, from + this.lengthOf(number));
    try {
      await this.inTurn(async () => this.put(await this.addressOf(number, waiting), slice, number));
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
    const { parts, seconds } = await this.ask(this.session.sign, range);
    const until = Date.now() + seconds * 500;
    parts.forEach((part) => this.addresses.set(part.number, { url: part.url, until }));
    return this.addresses.get(number).url;
  }

  put(url, slice, number) {
    return this.line.put(url, slice, this.stopper.signal, (sent) => {
      this.flying.set(number, sent);
      this.tell({ state: "" });
    });
  }

  async inTurn(action) {
    const { signal } = this.stopper;
    try {
      return await inSlot(signal, action);
    } catch (error) {
      throw error === signal.reason ? new Paused() : error; // it was waiting for its turn
    }
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
