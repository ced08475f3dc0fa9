// Sends what a courier told: one after the other, the oldest first. What was sent and not answered is sent again; its key makes
// it count once. One that the server cannot take now holds back only what was told of the same stop.
window.courierSend = (function () {
  "use strict";

  var PATIENCE = 90 * 1000, queue = window.courierQueue;
  var NOT_DONE = ["undone", "waiting", "too_late"]; // outcomes by which what was told changes nothing

  function asked(address, options) {
    var control = new AbortController(), timer = window.setTimeout(function () { control.abort(); }, PATIENCE);
    options.signal = control.signal;
    options.redirect = "manual";
    options.headers = Object.assign({ Accept: "application/json" }, options.headers);
    return fetch(address, options).finally(function () { window.clearTimeout(timer); }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Error("signed out");
      return answer;
    });
  }

  function json(address) {
    return asked(address, { cache: "no-store" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status === 404 ? "gone" : "no answer");
      return answer.json();
    });
  }

  function post(told, csrf) {
    var body = new FormData();
    body.append("key", told.key);
    body.append("kind", told.kind);
    body.append("age", String(Math.max(0, Math.round((Date.now() - told.at) / 1000))));
    Object.keys(told.fields).forEach(function (name) {
      [].concat(told.fields[name]).forEach(function (value) { body.append(name, value); });
    });
    if (told.photo) body.append("photo", told.photo, "door.jpg");
    return asked("/courier/parcels/" + told.parcel, { method: "POST", body: body, headers: { "X-CSRFToken": csrf } });
  }

  // Answers whether it is settled; what is refused stays, with why, until somebody has looked. Only the server's own words that
  // it has this telling settle it: what else answers on the way to it does not.
  function settle(told, answer) {
    if (answer.ok) return answer.json().then(function (said) {
      if (said.key !== told.key) return false;
      var before = said.outcome === "already_delivered";
      var gone = NOT_DONE.indexOf(said.outcome) < 0 ? queue.take(told, before) : queue.drop(told.key);
      return gone.then(function () { return true; });
    }, function () { return false; });
    if (answer.status === 429) throw new Error("later");
    if (answer.status >= 500 || answer.status === 400) return Promise.resolve(false);
    return answer.json().then(function (said) {
      var names = Object.keys(said.errors || {});
      return names.length ? said.errors[names[0]] : String(answer.status);
    }, function () { return String(answer.status); }).then(function (why) {
      told.refused = why;
      return queue.put(told).then(function () { return true; });
    });
  }

  // Two tabs of one phone take turns.
  function alone(act) {
    return navigator.locks ? navigator.locks.request("courier", act) : act();
  }

  // All that waits of this account; `after` is called when one is settled. What is done `last` is done before another tab's turn.
  function all(staff, after, last) {
    return alone(function () {
      return json("/courier/me.json").then(function (me) {
        if (me.staff !== staff) throw new Error("signed out");
        return queue.all().then(function (told) {
          var stuck = {};
          return told.filter(function (each) { return each.staff === staff && !each.refused; }).reduce(function (before, each) {
            return before.then(function () {
              if (stuck[each.parcel]) return;
              return post(each, me.csrf).then(function (answer) { return settle(each, answer); }).then(function (settled) {
                if (!settled) stuck[each.parcel] = true;
                return after();
              });
            });
          }, Promise.resolve());
        });
      }).then(last);
    });
  }

  return { all: all, json: json };
})();
