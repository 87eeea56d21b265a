// Beside an end on the edition's clocks: the same on the reader's, where it is another; both as the last minute that
// counts. Without this file the edition's stands alone.

const SHAPE = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const MINUTE = 60_000; // ms
const page = document.documentElement.lang;
const language = page === "en" ? "en-GB" : page || undefined;

for (const place of document.querySelectorAll("[data-own-end]")) {
  const moment = new Date(Date.parse(place.dataset.ownEnd) - MINUTE);
  if (Number.isNaN(moment.getTime())) continue;
  const own = moment.toLocaleString(language, SHAPE);
  if (own === moment.toLocaleString(language, { ...SHAPE, timeZone: place.dataset.zone })) continue;
  place.textContent = place.dataset.say.replace("{time}", own);
  place.hidden = false;
}
