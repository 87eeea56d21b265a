// The label of AI-made content over a film: it stays for the first seconds that are really played, and comes back when
// the film begins again. Without this file it stays for as long as the film does. A player that takes the picture alone
// to the full screen leaves the label behind: then it is shown as a caption of its own.

const SECONDS = 5; // GB 45438-2025 asks for two or more on the opening picture

function mind(figure) {
  const video = figure.querySelector("video");
  const label = figure.querySelector("[data-label]");
  if (!video || !label) return;
  const track = video.addTextTrack("captions", label.textContent, document.documentElement.lang);
  const cue = new VTTCue(0, SECONDS, label.textContent);
  cue.line = 1;
  track.addCue(cue);
  const alone = () => document.fullscreenElement === video || Boolean(video.webkitDisplayingFullscreen);
  const look = () => {
    label.classList.toggle("is-over", video.currentTime >= SECONDS);
    track.mode = alone() ? "showing" : "disabled";
  };
  look();
  for (const name of ["timeupdate", "seeking", "webkitbeginfullscreen", "webkitendfullscreen"]) {
    video.addEventListener(name, look);
  }
  document.addEventListener("fullscreenchange", look);
}

for (const figure of document.querySelectorAll("[data-showing]")) mind(figure);
