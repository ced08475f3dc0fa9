// The offline page: the last order that this phone has seen, with the time; app.js has kept it.
(function () {
  "use strict";

  var place = document.querySelector("[data-kept]");
  if (!window.caches) return;
  caches.open("order").then(function (cache) { return cache.match("/kept-order"); }).then(function (answer) {
    return answer && answer.text().then(function (text) {
      var kept = new DOMParser().parseFromString(text, "text/html").body;
      var seen = place.querySelector("time");
      seen.dateTime = answer.headers.get("X-Seen");
      seen.textContent = new Date(seen.dateTime).toLocaleString(document.documentElement.lang, { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      var order = place.querySelector("[data-order]");
      order.lang = answer.headers.get("Content-Language") || document.documentElement.lang;
      order.append.apply(order, Array.from(kept.childNodes));
      place.hidden = false;
      document.querySelector("[data-none]").hidden = true;
    });
  });
})();
