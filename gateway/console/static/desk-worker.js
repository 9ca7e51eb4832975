// Keeps the desk's page and its files, so that it opens without a network. No report and no receipt is kept here.
"use strict";
const CACHE = "kanal-desk-1";
const PATIENCE = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { page, files } = event.data;
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const wanted = new Set(files);
    for (const known of await cache.keys()) {
      const { href, pathname } = new URL(known.url);
      if (pathname.startsWith("/statis/") && !wanted.has(href)) await cache.delete(known); // of an older version
    }
    await Promise.all(files.map((file) => keep(cache, file)));
    await keep(cache, page);
  })());
});

async function keep(cache, address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (answer.ok && !answer.redirected) await cache.put(address, answer);
}

// A page of entry: /meja or /meja/CHANNEL, but no look-up.
const isEntry = (url) => /^\/meja(\/[^/]+)?$/.test(url.pathname) && !/^\/meja\/(cari|tempat|luring\.js)$/.test(url.pathname);

async function page(request) {
  const cache = await caches.open(CACHE);
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await cache.put(path, answer.clone());
    if (answer.type === "opaqueredirect") await cache.delete(path); // to the log-in: nobody is in any more
    if (answer.status < 500) return answer;
  } catch { /* no network */ }
  return (await cache.match(path)) || Response.error();
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && isEntry(url)) event.respondWith(page(event.request));
  else if (url.pathname.startsWith("/statis/")) event.respondWith(file(event.request));
});
