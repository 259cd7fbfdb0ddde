// Answers for pages of tickets that were opened before, where there is no network. It keeps nothing else.
const PAGES = "tickets-1";
const FILES = "ticket-files-1";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { page, files } = event.data;
  event.waitUntil(keep(page, files).then(() => event.ports[0].postMessage("kept")));
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
  else if (event.request.mode === "navigate" && address.pathname.startsWith("/t/")) event.respondWith(ticket(event.request));
});

async function keep(page, files) {
  const pages = await caches.open(PAGES);
  const answer = await fetch(page, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (answer.ok) await pages.put(page, answer);
  const cache = await caches.open(FILES);
  await Promise.all(files.map(async (each) => (await cache.match(each)) ?? cache.add(each)));
}

// The newest, as long as the network gives it; a ticket that is no more is forgotten.
async function ticket(request) {
  const pages = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await pages.put(request.url, answer.clone());
    else if (answer.status === 404 || answer.status === 410) await pages.delete(request.url);
    return answer;
  } catch (fault) {
    const kept = await pages.match(request.url);
    if (kept) return kept;
    throw fault;
  }
}

async function file(request) {
  const cache = await caches.open(FILES);
  return (await cache.match(request)) ?? fetch(request);
}
