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
