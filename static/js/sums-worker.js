// Reads one file after the other and tells its SHA-256, however large it is: a piece is in memory at a time.
import { sha256 } from "../vendor/noble-hashes/sha2.js";

const PIECE = 8 * 1024 * 1024;
let turn = Promise.resolve();

async function read(number, file) {
  const sum = sha256.create();
  for (let from = 0; from < file.size; from += PIECE) {
    sum.update(new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer()));
    postMessage({ number, done: Math.min(from + PIECE, file.size) });
  }
  const digest = [...sum.digest()].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  postMessage({ number, digest });
}

onmessage = ({ data }) => {
  turn = turn.then(() => read(data.number, data.file)).catch(() => postMessage({ number: data.number, failed: true }));
};
