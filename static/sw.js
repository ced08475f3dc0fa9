// What a phone does without a connection: it shows the offline page, which shows the last order that this phone has seen.
// Nothing else is kept: no page of anybody's, signed in or not. app.js registers this, and keeps the order.
"use strict";

const CACHE = "offline";
const PAGE = "/offline";

// The page, and what it loads from us.
async function keep() {
  const page = await fetch(PAGE, { credentials: "same-origin" });
  if (!page.ok) throw new Error("no offline page");
  const names = (await page.clone().text()).match(/(?<=(?:href|src)=")\/static\/[^"]+/g) || [];
  const cache = await caches.open(CACHE);
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.put(PAGE, page);
  await cache.addAll(Array.from(new Set(names), function (name) { return name.replace(/&amp;/g, "&"); }));
}

// A new worker (another language, other files) waits until no page is open. One that took over at once left pages hanging
// that the old one was just fetching. What is kept serves both.
self.addEventListener("install", function (event) {
  event.waitUntil(keep());
});

self.addEventListener("activate", function (event) {
  event.waitUntil(self.clients.claim());
});

// Pages come from the network; a browser's own files, when it is away, from what was kept.
self.addEventListener("fetch", function (event) {
  const request = event.request;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async function () {
      return (await caches.match(PAGE, { cacheName: CACHE })) || Response.error();
    }));
  } else if (new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async function () {
      return (await caches.match(request, { cacheName: CACHE })) || Response.error();
    }));
  }
});
