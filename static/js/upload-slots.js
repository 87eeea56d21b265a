// How many parts are on their way at once, from all panels and all windows of this site together: a browser holds few
// lines to one server, and the pages themselves need one.

const SLOTS = 4;
const name = (number) => `firstlight-part-${number}`;

let free = SLOTS;
const queue = [];

// Run `action` when a slot is free. A window that is closed, or crashes, gives its slots back.
export async function inSlot(signal, action) {
  if (!navigator.locks) return inThisPage(signal, action); // only given to pages over https, and on this machine
  for (let number = 0; number < SLOTS; number += 1) {
    const done = await navigator.locks.request(
      name(number), { ifAvailable: true }, async (lock) => lock && { value: await action() });
    if (done) return done.value;
  }
  return navigator.locks.request(name(Math.floor(Math.random() * SLOTS)), { signal }, action);
}

async function inThisPage(signal, action) {
  if (free) free -= 1;
  else await new Promise((resolve) => { queue.push(resolve); });
  try {
    signal.throwIfAborted();
    return await action();
  } finally {
    const next = queue.shift();
    if (next) next();
    else free += 1;
  }
}
