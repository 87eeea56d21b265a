// Keeps the public programme for the time without a network: the page as it was last seen, and what it is drawn with.
// The network comes first, always; what the site says must not be kept is not.
const CACHE = "programme";
const kept = (request) => caches.open(CACHE).then((cache) => cache.match(request, { ignoreVary: true }));

const fetched = async (request) => {
  try {
    const answer = await fetch(request);
    if (answer.ok && !(answer.headers.get("Cache-Control") ?? "").includes("no-store")) {
      const cache = await caches.open(CACHE);
      await cache.put(request, answer.clone());
    }
    return answer;
  } catch (error) {
    const found = await kept(request);
    if (found) return found;
    throw error;
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = request.mode === "navigate" && url.href.startsWith(self.registration.scope);
  if (page || ["style", "script", "image", "font"].includes(request.destination)) event.respondWith(fetched(request));
});
