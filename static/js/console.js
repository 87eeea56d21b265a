// The judge's console: a player whose picture carries the judge's mark, keys for everything, saving while one works,
// notes at moments of the film, and what was really watched. Without this file the page is a plain form.

import { Keeper, same } from "./console-keeper.js";
import { onKey } from "./console-keys.js";
import { Notes } from "./console-notes.js";
import { fetchAhead, Player } from "./console-player.js";
import { OwnScale } from "./console-scale.js";
import { Sheet } from "./console-sheet.js";
import { Sitting } from "./console-sitting.js";
import { SoundCheck } from "./console-sound.js";
import { Watch } from "./console-watch.js";
import { forget, stored } from "./console-words.js";

const root = document.querySelector("[data-console]");

// What was kept here and came too late: the judge is told, and it is not shown as if it counted. While the round is
// open it stays here: who opens the finished film again chooses between both.
function tellLate(sheet) {
  const key = `firstlight-look-${root.dataset.key}`;
  const kept = stored(key);
  if (!kept) return;
  const other = sheet && !same(kept, sheet.content);
  if (other) {
    const notice = root.querySelector("[data-conflict]");
    const { closed, sayLate, sayFinished } = root.dataset;
    notice.querySelector("[data-conflict-text]").textContent = closed ? sayLate : sayFinished;
    notice.querySelector(".cluster").hidden = true;
    notice.hidden = false;
  }
  if (!other || root.dataset.closed) forget(key);
}

function askToStandAside() {
  const dialog = document.getElementById("recuse");
  for (const link of document.querySelectorAll("[data-recuse]")) {
    link.addEventListener("click", (event) => {
      if (!dialog) return;
      event.preventDefault();
      dialog.showModal();
    });
  }
}

function start() {
  const frame = root.querySelector("[data-frame]");
  const player = frame && new Player(frame);
  const form = root.querySelector("[data-form]");
  const sheet = form && new Sheet(form, root);
  const watch = new Watch(root, player?.video);
  const scale = new OwnScale(root);
  const notes = player ? new Notes(root, player) : null;
  const sound = new SoundCheck(root);
  sheet?.addEventListener("total", (event) => scale.place(event.detail.total, event.detail.shown));
  const paint = () => player?.paint(watch.parts, notes?.notes ? notes.moments : [], player.video.duration);
  let keeper = null;
  if (sheet?.writable && root.dataset.save) {
    new Sitting(root, watch);
    keeper = new Keeper(root, sheet, watch);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keeper.finish();
    });
  } else if (root.dataset.save) tellLate(sheet);
  sheet?.total();
  if (sheet) {
    sheet.askWhyStopped(watch);
    watch.addEventListener("grow", () => sheet.askWhyStopped(watch));
  }
  watch.addEventListener("grow", paint);
  notes?.addEventListener("change", paint);
  player?.video.addEventListener("loadedmetadata", paint);
  paint();
  askToStandAside();
  fetchAhead(player?.video, root.dataset.nextSrc);
  // Before the player's own keys: space would otherwise count twice.
  const parts = { player, sheet, keeper, notes, sound };
  document.addEventListener("keydown", (event) => onKey(event, parts), { capture: true });
  // A page taken back from the browser's memory has old scores on it.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

if (root) start();
