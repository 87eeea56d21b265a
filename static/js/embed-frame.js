// Inside the frame: tells the page around it how high this one is. The height is no secret, so that anybody may hear it.
const tell = () =>
  parent.postMessage({ firstlight: "height", height: document.body.getBoundingClientRect().height }, "*");

if (parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", (event) => {
    if (event.source === parent && event.data?.firstlight === "ask") tell();
  });
}
