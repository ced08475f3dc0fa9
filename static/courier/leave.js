// On every page of a courier: what waits is sent, whatever run it is of; whoever signs out leaves no resident's name on the phone.
(function () {
  "use strict";

  var who = document.querySelector("[data-courier]"), queue = window.courierQueue;
  var staff = who ? Number(who.dataset.courier) : 0;
  if (!staff || !window.indexedDB || !window.fetch) return;

  function waiting() {
    return queue.all().then(function (all) {
      return all.filter(function (told) { return told.staff === staff && !told.refused; }).length;
    });
  }

  var out = document.querySelector("form[action='/sign-out']"), warned = false;
  if (out) out.addEventListener("submit", function (event) {
    event.preventDefault();
    waiting().catch(function () { return 0; }).then(function (many) {
      if (many && !warned) {
        warned = true;
        var words = document.createElement("p");
        words.className = "notice notice--warn";
        words.setAttribute("role", "alert");
        words.textContent = who.dataset.unsent.replace("{many}", many);
        document.querySelector("main").prepend(words);
        words.scrollIntoView({ block: "center" });
        return;
      }
      return (window.caches ? caches.delete("courier") : Promise.resolve()).catch(function () {}).then(function () { out.submit(); });
    });
  });

  // The list of runs: runs that are no longer on it are forgotten, and what waits is sent from here, too.
  var list = document.querySelector("[data-runs]");
  if (list && window.caches) {
    var listed = Array.prototype.map.call(list.querySelectorAll("a[href^='/courier/runs/']"), function (link) { return link.getAttribute("href"); });
    if (navigator.onLine) caches.open("courier").then(function (cache) {
      return cache.keys().then(function (kept) {
        kept.forEach(function (request) {
          var path = new URL(request.url).pathname, run = path.replace(/\/stops\.json$/, "");
          if (path.indexOf("/courier/runs/") === 0 && listed.indexOf(run) < 0) cache.delete(request);
        });
      });
    }).catch(function () {});
  }
  if (list) window.courierSend.all(staff, function () { return Promise.resolve(); }).catch(function () {});
})();
