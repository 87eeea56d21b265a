// For the page of another site: gives every frame marked data-firstlight the height of what is in it.
// Optional: without it the frame keeps its height and scrolls.
(() => {
  const LEAST = 120;
  const MOST = 50_000;
  const frames = () => document.querySelectorAll("iframe[data-firstlight]");
  const originOf = (frame) => new URL(frame.src, location.href).origin;

  addEventListener("message", (event) => {
    const said = event.data;
    if (said?.firstlight !== "height" || !Number.isFinite(said.height)) return;
    for (const frame of frames()) {
      if (event.source === frame.contentWindow && event.origin === originOf(frame)) {
        frame.style.height = `${Math.min(Math.max(Math.ceil(said.height), LEAST), MOST)}px`;
      }
    }
  });

  // A frame that was there before this script has said its height to nobody.
  for (const frame of frames()) {
    frame.contentWindow?.postMessage({ firstlight: "ask" }, originOf(frame));
  }
})();
