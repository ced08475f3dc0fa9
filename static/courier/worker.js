// A courier's phone without a connection: the pages of runs that it has opened open again, as they were last seen. What is told
// on them waits in the page's own queue. Signing out empties all of it.
"use strict";

const CACHE = "courier";
const SHIFT = 14 * 3600 * 1000;

// A page, and before it all that it loads from us: once the page is kept, all of it is.
async function keep(request, answer) {
  const cache = await caches.open(CACHE);
  const names = (await answer.clone().text()).match(/(?<=(?:href|src)=")\/static\/[^"]+/g) || [];
  await Promise.all(Array.from(new Set(names), async function (name) {
    const address = name.replace(/&amp;/g, "&");
    if (!(await cache.match(address))) await cache.add(address);
  }));
  await cache.put(request.url.split("#")[0], answer);
}

// Who is signed out, or may no longer see a run, keeps none of it on the phone.
async function forget(request, answer) {
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") return caches.delete(CACHE);
  if ([403, 404, 410].includes(answer.status)) return (await caches.open(CACHE)).delete(request.url.split("#")[0]);
}

// What was kept, unless it is older than a shift.
async function fresh(address) {
  const kept = await caches.match(address, { cacheName: CACHE, ignoreSearch: true });
  const since = kept && Date.parse(kept.headers.get("Date"));
  if (!since || Date.now() - since < SHIFT) return kept;
  await (await caches.open(CACHE)).delete(address);
}

async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.type === "basic" && /\/courier\/(runs\/[^/]+)?$/.test(new URL(answer.url).pathname)) {
      return { answer: answer, kept: keep(request, answer.clone()) };
    }
    return { answer: answer, kept: forget(request, answer) };
  } catch (fault) {
    const kept = await fresh(request.url.split("#")[0]);
    return { answer: kept || (await fresh("/courier/")) || (await caches.match("/offline")) || Response.error(), kept: Promise.resolve() };
  }
}

self.addEventListener("install", function (event) {
  event.waitUntil(self.skipWaiting());
});

// The page that registered it is not yet through it: it is fetched once more, so that the very first visit is kept.
self.addEventListener("activate", function (event) {
  event.waitUntil(self.clients.claim().then(async function () {
    for (const client of await self.clients.matchAll({ type: "window" })) {
      const request = new Request(client.url, { credentials: "same-origin", headers: { Accept: "text/html" } });
      const { kept } = await page(request);
      await kept;
    }
    await (await page(new Request("/courier/", { credentials: "same-origin" }))).kept;
  }));
});

self.addEventListener("fetch", function (event) {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    const went = page(request);
    event.waitUntil(went.then(function (each) { return each.kept; }));
    event.respondWith(went.then(function (each) { return each.answer; }));
  } else if (address.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request, { cacheName: CACHE }).then(async function (kept) {
      return kept || fetch(request).catch(async function () {
        return (await caches.match(request, { cacheName: CACHE, ignoreSearch: true })) || Response.error();
      });
    }));
  }
});
