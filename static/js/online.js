// The clock of an online premiere. The page says what the time was when it was made, and when there is something new to
// see; then it is loaded again. A film runs at the place where it is for everybody: who stops or winds it comes back.

const APART = 1.5; // seconds that a film may be away from where it is for the others
const CROWD = 1000; // milliseconds over which those who wait spread their coming back

const room = document.querySelector("[data-online]");
const made = Number(room.dataset.at);
const next = Number(room.dataset.next);
const since = Number(room.dataset.since || 0);
const started = performance.now();
const later = Math.random() * CROWD;
const now = () => made + performance.now() - started;
const count = room.querySelector("[data-count]");
const video = room.querySelector("video");
const press = room.querySelector("[data-press]");

function inWords(milliseconds) {
  const whole = Math.max(Math.ceil(milliseconds / 1000), 0);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function together() {
  const place = (now() - since) / 1000;
  if (video.paused || video.ended || place > video.duration) return;
  if (Math.abs(video.currentTime - place) > APART) video.currentTime = place;
}

function begin() {
  video.currentTime = (now() - since) / 1000;
  video.play().then(
    () => {
      press.hidden = true;
    },
    () => {
      press.hidden = false;
    },
  );
}

let leaving = false;

function tick() {
  if (count) count.textContent = inWords(next - now());
  if (video) together();
  if (!leaving && now() >= next + later) {
    leaving = true;
    location.replace(room.dataset.room);
  }
}

if (video) {
  press.addEventListener("click", begin);
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) begin();
  else video.addEventListener("loadedmetadata", begin, { once: true });
}
tick();
setInterval(tick, 1000);
