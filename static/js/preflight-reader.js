// Reads pieces of a file, with bounds: a hostile file costs no more than an honest one.

const BLOCK = 32 << 10; // bytes read at once where small pieces lie close together
const MOST_BYTES = 4 << 20; // of one file
const MOST_READS = 3000;
const MOST_TIME = 1500; // ms
const KEPT_BLOCKS = 16;

// More would have to be read than is worth it, or the file makes no sense. What was read until then stands.
export class Enough extends Error {}

export class Reader {
  constructor(file) {
    this.file = file;
    this.size = file.size;
    this.blocks = new Map(); // where a block begins → its bytes
    this.bytes = 0;
    this.reads = 0;
    this.until = performance.now() + MOST_TIME;
  }

  // At most `length` bytes from `at` on; fewer where the file ends. `alone`: nothing near will be asked for.
  async view(at, length, { alone = false } = {}) {
    const from = Math.min(at, this.size);
    const to = Math.min(from + length, this.size);
    if (alone || to - from > BLOCK) return new DataView(await this.slice(from, to));
    const start = from - (from % BLOCK);
    const first = await this.block(start);
    if (to <= start + BLOCK) return new DataView(first, from - start, to - from);
    const joined = new Uint8Array(to - from);
    joined.set(new Uint8Array(first, from - start));
    joined.set(new Uint8Array(await this.block(start + BLOCK), 0, to - start - BLOCK), start + BLOCK - from);
    return new DataView(joined.buffer);
  }

  async block(start) {
    if (!this.blocks.has(start)) {
      const bytes = await this.slice(start, Math.min(start + BLOCK, this.size));
      if (this.blocks.size >= KEPT_BLOCKS) this.blocks.delete(this.blocks.keys().next().value);
      this.blocks.set(start, bytes);
    }
    return this.blocks.get(start);
  }

  async slice(from, to) {
    this.bytes += to - from;
    this.reads += 1;
    if (this.bytes > MOST_BYTES || this.reads > MOST_READS || performance.now() > this.until) throw new Enough();
    return this.file.slice(from, to).arrayBuffer();
  }
}

// Four letters, as boxes and codecs are called.
export const fourLetters = (view, at) =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

// Numbers of any width, the highest bit first.
export class Bits {
  constructor(bytes) {
    this.all = bytes;
    this.at = 0;
  }

  take(count) {
    let value = 0;
    for (let n = 0; n < count; n += 1, this.at += 1) {
      if (this.at >> 3 >= this.all.length) throw new Enough();
      value = value * 2 + ((this.all[this.at >> 3] >> (7 - (this.at & 7))) & 1);
    }
    return value;
  }

  // Exp-Golomb codes, as the headers of H.264 use them.
  unsigned() {
    let zeros = 0;
    while (!this.take(1)) if ((zeros += 1) > 31) throw new Enough();
    return 2 ** zeros - 1 + this.take(zeros);
  }

  signed() {
    const value = this.unsigned();
    return value % 2 ? (value + 1) / 2 : -value / 2;
  }
}

const AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

// The sound that a decoder makes of AAC with this configuration. Below 24 kHz it may be doubled without a word, and a
// single channel may turn out to be two; so neither is told.
export function aacSound(config) {
  const bits = new Bits(config);
  const object = () => { const kind = bits.take(5); return kind === 31 ? 32 + bits.take(6) : kind; };
  const rateOf = () => { const index = bits.take(4); return index === 15 ? bits.take(24) : AAC_RATES[index] ?? null; };
  const kind = object();
  let rate = rateOf();
  const layout = bits.take(4);
  const channels = [null, 1, 2, 3, 4, 5, 6, 8][layout] ?? null;
  if (kind === 5 || kind === 29) {
    rate = rateOf();
    return { channels: kind === 29 && channels === 1 ? 2 : channels, sample_rate: rate };
  }
  if (kind !== 2) return { channels: null, sample_rate: null };
  return { channels: rate > 24000 || channels > 1 ? channels : null, sample_rate: rate >= 44100 ? rate : null };
}

export const total = (rows, part) => rows.reduce((sum, row) => sum + part(row), 0);

// The frame rate of frames that stand for `runs` of [count, ticks] at `scale` ticks a second. `rate` is null where the
// film is too short or too uneven to tell; `constant` is null where it is neither clearly so nor clearly not.
export function paceOf(runs, scale) {
  const steps = runs.map((run) => [...run]); // how long the last frame stands tells nothing of the pace
  if (steps.length && total(steps, ([count]) => count) > 1) steps[steps.length - 1][0] -= 1;
  const sorted = steps.filter(([count]) => count > 0).sort((one, other) => one[1] - other[1]);
  const frames = total(sorted, ([count]) => count);
  const ticks = total(sorted, ([count, step]) => count * step);
  const unknown = { rate: null, constant: null };
  if (!frames || !ticks || !scale) return unknown;
  const rate = (frames * scale) / ticks;
  const least = sorted[0][1] / scale, most = sorted[sorted.length - 1][1] / scale;
  if (most === least) return { rate, constant: true };
  let half = frames / 2, usual = most;
  for (const [count, step] of sorted) {
    half -= count;
    if (half <= 0) { usual = step / scale; break; }
  }
  const odd = ([count, step]) => (Math.abs(step / scale - usual) > Math.max(usual / 4, 0.003) ? count : 0);
  // A clock of whole milliseconds: steps of 41 and 42; told once the film is long enough for a sure mean.
  if (most - least <= 0.0021) return ticks / scale > 12 ? { rate, constant: true } : unknown;
  if (total(sorted, odd) / frames > 0.02) return { rate, constant: false };
  return unknown;
}

// The size as a player shows it: pixel aspect applied, turned where it is turned. Halves are rounded to even.
export function shownSize(width, height, [wide, high], turned) {
  const round = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));
  const size = wide > high ? [round((width * wide) / high), height] : [width, round((height * high) / wide)];
  return turned ? size.reverse() : size;
}
