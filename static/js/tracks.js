// Shows what is asked in the chosen track alone. Without this file everything is shown, with a note.
const chooser = document.querySelector('select[name="track"]');
const parts = [...document.querySelectorAll("[data-for-tracks]")];
const show = () => {
  for (const part of parts) part.hidden = !part.dataset.forTracks.split(" ").includes(chooser.value);
};
if (chooser && parts.length) {
  chooser.addEventListener("change", show);
  show();
}
