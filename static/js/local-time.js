// A deadline on the reader's own clock, where it differs from the contest's. Without this file both other clocks stand there.
const lang = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const space = lang.startsWith("zh") ? "" : " ";
const form = { year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };

for (const place of document.querySelectorAll("[data-local-time]")) {
  const moment = new Date(place.dataset.localTime);
  const there = moment.toLocaleString(lang, { ...form, timeZone: place.dataset.zone });
  const utc = moment.toLocaleString(lang, { ...form, timeZone: "UTC" });
  const here = moment.toLocaleString(lang, form);
  if (here === there || here === utc) continue;
  place.textContent = `${space}${place.dataset.said.replace("{moment}", here)}`;
  place.hidden = false;
}
