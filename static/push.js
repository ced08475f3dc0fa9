// "Tell me in this browser" on an order's page. Where a browser cannot be told, or scripts do not run, the button is not there.
(function () {
  "use strict";

  var box = document.querySelector("[data-push]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  var start = box.querySelector("[data-push-start]");
  var stop = box.querySelector("[data-push-stop]");
  var told = box.querySelector("[role=status]");

  function bytes(text) {
    var raw = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(raw, function (char) { return char.charCodeAt(0); });
  }

  // The site's own worker shows pushes, too.
  function worker() {
    return navigator.serviceWorker.getRegistration("/").then(function (found) {
      return found || navigator.serviceWorker.register(box.dataset.worker, { scope: "/" });
    }).then(function (registration) {
      return registration.active ? registration : settled(registration);
    });
  }

  function settled(registration) {
    return new Promise(function (resolve, reject) {
      var coming = registration.installing || registration.waiting;
      if (!coming) return reject();
      coming.addEventListener("statechange", function () {
        if (coming.state === "activated") resolve(registration);
        if (coming.state === "redundant") reject();
      });
    });
  }

  function send(path, what) {
    return fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": box.dataset.token },
      body: JSON.stringify(what)
    }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
    });
  }

  function show(subscribed) {
    start.hidden = subscribed;
    stop.hidden = !subscribed;
    box.hidden = false;
  }

  function say(words) { told.textContent = words; }

  function subscribe() {
    return Notification.requestPermission().then(function (allowed) {
      if (allowed !== "granted") throw new Error("denied");
      return Promise.all([worker(), fetch(box.dataset.key).then(function (answer) { return answer.json(); })]);
    }).then(function (both) {
      var options = { userVisibleOnly: true, applicationServerKey: bytes(both[1].key) };
      return both[0].pushManager.subscribe(options);
    }).then(function (subscription) {
      return send(box.dataset.to, subscription.toJSON());
    });
  }

  function unsubscribe() {
    return worker().then(function (registration) {
      return registration.pushManager.getSubscription();
    }).then(function (subscription) {
      if (!subscription) return null;
      return send(box.dataset.stop, { endpoint: subscription.endpoint });
    });
  }

  // This order's own wish is kept in this browser: one subscription serves several orders.
  function remember(subscribed) {
    try {
      if (subscribed) window.localStorage.setItem(box.dataset.to, "1");
      else window.localStorage.removeItem(box.dataset.to);
    } catch (_fault) { /* a private window: the button merely asks again */ }
  }

  function remembered() {
    try {
      return window.localStorage.getItem(box.dataset.to) === "1" && Notification.permission === "granted";
    } catch (_fault) {
      return false;
    }
  }

  function act(button, doing, subscribed, words) {
    button.addEventListener("click", function () {
      button.disabled = true;
      doing().then(function () {
        remember(subscribed);
        show(subscribed);
        say(words);
      }, function () { say(box.dataset.failed); }).then(function () { button.disabled = false; });
    });
  }

  act(start, subscribe, true, box.dataset.started);
  act(stop, unsubscribe, false, box.dataset.stopped);
  show(remembered());
})();
