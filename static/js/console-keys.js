// Keys. Nothing is taken from somebody who is typing, and nothing from a dialog.

const link = (name) => document.querySelector(`[data-${name}]`);

// Numbers, steps and the way on: only where something can be given.
function sheetKeys({ sheet, keeper, target }) {
  const presses = target.matches("button, a, summary, select");
  const doings = {
    ArrowUp: () => sheet.step(1),
    ArrowDown: () => sheet.step(-1),
    0: () => sheet.press("10"),
    u: () => sheet.nextSure(),
  };
  for (let digit = 1; digit <= 9; digit += 1) doings[digit] = () => sheet.press(String(digit));
  if (!presses) doings.Enter = () => sheet.onward(sheet.form.querySelector("[data-done]"));
  if (keeper) {
    doings.n = () => {
      if (sheet.begun && (sheet.complete || !link("next"))) keeper.finish();
      else keeper.go(link("next"));
    };
    doings.p = () => keeper.go(link("previous"));
  }
  return doings;
}

function playerKeys(player, target) {
  const doings = {
    k: () => player.play(),
    f: () => player.fullScreen(),
    m: () => player.mute(),
    c: () => player.nextSubtitles(),
    "<": () => player.faster(-1),
    ">": () => player.faster(1),
  };
  const positioned = target.matches("input[type=range], select");
  if (!positioned) {
    doings.ArrowLeft = (event) => player.seek(event.shiftKey ? -1 / 25 : -5);
    doings.ArrowRight = (event) => player.seek(event.shiftKey ? 1 / 25 : 5);
  }
  const unchecked = target.matches("input[type=radio]:not(:checked)");
  if (!target.matches("button, a, summary, select") && !unchecked) doings[" "] = doings.k;
  if (player.frame.classList.contains("fills-window")) doings.Escape = () => player.fillWindow();
  return doings;
}

export function onKey(event, { player, sheet, keeper, notes, sound }) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const target = event.target;
  if (document.querySelector("dialog[open]")) return;
  if (target.matches("textarea, input:not([type=radio], [type=checkbox], [type=range])")) {
    if (event.key === "Escape" && !target.closest("[data-note-form]")) target.blur();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const go = (name) => () => link(name) && location.assign(link(name).href);
  const doings = {
    "?": () => document.getElementById("keys")?.showModal(),
    n: go("next"),
    p: go("previous"),
    s: () => sound?.play(),
    ...(player ? playerKeys(player, target) : {}),
    ...(player && notes?.form ? { t: () => notes.open() } : {}),
    ...(sheet?.writable ? sheetKeys({ sheet, keeper, target }) : {}),
  };
  if (target.matches("select")) for (const name of ["ArrowUp", "ArrowDown", "Enter"]) delete doings[name];
  // These move by arrows themselves; the score beside them must not.
  if (target.matches("input[type=range], [name=confidence]")) for (const name of ["ArrowUp", "ArrowDown"]) delete doings[name];
  if (!Object.hasOwn(doings, key)) return;
  event.preventDefault();
  event.stopPropagation();
  doings[key](event);
}
