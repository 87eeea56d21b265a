// What the heads of codecs tell, and what follows from a few numbers. Knows no container.

import { Enough } from "./preflight-reader.js";

// Numbers of any width, the highest bit first.
class Bits {
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

// The size as a player shows it: pixel aspect applied, turned where it is turned. Halves are rounded to even.
export function shownSize(width, height, [wide, high], turned) {
  const round = (value) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));
  const size = wide > high ? [round((width * wide) / high), height] : [width, round((height * high) / wide)];
  return turned ? size.reverse() : size;
}

// Without a word in the container these are square; others may say otherwise inside.
const SQUARE_IF_SILENT = ["av1", "vp9", "vp8", "prores"];

// The pixels' shape where the container does not say it: from the picture's own head; null where that is not read here.
export function silentAspect(codec, config, width, height) {
  if (SQUARE_IF_SILENT.includes(codec)) return [1, 1];
  if (!config) return null;
  const read = { h264: h264Shape, hevc: hevcShape }[codec]?.(config);
  return read && read.width === width && read.height === height ? read.aspect : null;
}

// A piece of a head as bits, without the bytes that keep start codes out of it.
function unstuffed(config, at, size) {
  const bytes = new Uint8Array(config.buffer, config.byteOffset + at, size);
  return new Bits(bytes.filter((byte, n) => !(byte === 3 && n > 1 && !bytes[n - 1] && !bytes[n - 2])));
}

// The pixels' shape as it stands in the usability information of H.264 and HEVC.
function shapeIn(bits) {
  if (!bits.take(1) || !bits.take(1)) return [1, 1];
  const index = bits.take(8);
  const own = index === 255 ? [bits.take(16), bits.take(16)] : ASPECTS[index];
  return own && own[0] && own[1] ? own : [1, 1];
}

const ASPECTS = [
  [1, 1], [1, 1], [12, 11], [10, 11], [16, 11], [40, 33], [24, 11], [20, 11], [32, 11], [80, 33], [18, 11], [15, 11],
  [64, 33], [160, 99], [4, 3], [3, 2], [2, 1],
];
const H264_HIGH = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

// Rec. ITU-T H.264, 7.3.2.1.1 and E.1.1: the sequence's head, up to the pixels' shape.
function h264Shape(config) {
  const bits = unstuffed(config, 9, config.getUint16(6) - 1);
  const profile = bits.take(8);
  bits.take(16);
  bits.unsigned();
  let chroma = 1;
  if (H264_HIGH.includes(profile)) {
    chroma = bits.unsigned();
    if (chroma === 3) bits.take(1);
    bits.unsigned();
    bits.unsigned();
    bits.take(1);
    if (bits.take(1)) return null; // scaling lists
  }
  bits.unsigned();
  const order = bits.unsigned();
  if (order === 0) bits.unsigned();
  if (order === 1) return null;
  bits.unsigned();
  bits.take(1);
  let width = 16 * (bits.unsigned() + 1), height = 16 * (bits.unsigned() + 1);
  const frames = bits.take(1);
  if (!frames) { height *= 2; bits.take(1); }
  bits.take(1);
  if (bits.take(1)) {
    const across = chroma === 1 || chroma === 2 ? 2 : 1, down = (chroma === 1 ? 2 : 1) * (2 - frames);
    width -= across * (bits.unsigned() + bits.unsigned());
    height -= down * (bits.unsigned() + bits.unsigned());
  }
  return { width, height, aspect: shapeIn(bits) };
}

// Rec. ITU-T H.265, 7.3.2.2 and E.2.1. The heads stand in lists by their kind; 33 is the sequence's.
function hevcShape(config) {
  for (let at = 23, lists = config.getUint8(22); lists > 0; lists -= 1) {
    const kind = config.getUint8(at) & 63, size = config.getUint16(at + 3);
    if (kind === 33) return hevcSequence(unstuffed(config, at + 7, size - 2));
    let rest = config.getUint16(at + 1);
    for (at += 3; rest > 0; rest -= 1) at += 2 + config.getUint16(at);
  }
  return null;
}

function hevcSequence(bits) {
  bits.take(4);
  const layers = bits.take(3);
  bits.take(1 + 96);
  if (layers) return null;
  bits.unsigned();
  const chroma = bits.unsigned();
  if (chroma === 3) bits.take(1);
  let width = bits.unsigned(), height = bits.unsigned();
  if (bits.take(1)) {
    width -= (chroma === 1 || chroma === 2 ? 2 : 1) * (bits.unsigned() + bits.unsigned());
    height -= (chroma === 1 ? 2 : 1) * (bits.unsigned() + bits.unsigned());
  }
  bits.unsigned();
  bits.unsigned();
  const order = bits.unsigned() + 4;
  bits.take(1);
  for (let n = 0; n < 9; n += 1) bits.unsigned(); // three of buffering (there is one layer), six of blocks
  if (bits.take(1)) return null; // scaling lists
  bits.take(2);
  if (bits.take(1)) { bits.take(8); bits.unsigned(); bits.unsigned(); bits.take(1); }
  if (!referenceSets(bits)) return null;
  if (bits.take(1)) for (let n = bits.unsigned(); n > 0; n -= 1) bits.take(order + 1);
  bits.take(2);
  return { width, height, aspect: shapeIn(bits) };
}

// 7.3.7: which earlier pictures a picture leans on. Read only to come to what stands behind; not where one set is
// written as what differs from another.
function referenceSets(bits) {
  const sets = bits.unsigned();
  for (let n = 0; n < sets; n += 1) {
    if (n && bits.take(1)) return false;
    for (let pictures = bits.unsigned() + bits.unsigned(); pictures > 0; pictures -= 1) {
      bits.unsigned();
      bits.take(1);
    }
  }
  return true;
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
