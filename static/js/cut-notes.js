// A delivered cut beside its notes: a time moves the player there, and a note takes the moment at which the film
// stands. Without this file times are links that open the cut there, and the moment is typed.

const clock = (seconds) => {
  const tenths = Math.round(seconds * 10);
  const rest = (tenths % 600) / 10;
  return `${Math.floor(tenths / 600)}:${rest < 10 ? "0" : ""}${rest.toFixed(1)}`;
};

for (const cut of document.querySelectorAll("[data-cut]")) {
  const video = cut.querySelector("video");
  if (!video) continue;

  cut.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-at]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    video.currentTime = Number(link.dataset.at);
    video.pause();
    const { top, bottom } = video.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) video.scrollIntoView({ block: "nearest" });
  });

  const form = cut.querySelector("form[data-note]");
  const button = form?.querySelector("[data-now]");
  if (!button) continue;
  const field = form.elements.moment;
  const take = () => {
    field.value = clock(video.currentTime);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    video.pause();
    take();
    form.elements.text.focus();
  });
  form.elements.text.addEventListener("focus", () => {
    if (field.value || !video.currentTime) return;
    video.pause();
    take();
  });
}
