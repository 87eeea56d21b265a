// The film beside its report: a time, a still or a stretch of the chart moves the player there. Without this file
// each of them is a link that opens the copy at that moment.

const player = () => document.querySelector("[data-film] video");

function show(video) {
  const { top, bottom } = video.getBoundingClientRect();
  if (top >= 0 && bottom <= innerHeight) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  video.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

function go(video, seconds) {
  video.currentTime = seconds;
  show(video);
  video.play().catch(() => {});
}

function onClick(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const video = player();
  if (!video) return;
  const link = event.target.closest("a[data-at]");
  if (link) {
    event.preventDefault();
    go(video, Number(link.dataset.at));
    return;
  }
  // Anywhere else on a lane of the chart: that very moment.
  const lane = event.target.closest("[data-chart] dd");
  if (!lane || event.target.closest("a")) return;
  const { left, width } = lane.getBoundingClientRect();
  go(video, (Number(lane.closest("[data-chart]").dataset.chart) * (event.clientX - left)) / width);
}

// Where the film is, on every lane of its chart.
function onTime(event) {
  const chart = document.querySelector("[data-chart]");
  if (!chart || event.target !== player()) return;
  const share = event.target.currentTime / Number(chart.dataset.chart);
  chart.style.setProperty("--now", String(Math.min(Math.max(share, 0), 1)));
  chart.classList.add("is-live");
}

document.addEventListener("click", onClick);
for (const name of ["timeupdate", "seeking"]) document.addEventListener(name, onTime, { capture: true });
