// Matroska and WebM: EBML elements of id, size, content. What describes a film stands before its first pictures.

import { aacSound, shownSize, silentAspect } from "./preflight-codecs.js";
import { Enough } from "./preflight-reader.js";

const SEGMENT = 0x18538067, CLUSTER = 0x1f43b675, INFO = 0x1549a966, TRACKS = 0x1654ae6b, TAGS = 0x1254c367;
const MOST_ELEMENTS = 500;
const LARGEST_PART = 1 << 20;
const MOST_TRACKS = 64;
const CUT = 0.1;

const CODECS = {
  "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "hevc", V_AV1: "av1", V_VP9: "vp9", V_VP8: "vp8",
  V_PRORES: "prores", V_FFV1: "ffv1", V_MPEG2: "mpeg2video", "V_MPEG4/ISO/ASP": "mpeg4", V_MJPEG: "mjpeg",
  "V_MPEGI/ISO/VVC": "vvc", A_OPUS: "opus", A_VORBIS: "vorbis", A_FLAC: "flac", A_AC3: "ac3", A_EAC3: "eac3",
  A_DTS: "dts", A_ALAC: "alac", A_TRUEHD: "truehd", "A_MPEG/L3": "mp3", "A_MPEG/L2": "mp2", A_AAC: "aac",
};
// Where the decoder has no other mind about channels and rate than the container.
const PLAIN = ["vorbis", "flac", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"];

// A number of one to eight bytes and its length; its marker kept or not. -1: of unknown size.
function number(view, at, keep) {
  const first = view.getUint8(at);
  if (!first) throw new Enough();
  const length = Math.clz32(first) - 23;
  let value = keep ? first : first & (0xff >> length);
  let ones = !keep && value === 0xff >> length;
  for (let n = 1; n < length; n += 1) {
    const byte = view.getUint8(at + n);
    ones &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return [ones ? -1 : value, at + length];
}

function* elements(view) {
  let at = 0;
  for (let n = 0; at + 2 <= view.byteLength && n < 5000; n += 1) {
    let id, size;
    [id, at] = number(view, at, true);
    [size, at] = number(view, at, false);
    const stop = size < 0 ? view.byteLength : Math.min(at + size, view.byteLength);
    yield [id, new DataView(view.buffer, view.byteOffset + at, Math.max(0, stop - at))];
    at = size < 0 ? view.byteLength : at + size;
  }
}

// The children by their ids; of those that come several times, the last.
const children = (view) => new Map(elements(view));

function whole(view, otherwise = null) {
  if (!view || view.byteLength > 8) return otherwise;
  let value = 0;
  for (let at = 0; at < view.byteLength; at += 1) value = value * 256 + view.getUint8(at);
  return value;
}

function real(view, otherwise = null) {
  if (view?.byteLength === 4) return view.getFloat32(0);
  return view?.byteLength === 8 ? view.getFloat64(0) : otherwise;
}

const letters = (view) =>
  (view ? String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, 60))) : "")
    .replace(/\0.*$/s, "");

// Fills `facts` as far as it comes; see preflight.js for what they mean.
export async function readMatroska(reader, facts) {
  const parts = new Map();
  let inside = false, promised = reader.size;
  for (let at = 0, n = 0; at + 2 <= reader.size && n < MOST_ELEMENTS; n += 1) {
    const head = await reader.view(at, 12);
    const [id, afterId] = number(head, 0, true);
    const [size, used] = number(head, afterId, false);
    const body = at + used;
    if (size >= 0) promised = Math.max(promised, body + size);
    if (id === SEGMENT && !inside) {
      inside = true;
      at = body;
      continue;
    }
    if (id === CLUSTER || size < 0) break;
    if ([INFO, TRACKS, TAGS].includes(id) && !parts.has(id)) {
      if (size > LARGEST_PART || body + size > reader.size) throw new Enough();
      parts.set(id, await reader.view(body, size));
    }
    at = body + size;
  }
  facts.promised = promised;
  const lacking = 1 - reader.size / promised;
  if (lacking > CUT) facts.lacking = lacking; // less may be an index or attachments that stand last
  if (parts.has(INFO)) {
    const info = children(parts.get(INFO));
    const seconds = (real(info.get(0x4489), 0) * whole(info.get(0x2ad7b1), 1e6)) / 1e9;
    facts.duration = seconds > 0 && seconds < 1e9 ? seconds : null;
  }
  if (parts.has(TRACKS)) tell([...elements(parts.get(TRACKS))], parts.get(TAGS), facts);
}

function tell(all, tags, facts) {
  const tracks = all.filter(([id]) => id === 0xae).slice(0, MOST_TRACKS).map(([, entry]) => children(entry));
  facts.streams = tracks.length || null;
  for (const track of tracks) {
    const video = track.has(0xe0) ? children(track.get(0xe0)) : null;
    const width = whole(video?.get(0xb0), 0), height = whole(video?.get(0xba), 0);
    if (width * height > (facts.width ?? 0) * (facts.height ?? 0)) Object.assign(facts, { width, height });
  }
  const of = (type) => tracks.filter((track) => whole(track.get(0x83)) === type);
  const pictures = of(1), sounds = of(2);
  if (!tracks.length || tracks.some((track) => !track.has(0x83))) return;
  facts.video = pictures.length ? pictureOf(pictures, tags) : "none";
  facts.sound = sounds.length ? soundOf(sounds.find((track) => whole(track.get(0x88), 1)) ?? sounds[0]) : "none";
}

function pictureOf(pictures, tags) {
  const [track] = pictures; // the first is the one that is shown
  const codec = CODECS[letters(track.get(0x86))] ?? "";
  if (pictures.length > 1 && !codec) return {};
  // A declared rate is shown, but it is no proof that the frames keep to it: `constant` stays open.
  const found = { codec, frame_rate: rateOf(whole(track.get(0x23e383))), duration: lengthOf(track, tags) };
  const video = children(track.get(0xe0) ?? new DataView(new ArrayBuffer(0)));
  const width = whole(video.get(0xb0)), height = whole(video.get(0xba));
  const cropped = [0x54aa, 0x54bb, 0x54cc, 0x54dd].some((id) => whole(video.get(id), 0));
  const turn = turnOf(video.get(0x7670));
  if (!width || !height) return found;
  const said = [height * whole(video.get(0x54b0), width), width * whole(video.get(0x54ba), height)];
  const silent = whole(video.get(0x54b2), 0) > 3 || !said[0] || !said[1]; // the shape's unit is "unknown"
  const shape = silent ? safely(() => silentAspect(codec, track.get(0x63a2), width, height)) : said;
  if (!shape || cropped || turn === null) return found;
  found.pixel_aspect = shape;
  [found.width, found.height] = shownSize(width, height, shape, turn);
  return found;
}

// What a damaged head would tell is nothing.
function safely(read) {
  try { return read(); } catch { return null; }
}

// Whether the picture lies on its side; null where it is neither upright nor that, or no plain picture at all.
function turnOf(projection) {
  if (!projection) return false;
  const parts = children(projection);
  const roll = Math.abs(real(parts.get(0x7675), 0));
  if (whole(parts.get(0x7671), 0) !== 0 || roll % 90) return null;
  return roll % 180 === 90;
}

// Nanoseconds that a frame stands. Programs write the mean here when frames vary; so only a usual rate is believed.
function rateOf(nanoseconds) {
  const rate = nanoseconds ? 1e9 / nanoseconds : 0;
  const usual = [rate, rate * 1.001].some((each) => Math.round(each) && Math.abs(each / Math.round(each) - 1) < 0.00005);
  return usual ? rate : null;
}

// The track's own length, which programs leave in a tag: 00:01:02.345000000.
function lengthOf(track, tags) {
  const uid = whole(track.get(0x73c5));
  for (const [id, tag] of tags ? elements(tags) : []) {
    if (id !== 0x7373) continue;
    const targets = children(children(tag).get(0x63c0) ?? new DataView(new ArrayBuffer(0)));
    if (uid === null || whole(targets.get(0x63c5)) !== uid) continue;
    for (const [kind, simple] of elements(tag)) {
      const parts = kind === 0x67c8 ? children(simple) : new Map();
      const clock = letters(parts.get(0x4487)).match(/^(\d+):(\d\d):(\d\d(?:\.\d+)?)/);
      if (letters(parts.get(0x45a3)) === "DURATION" && clock) {
        return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) || null;
      }
    }
  }
  return null;
}

function soundOf(track) {
  const audio = children(track.get(0xe1) ?? new DataView(new ArrayBuffer(0)));
  const name = letters(track.get(0x86)), bits = whole(audio.get(0x6264), 0);
  let codec = CODECS[name] ?? "";
  if (name === "A_PCM/INT/LIT" && [16, 24, 32].includes(bits)) codec = `pcm_s${bits}le`;
  if (name === "A_PCM/FLOAT/IEEE" && bits === 32) codec = "pcm_f32le";
  const channels = whole(audio.get(0x9f), 1), rate = real(audio.get(0xb5), 8000);
  if (codec === "opus") return { codec, channels, sample_rate: 48000 };
  if (PLAIN.includes(codec)) return { codec, channels, sample_rate: rate };
  const own = track.get(0x63a2);
  if (codec !== "aac" || !own || own.byteLength < 2 || own.byteLength > 64) return { codec };
  return { codec, ...aacSound(new Uint8Array(own.buffer, own.byteOffset, own.byteLength)) };
}
