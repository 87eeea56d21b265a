// MP4 and MOV: boxes of size, kind, content. The index may stand anywhere; a fragmented film has many small ones.

import { aacSound, paceOf, shownSize, silentAspect, total } from "./preflight-codecs.js";
import { Enough, fourLetters } from "./preflight-reader.js";

const MOST_BOXES = 5000;
const MOST_TRACKS = 64;
const MOST_RUNS = 65536; // entries of a table of frame lengths
const LARGEST_PART = 64 << 10; // a description or the head of a fragment

const PICTURES = {
  avc1: "h264", avc3: "h264", dva1: "h264", dvav: "h264", hvc1: "hevc", hev1: "hevc", dvh1: "hevc", dvhe: "hevc",
  av01: "av1", vp09: "vp9", vp08: "vp8", apch: "prores", apcn: "prores", apcs: "prores", apco: "prores",
  ap4h: "prores", ap4x: "prores", AVdn: "dnxhd", AVdh: "dnxhd", vvc1: "vvc", vvi1: "vvc", FFV1: "ffv1",
};
const COUNTED = [...Object.keys(PICTURES), "mp4v"];
const OBJECTS = { 0x20: "mpeg4", 0x60: "mpeg2video", 0x61: "mpeg2video", 0x62: "mpeg2video" };
const AAC = [0x40, 0x66, 0x67, 0x68];

async function* boxes(reader, from, to, count, alone = false) {
  for (let at = from; at + 8 <= to;) {
    if ((count.boxes += 1) > MOST_BOXES) throw new Enough();
    const head = await reader.view(at, 16, { alone });
    let size = head.getUint32(0), skip = 8;
    if (size === 1) { size = Number(head.getBigUint64(8)); skip = 16; }
    else if (size === 0) size = to - at;
    if (size < skip) throw new Enough();
    yield { kind: fourLetters(head, 4), at, body: at + skip, end: at + size, stop: Math.min(at + size, to) };
    at += size;
  }
}

// Boxes within a piece that is in memory already: kind and content.
function* inner(view, from = 0) {
  for (let at = from; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at) || view.byteLength - at;
    if (size < 8) return;
    const stop = Math.min(at + size, view.byteLength);
    yield [fourLetters(view, at + 4), new DataView(view.buffer, view.byteOffset + at + 8, stop - at - 8)];
    at += size;
  }
}

const bytesOf = (view, from = 0) => new Uint8Array(view.buffer, view.byteOffset + from, view.byteLength - from);

// Fills `facts` as far as it comes; see preflight.js for what they mean.
export async function readMp4(reader, facts) {
  const count = { boxes: 0 };
  const fragments = [];
  let index = null, pictures = null, last = null, indexes = 0, whole = false, promised = reader.size, brand = "";
  try {
    for await (const box of boxes(reader, 0, reader.size, count, true)) {
      promised = Math.max(promised, box.end);
      last = box;
      if (box.kind === "ftyp") brand = fourLetters(await reader.view(box.body, 4), 0);
      if (box.kind === "moov") { index ??= box; indexes += 1; }
      if (box.kind === "moof") fragments.push(box);
      if (box.kind === "moof" || box.kind === "mdat") pictures ??= box;
    }
    whole = true;
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  if (whole) facts.promised = promised;
  if (whole && !index) facts.indexed = false;
  if (index && pictures) facts.fast_start = index.at < pictures.at;
  if (indexes !== 1 || index.end > reader.size) return;
  const film = await readIndex(reader, index, count, brand);
  if (!film) return;
  if (fragments.length) {
    const lengths = whole ? await readFragments(reader, fragments, film).catch(() => null) : null;
    for (const track of film.tracks) track.runs = lengths?.get(track.id) ?? null;
  }
  tell(film, facts, fragments.length > 0);
  const shown = film.tracks.find((track) => track.kind === "vide");
  if (!(facts.promised > reader.size) || !shown) return;
  facts.lacking = fragments.length ? lackingPart(shown, last, reader.size) : await lackingChunks(reader, shown);
}

// The share of a track whose chunks begin beyond the file's end; their places ascend.
async function lackingChunks(reader, { chunks }) {
  if (!chunks?.rows) return null;
  const place = async (row) => {
    const view = await reader.view(chunks.at + row * chunks.width, chunks.width);
    return chunks.width === 8 ? Number(view.getBigUint64(0)) : view.getUint32(0);
  };
  let low = 0, high = chunks.rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await place(middle)) < reader.size) low = middle + 1;
    else high = middle;
  }
  return 1 - low / chunks.rows;
}

// The same of a film in fragments, of which the last is cut: by the bytes that it lacks.
function lackingPart({ runs, latest }, last, size) {
  if (last?.kind !== "mdat" || last.end <= size || !runs || !latest) return null;
  return ((last.end - size) / (last.end - last.body)) * (latest / total(runs, ([count]) => count));
}

async function readIndex(reader, index, count, brand) {
  const film = { scale: 0, length: 0, turned: false, tracks: [], usual: new Map(), brand };
  for await (const box of boxes(reader, index.body, index.stop, count)) {
    if (box.kind === "cmov") return null; // a packed index
    if (box.kind === "mvhd") {
      const view = await reader.view(box.body, 108);
      const long = view.getUint8(0) === 1;
      film.scale = view.getUint32(long ? 20 : 12);
      film.length = long ? Number(view.getBigUint64(24)) : view.getUint32(16);
      film.turned = turnOf(view, long ? 48 : 36) !== 0; // the whole film turned: beyond us
    } else if (box.kind === "trak") {
      if (film.tracks.length >= MOST_TRACKS) throw new Enough();
      const track = { id: 0, kind: "", edits: [], runs: [], descriptions: [] };
      await readTrack(reader, box, track, count, film, 0);
      film.tracks.push(track);
    } else if (box.kind === "mvex") {
      for await (const part of boxes(reader, box.body, box.stop, count)) {
        if (part.kind !== "trex") continue;
        const view = await reader.view(part.body, 24);
        film.usual.set(view.getUint32(4), view.getUint32(12));
      }
    }
  }
  return film;
}

// 0: upright or upside down; 1: on its side; null: slanted, mirrored in parts or scaled.
function turnOf(view, at) {
  const [a, b, , c, d] = [0, 4, 8, 12, 16].map((step) => view.getInt32(at + step) / 65536);
  const near = (value, wanted) => Math.abs(Math.abs(value) - wanted) < 0.01;
  if (near(a, 1) && near(d, 1) && near(b, 0) && near(c, 0)) return 0;
  return near(a, 0) && near(d, 0) && near(b, 1) && near(c, 1) ? 1 : null;
}

async function readTrack(reader, parent, track, count, film, depth) {
  if (depth > 6) throw new Enough();
  for await (const box of boxes(reader, parent.body, parent.stop, count)) {
    const length = Math.min(box.stop - box.body, LARGEST_PART);
    const view = (most) => reader.view(box.body, Math.min(length, most));
    if (["mdia", "minf", "stbl", "edts"].includes(box.kind)) {
      await readTrack(reader, box, track, count, film, depth + 1);
    } else if (box.kind === "tkhd") {
      const head = await view(96);
      const long = head.getUint8(0) === 1;
      track.enabled = (head.getUint8(3) & 1) === 1;
      track.id = head.getUint32(long ? 20 : 12);
      track.turn = turnOf(head, long ? 52 : 40);
      track.size = [head.getUint16(long ? 88 : 76), head.getUint16(long ? 92 : 80)];
    } else if (box.kind === "elst") {
      const list = await view(LARGEST_PART);
      const long = list.getUint8(0) === 1;
      for (let n = 0; n < Math.min(list.getUint32(4), 32); n += 1) {
        const at = 8 + n * (long ? 20 : 12);
        track.edits.push(long ? [Number(list.getBigUint64(at)), Number(list.getBigInt64(at + 8)), list.getInt32(at + 16)]
          : [list.getUint32(at), list.getInt32(at + 4), list.getInt32(at + 8)]);
      }
    } else if (box.kind === "mdhd") {
      const head = await view(36);
      track.scale = head.getUint32(head.getUint8(0) === 1 ? 20 : 12);
    } else if (box.kind === "hdlr" && !track.kind) {
      track.kind = fourLetters(await view(12), 8);
    } else if (box.kind === "stsd") {
      const list = await view(LARGEST_PART);
      for (const [kind, entry] of inner(list, 8)) track.descriptions.push({ kind, entry, version: list.getUint8(0) });
    } else if (box.kind === "stco" || box.kind === "co64") {
      const width = box.kind === "co64" ? 8 : 4;
      const rows = (await view(8)).getUint32(4);
      if (rows * width + 8 <= box.stop - box.body) track.chunks = { at: box.body + 8, rows, width };
    } else if (box.kind === "stts") {
      track.runs = await readRuns(reader, box);
    }
  }
}

// The table of frame lengths: [count, ticks]; null when it is longer than worth reading.
async function readRuns(reader, box) {
  const rows = (await reader.view(box.body, 8)).getUint32(4);
  if (rows > MOST_RUNS || rows * 8 + 8 > box.stop - box.body) return null;
  const table = await reader.view(box.body + 8, rows * 8);
  return Array.from({ length: rows }, (_none, n) => [table.getUint32(n * 8), table.getUint32(n * 8 + 4)]);
}

// The same of a film in fragments, by track.
async function readFragments(reader, fragments, film) {
  const all = new Map(film.tracks.map((track) => [track.id, []]));
  for (const fragment of fragments) {
    const length = fragment.stop - fragment.body;
    if (length > LARGEST_PART) throw new Enough();
    const head = await reader.view(fragment.body, length, { alone: true });
    const before = new Map(film.tracks.map(({ id }) => [id, total(all.get(id), ([count]) => count)]));
    for (const [kind, part] of inner(head)) if (kind === "traf") readFragment(part, all, film);
    if (fragment !== fragments[fragments.length - 1]) continue;
    for (const track of film.tracks) track.latest = total(all.get(track.id), ([count]) => count) - before.get(track.id);
  }
  return all;
}

function readFragment(part, all, film) {
  let runs = null, usual = 0;
  for (const [kind, view] of inner(part)) {
    const flags = view.byteLength >= 8 ? view.getUint32(0) & 0xffffff : 0;
    if (kind === "tfhd") {
      const id = view.getUint32(4);
      runs = all.get(id);
      const at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
      usual = flags & 8 ? view.getUint32(at) : film.usual.get(id) ?? 0;
    } else if (kind === "trun" && runs) {
      const samples = view.getUint32(4);
      const step = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
      if (!(flags & 0x100)) runs.push([samples, usual]);
      else {
        const first = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
        if (first + samples * step > view.byteLength) throw new Enough();
        for (let n = 0; n < samples; n += 1) {
          const ticks = view.getUint32(first + n * step);
          if (runs.length && runs[runs.length - 1][1] === ticks) runs[runs.length - 1][0] += 1;
          else runs.push([1, ticks]);
        }
      }
      if (runs.length > MOST_RUNS) throw new Enough();
    }
  }
}

function tell(film, facts, fragmented) {
  const { tracks, scale, length } = film;
  if (!tracks.length || tracks.some((track) => !track.kind)) return;
  facts.streams = tracks.length;
  facts.duration = scale && length ? length / scale : null;
  const known = tracks.filter((track) => track.kind === "vide" && COUNTED.includes(track.descriptions[0]?.kind));
  const counts = fragmented ? [] : known.filter((track) => track.runs);
  facts.frames = Math.max(0, ...counts.map((track) => total(track.runs, ([count]) => count))) || null;
  const sizes = [
    ...tracks.filter((track) => track.size).map((track) => track.size),
    ...known.flatMap(({ descriptions }) => descriptions.filter(({ entry }) => entry.byteLength >= 28)
      .map(({ entry }) => [entry.getUint16(24), entry.getUint16(26)])),
  ];
  for (const [width, height] of sizes) {
    if (width * height > (facts.width ?? 0) * (facts.height ?? 0)) Object.assign(facts, { width, height });
  }
  const pictures = tracks.filter((track) => track.kind === "vide");
  facts.video = pictures.length ? pictureOf(pictures, film) : "none";
  const sounds = tracks.filter((track) => track.kind === "soun");
  const sound = sounds.find((track) => track.enabled) ?? sounds[0];
  facts.sound = sounds.length ? safely(() => soundOf(sound.descriptions, film.brand)) : "none";
}

// What a damaged description would tell is nothing.
function safely(read) {
  try { return read(); } catch { return {}; }
}

function pictureOf(pictures, film) {
  const [track] = pictures; // the first is the one that is shown
  const { kind, entry } = track.descriptions[0] ?? {};
  if (!entry || (pictures.length > 1 && !PICTURES[kind])) return {};
  const found = { codec: PICTURES[kind] ?? "" };
  const parts = new Map(safely(() => [...inner(entry, 78)]));
  if (kind === "mp4v" && parts.has("esds")) found.codec = safely(() => OBJECTS[objectOf(parts.get("esds")).type]) ?? "";
  const steady = !isTrimmed(track, film);
  if (track.runs && track.scale) {
    const pace = paceOf(track.runs, track.scale);
    found.frame_rate = pace.rate;
    found.constant = pace.constant || steady ? pace.constant : null;
    if (steady) found.duration = total(track.runs, ([count, ticks]) => count * ticks) / track.scale || null;
  }
  const width = entry.getUint16(24), height = entry.getUint16(26);
  const aspect = safely(() => aspectOf(found.codec, parts, track, width, height));
  if (!Array.isArray(aspect) || !width || !height || film.turned || track.descriptions.length !== 1) return found;
  found.pixel_aspect = aspect;
  if (track.turn === null || track.turn === undefined || parts.has("clap")) return found;
  [found.width, found.height] = shownSize(width, height, aspect, track.turn === 1);
  return found;
}

// Whether an edit list leaves out, repeats or stretches anything of the track.
function isTrimmed({ edits, runs, scale }, film) {
  const shown = edits.filter(([, start]) => start >= 0);
  if (!edits.length) return false;
  if (shown.length !== 1 || edits[edits.length - 1] !== shown[0] || shown[0][2] !== 65536 || !film.scale) return true;
  const length = runs && scale ? total(runs, ([count, ticks]) => count * ticks) / scale : 0;
  return shown[0][0] !== 0 && Math.abs(shown[0][0] / film.scale - length) > 0.2;
}

// The pixels' shape: from the container, else from the picture's own head; null where neither is read here.
function aspectOf(codec, parts, track, width, height) {
  const box = parts.get("pasp");
  if (box && box.getUint32(0) && box.getUint32(4)) return [box.getUint32(0), box.getUint32(4)];
  const [wide, high] = track.size ?? [];
  if (!wide || !high) return null;
  if (wide !== width || high !== height) return [height * wide, width * high];
  return silentAspect(codec, parts.get("avcC") ?? parts.get("hvcC"), width, height);
}

function soundOf(descriptions, brand) {
  const { kind, entry, version } = descriptions[0] ?? {};
  if (!entry || descriptions.length !== 1 || entry.byteLength < 28) return {};
  const form = version === 0 || brand === "qt  " ? entry.getUint16(8) : 0;
  const channels = entry.getUint16(16), bits = entry.getUint16(18), rate = entry.getUint16(24);
  let parts = [...inner(entry, [28, 44, 64][form] ?? 28)];
  parts = new Map(parts.flatMap(([name, view]) => (name === "wave" ? [...inner(view)] : [[name, view]])));
  const pcm = { sowt: { 16: "pcm_s16le" }, twos: { 16: "pcm_s16be" } }[kind]?.[bits];
  if (kind === "in24" && form < 2) {
    const little = parts.has("enda") && parts.get("enda").getUint16(0) === 1;
    return { codec: little ? "pcm_s24le" : "pcm_s24be", channels, sample_rate: rate };
  }
  if (pcm && form < 2) return { codec: pcm, channels, sample_rate: rate };
  if (kind === "mp4a" && parts.has("esds")) {
    const { type, config } = objectOf(parts.get("esds"));
    if (AAC.includes(type)) return { codec: "aac", ...(config.length >= 2 ? aacSound(config) : {}) };
    return type === 0x69 || type === 0x6b ? { codec: "mp3" } : {};
  }
  if (kind === "Opus" && parts.has("dOps")) {
    return { codec: "opus", channels: parts.get("dOps").getUint8(1), sample_rate: 48000 };
  }
  return { codec: { alac: "alac", fLaC: "flac", "ac-3": "ac3", "ec-3": "eac3", ".mp3": "mp3" }[kind] ?? "" };
}

// ISO/IEC 14496-1: what kind of stream, and how its decoder is set up.
function objectOf(esds) {
  let at = 4, type = null;
  const tag = () => {
    const name = esds.getUint8(at);
    let length = 0;
    for (let n = 0; n < 4; n += 1) {
      const byte = esds.getUint8((at += 1));
      length = length * 128 + (byte & 127);
      if (byte < 128) break;
    }
    at += 1;
    return [name, length];
  };
  for (let n = 0; n < 6; n += 1) {
    const [name, length] = tag();
    if (name === 3) {
      const flags = esds.getUint8(at + 2);
      at += 3 + (flags & 0x80 ? 2 : 0) + (flags & 0x40 ? 1 + esds.getUint8(at + 3) : 0) + (flags & 0x20 ? 2 : 0);
    } else if (name === 4) {
      type = esds.getUint8(at);
      if (length <= 13) return { type, config: [] };
      at += 13;
    } else if (name === 5) {
      return { type, config: bytesOf(esds, at).subarray(0, length) };
    } else at += length;
  }
  return { type, config: [] };
}
