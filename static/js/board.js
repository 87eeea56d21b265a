// The timetable's board: blocks lie where their time is, are dragged with mouse, pen or finger, or moved with the arrow
// keys, and every step goes to the site at once. What it refuses is said, and the board shows what is true.
const STEP = 5; // minutes
const HOUR = 68; // pixels
const ASK = 4000; // milliseconds between two looks at what others do

let board = document.getElementById("board");
const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? board.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const px = (minutes) => `${(minutes * HOUR) / 60}px`;
const say = (text) => { board.querySelector("[data-said]").textContent = text; };
const clock = (minute) => {
  const whole = ((minute % 1440) + 1440) % 1440;
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
};
let busy = false; // something is on its way, or held by somebody here

const lay = () => {
  board.classList.add("is-live");
  for (const hour of board.querySelectorAll("[data-hours] > li")) hour.style.height = px(60);
  for (const lane of board.querySelectorAll("[data-lane]")) lane.style.height = px(Number(lane.dataset.length));
  for (const open of board.querySelectorAll("[data-open]")) {
    open.style.top = px(Math.max(0, Number(open.dataset.from)));
    open.style.height = px(Number(open.dataset.until) - Math.max(0, Number(open.dataset.from)));
  }
  for (const block of board.querySelectorAll("[data-block]")) {
    block.style.top = px(Number(block.dataset.from));
    block.style.height = px(Math.max(20, Number(block.dataset.minutes)));
  }
  for (const one of board.querySelectorAll("[data-hint], [data-filters]")) one.hidden = false;
  filter();
};

const fits = {
  track: (film, value) => film.dataset.track === value,
  mood: (film, value) => film.dataset.mood === value,
  minutes: (film, value) => Number(film.dataset.seconds) <= Number(value) * 60,
};

const filter = () => {
  const find = board.querySelector("[data-find]");
  const terms = (find?.value ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = [...board.querySelectorAll("[data-by]")].filter((one) => one.value);
  const films = [...board.querySelectorAll("[data-film]")];
  for (const film of films) {
    film.hidden = terms.some((term) => !film.dataset.words.includes(term))
      || chosen.some((one) => !fits[one.dataset.by](film, one.value));
  }
  const none = board.querySelector("[data-none]");
  if (none) none.hidden = films.some((film) => !film.hidden);
};

const show = (html, focus) => {
  // What was typed, chosen and ticked here stays.
  const find = board.querySelector("[data-find]")?.value ?? "";
  const chosen = [...board.querySelectorAll("[data-by]")].map((one) => [one.dataset.by, one.value]);
  const ticks = new Map([...board.querySelectorAll("[name=stay]")].map((one) => [one.value, one.checked]));
  const scroll = [board.querySelector("[data-lanes]").scrollLeft, board.querySelector(".shelf__films")?.scrollTop ?? 0];
  const made = new DOMParser().parseFromString(html, "text/html").getElementById("board");
  if (!made) return;
  board.replaceWith(made);
  board = made;
  const field = board.querySelector("[data-find]");
  if (field) field.value = find;
  for (const [by, value] of chosen) {
    const one = board.querySelector(`[data-by="${by}"]`);
    if ([...(one?.options ?? [])].some((option) => option.value === value)) one.value = value;
  }
  for (const one of board.querySelectorAll("[name=stay]")) one.checked = ticks.get(one.value) ?? one.checked;
  lay();
  board.querySelector("[data-lanes]").scrollLeft = scroll[0];
  const films = board.querySelector(".shelf__films");
  if (films) films.scrollTop = scroll[1];
  if (focus) board.querySelector(`[data-block="${focus}"]`)?.focus();
};

const send = async (address, values, focus) => {
  busy = true;
  const body = new URLSearchParams({ ...values, day: board.dataset.day });
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
    show(await answer.text(), focus);
    const refused = board.querySelector("[role=alert]");
    if (refused) say(refused.textContent.trim());
  } catch {
    say(board.dataset.lost);
    lay();
  } finally {
    busy = false;
  }
};

const place = (block) => ({
  minute: Number(board.dataset.top) * 60 + Number(block.dataset.from),
  hall: block.closest("[data-lane]").dataset.lane,
});

const lanes = () => [...board.querySelectorAll("[data-lane]")];
const laneAt = (x, y) => lanes().find((lane) => {
  const box = lane.getBoundingClientRect();
  return x >= box.left && x < box.right && y >= box.top - 40 && y < box.bottom + 40;
});
const minuteAt = (lane, y) => {
  const within = ((y - lane.getBoundingClientRect().top) * 60) / HOUR;
  const most = Number(lane.dataset.length) - STEP;
  return Math.min(most, Math.max(0, Math.round(within / STEP) * STEP));
};
const clear = () => { for (const one of board.querySelectorAll(".is-over")) one.classList.remove("is-over"); };

// Dragging: a block within and between lanes, a film from the shelf onto a block or into free time.
let held = null;
let dropped = false;

const begin = (event) => {
  if (event.button !== 0 || busy || event.target.closest("input, select, summary, button, label")) return;
  const block = event.target.closest("[data-block][data-move]");
  const film = event.target.closest("[data-film]");
  const one = block ?? film;
  if (!one || !board.contains(one)) return;
  const box = one.getBoundingClientRect();
  held = { one, block, film, x: event.clientX, y: event.clientY, dx: event.clientX - box.left, dy: event.clientY - box.top, moved: false };
};

const drag = (event) => {
  if (!held) return;
  if (!held.moved) {
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < 5) return;
    held.moved = true;
    busy = true;
    held.one.classList.add("is-moving");
    held.one.setPointerCapture(event.pointerId);
  }
  event.preventDefault();
  clear();
  const edge = event.clientY < 60 ? -12 : event.clientY > innerHeight - 60 ? 12 : 0;
  if (edge) window.scrollBy(0, edge);
  const lane = laneAt(event.clientX, event.clientY);
  if (held.film) {
    held.one.style.left = `${event.clientX - held.dx}px`;
    held.one.style.top = `${event.clientY - held.dy}px`;
    const under = document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest("[data-block][data-move]")).find(Boolean);
    (under ?? lane)?.classList.add("is-over");
    held.target = under ? { into: under.dataset.block } : lane && { hall: lane.dataset.lane, minute: Number(board.dataset.top) * 60 + minuteAt(lane, event.clientY) };
  } else if (lane) {
    if (held.one.parentElement !== lane) lane.append(held.one);
    held.one.dataset.from = String(minuteAt(lane, event.clientY - held.dy));
    held.one.style.top = px(Number(held.one.dataset.from));
    lane.classList.add("is-over");
    say(`${board.dataset.moving} ${clock(place(held.one).minute)}`);
  }
};

const drop = () => {
  if (!held) return;
  const done = held;
  held = null;
  clear();
  if (!done.moved) return;
  done.one.classList.remove("is-moving");
  dropped = true; // the click that follows opens nothing
  setTimeout(() => { dropped = false; }, 0);
  busy = false;
  if (done.film) {
    done.one.style.left = done.one.style.top = "";
    if (done.target) send(board.dataset.put, { film: done.film.dataset.film, ...done.target });
  } else {
    send(done.block.dataset.move, { ...place(done.block), seen: done.block.dataset.revision }, done.block.dataset.block);
  }
};

// The keyboard: a block is carried with the arrow keys, and set down with Enter.
let carried = null;

const letBe = () => {
  if (!carried) return;
  carried.lane.append(carried.block);
  carried.block.dataset.from = carried.from;
  carried.block.style.top = px(Number(carried.from));
  carried.block.classList.remove("is-moving");
  carried = null;
  busy = false;
};

const key = (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.closest("input, textarea")) {
    event.preventDefault();
    if (!busy) send(event.shiftKey ? board.dataset.redo : board.dataset.undo, {});
    return;
  }
  const block = event.target.closest?.("[data-block][data-move]");
  if (!block || event.target !== block) return;
  if (event.key === "Escape") letBe();
  if (event.key === "Enter" && carried) {
    event.preventDefault();
    const { block: one } = carried;
    one.classList.remove("is-moving");
    carried = null;
    send(one.dataset.move, { ...place(one), seen: one.dataset.revision }, one.dataset.block);
  }
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!steps || (busy && !carried)) return;
  event.preventDefault();
  if (!carried) {
    carried = { block, lane: block.parentElement, from: block.dataset.from };
    busy = true;
    block.classList.add("is-moving");
  }
  const all = lanes();
  const lane = all[all.indexOf(block.parentElement) + steps[0]] ?? block.parentElement;
  if (lane !== block.parentElement) {
    lane.append(block);
    block.focus();
  }
  const size = event.shiftKey ? 30 : STEP;
  const from = Math.round(Number(block.dataset.from) / STEP) * STEP + steps[1] * size;
  block.dataset.from = String(Math.min(Number(lane.dataset.length) - STEP, Math.max(0, from)));
  block.style.top = px(Number(block.dataset.from));
  const where = lane.closest("section").getAttribute("aria-label");
  say(`${board.dataset.moving} ${clock(place(block).minute)}, ${where}`);
};

const look = async () => {
  if (busy || held || document.hidden) return;
  try {
    const fresh = await fetch(`${board.dataset.here}&seen=${board.dataset.newest}`, { headers: { "HX-Request": "true" } });
    if (fresh.status !== 200) return;
    const html = await fresh.text();
    const focus = document.activeElement?.closest?.("[data-block]")?.dataset.block;
    if (!busy && !held) show(html, focus);
  } catch {
    // Without a line the board stays as it is; the next look may succeed.
  }
};

lay();
if (board.dataset.here) { // a draft is only looked at
  document.addEventListener("click", (event) => { if (dropped) { event.preventDefault(); event.stopPropagation(); } }, true);
  document.addEventListener("pointerdown", begin);
  document.addEventListener("pointermove", drag);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  document.addEventListener("keydown", key);
  document.addEventListener("focusout", (event) => {
    if (carried && event.target === carried.block && event.relatedTarget !== carried.block) setTimeout(() => {
      if (carried && document.activeElement !== carried.block) letBe();
    }, 0);
  });
  document.addEventListener("input", (event) => { if (event.target.matches("[data-find], [data-by]")) filter(); });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-turn]");
    if (!form) return;
    event.preventDefault();
    send(form.action, {});
  });
  setInterval(look, ASK);
}
