// The page of an entry's other files. Without this file its forms do the same.
(() => {
  // A file that was chosen goes on its way at once.
  for (const form of document.querySelectorAll("form[data-send-at-once]")) {
    const input = form.querySelector('input[type="file"]');
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      form.querySelector("[data-said]").textContent = form.dataset.sendAtOnce;
      form.requestSubmit();
    });
  }

  // What evidence is about goes with the upload.
  for (const panel of document.querySelectorAll("[data-upload][data-send-purpose]")) {
    const stage = panel.querySelector("[data-stage] select");
    const kind = panel.dataset.sendPurpose;
    const tell = () => { panel.dataset.sendPurpose = stage.value ? `${kind}/${stage.value}` : kind; };
    if (stage) {
      stage.addEventListener("change", tell);
      tell();
    }
  }
})();
