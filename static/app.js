// What a page gains with scripts: copy buttons, and the summary of faults in focus. Every page works without this file.
(function () {
  "use strict";

  function select(element) {
    var range = document.createRange();
    range.selectNodeContents(element);
    var selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // Older browsers and those inside chat apps have no clipboard of their own to write to.
  function copyBySelection(button) {
    select(document.getElementById(button.dataset.from));
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
  }

  function copy(button) {
    if (!navigator.clipboard) return copyBySelection(button);
    return navigator.clipboard.writeText(button.dataset.copy).catch(function () {
      return copyBySelection(button);
    });
  }

  function announce(button) {
    var told = document.getElementById(button.dataset.tell);
    told.textContent = button.dataset.done;
    button.classList.add("is-done");
    window.setTimeout(function () {
      told.textContent = "";
      button.classList.remove("is-done");
    }, 4000);
  }

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      copy(button).then(function () { announce(button); }, function () {});
    });
  });

  // A live region speaks of what comes into it, not of what stood there when the page opened.
  var told = document.querySelector(".notices[role=status]");
  if (told) {
    var notices = Array.prototype.slice.call(told.children);
    window.setTimeout(function () {
      if (told.contains(document.activeElement)) return;
      notices.forEach(function (each) { told.appendChild(each); });
    }, 200);
  }

  var faults = document.querySelector("[data-faults]");
  if (faults) faults.focus();
})();

// The last order that this phone has seen stays readable without a connection (sw.js, offline.js), until it is forgotten.
(function () {
  "use strict";

  var workers = navigator.serviceWorker;
  var address = document.body.dataset.worker;
  if (!workers || !window.caches) return;
  var order = document.querySelector("[data-keep]");
  var known = caches.has("order");

  // An order's page is light: where it is the first that a phone sees of us, the worker waits for the next one.
  if (address) window.addEventListener("load", function () {
    known.then(function (again) {
      if (!order || again) return workers.register(address, { scope: "/", updateViaCache: "all" });
    }).catch(function () {});
  });

  // Only what there is to read: no form, no button, nothing of anybody else.
  function keep(order) {
    var copy = order.cloneNode(true);
    copy.querySelectorAll("form, button, details, script, [data-online]").forEach(function (each) { each.remove(); });
    var headers = { "Content-Type": "text/html; charset=utf-8", "Content-Language": document.documentElement.lang, "X-Seen": new Date().toISOString() };
    return caches.open("order").then(function (cache) {
      return cache.put("/kept-order", new Response(copy.innerHTML, { headers: headers }));
    });
  }

  var forget = document.querySelector("[data-forget]");
  if (order) known.then(function () { return keep(order); }).then(function () { forget.parentElement.hidden = false; }, function () {});
  if (forget) forget.addEventListener("click", function () {
    caches.delete("order").then(function () {
      document.querySelectorAll("[data-order]").forEach(function (each) { each.remove(); });
      forget.hidden = true;
      forget.nextElementSibling.textContent = forget.dataset.done;
    });
  });
})();

// Who signs in is not who was here before: what a courier's phone kept of residents is gone.
(function () {
  "use strict";
  if (location.pathname === "/sign-in" && window.caches) caches.delete("courier").catch(function () {});
})();
