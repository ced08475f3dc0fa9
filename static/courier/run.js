// A run on the phone. Every form here works without this file; with it, what is told is kept on the phone first and sent when
// there is a connection, so that the page works without one.
(function () {
  "use strict";

  var page = document.querySelector("[data-run]");
  if (!page || !window.indexedDB || !window.fetch || !window.FormData) return;

  var words = JSON.parse(page.dataset.words), queue = window.courierQueue;
  var staff = Number(page.dataset.staff), attempts = Number(page.dataset.attempts);
  var UNDO = 10 * 60 * 1000, RETRY = 20 * 1000;
  var stops = Array.prototype.slice.call(page.querySelectorAll("[data-parcel]"));
  var stands = {}, heardAt = page.dataset.at, busy = false, again = false;

  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function one(selector, within) { return (within || page).querySelector(selector); }
  function fill(text, values) { return text.replace(/\{(\w+)\}/g, function (_all, name) { return values[name]; }); }
  function clock(at) { return new Date(at).toLocaleTimeString("vi", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" }); }

  // How the server last said that a stop stands; at first, what the page itself says.
  stops.forEach(function (stop) {
    stands[stop.dataset.parcel] = {
      state: stop.dataset.state, attempts: Number(stop.dataset.attempts), undoable: stop.dataset.undoable,
      last: stop.dataset.last, heard: stop.dataset.heard.split(" "), at: null, by: "", html: one("[data-stands]", stop).innerHTML
    };
  });

  // What a stop is with all that this phone told and did not yet hear counted: the phone goes by the same rules as the server.
  function foreseen(stop, unheard) {
    var server = stands[stop.dataset.parcel];
    var known = { state: server.state, attempts: server.attempts, undoable: server.undoable, told: null, at: server.at, by: server.by };
    var undone = {};
    unheard.forEach(function (told) { if (told.kind === "undone") undone[told.fields.undoes] = true; });
    if (undone[server.last]) { known.state = "dispatched"; known.undoable = ""; if (server.state === "failed") known.attempts -= 1; }
    unheard.forEach(function (told) {
      if (told.kind === "undone" || undone[told.key] || known.state === "delivered") return; // what was handed over does not fail afterwards
      if (told.kind === "failed") known.attempts += 1;
      known.state = told.kind; known.told = told; known.undoable = told.before ? "" : told.key; known.at = told.at; known.by = words.me;
    });
    known.left = known.state === "dispatched" || (known.state === "failed" && known.attempts < attempts);
    return known;
  }

  function show(stop, unheard) {
    if (stop.hasAttribute("data-gone")) return false;
    var known = foreseen(stop, unheard), server = stands[stop.dataset.parcel];
    var unsent = unheard.some(function (told) { return !told.taken; }) ? " (" + words.waiting + ")" : "";
    stop.dataset.state = known.state;
    stop.dataset.left = known.left ? "yes" : "no";
    each(stop.querySelectorAll("[data-when=left]"), function (part) { part.hidden = !known.left; });
    var undo = one("[data-when=undo]", stop);
    if (undo) {
      undo.hidden = !known.undoable || (known.told && Date.now() - known.told.at > UNDO);
      one("[name=undoes]", undo).value = known.undoable;
    }
    var place = one("[data-stands]", stop);
    if (known.told) {
      place.textContent = words[known.told.kind] + " " + clock(known.told.at) + unsent;
    } else if (known.state === server.state) {
      place.innerHTML = server.html;
    } else {
      place.textContent = words.undone + unsent;
    }
    var list = one("[data-list=" + (known.left ? "left" : "done") + "]");
    if (stop.parentElement !== list) {
      each(stop.querySelectorAll("details[open]"), function (details) { details.open = false; });
      list.insertBefore(stop, list.firstElementChild);
    }
    return known.left;
  }

  // What is left comes first, the urgent on top, second attempts last: as the server would put them.
  function arrange() {
    var list = one("[data-list=left]");
    Array.prototype.slice.call(list.children).sort(function (a, b) {
      return (b.dataset.urgent === "yes") - (a.dataset.urgent === "yes") || (a.dataset.state === "failed") - (b.dataset.state === "failed") || a.dataset.place - b.dataset.place;
    }).forEach(function (stop, number) {
      if (list.children[number] !== stop) list.insertBefore(stop, list.children[number]);
    });
  }

  function refresh() {
    return recall().then(queue.everything).then(function (found) {
      var all = found.filter(function (told) { return !told.taken; });
      var ours = all.filter(function (told) { return told.staff === staff; });
      var waiting = ours.filter(function (told) { return !told.refused; });
      var left = stops.filter(function (stop) {
        var heard = stands[stop.dataset.parcel].heard;
        return show(stop, found.filter(function (told) {
          return String(told.parcel) === stop.dataset.parcel && (told.taken || waiting.indexOf(told) >= 0) && heard.indexOf(told.key) < 0;
        }));
      }).length;
      arrange();
      one("[data-left-words]").textContent = fill(words.left, { left: left, all: stops.length });
      var others = all.length - ours.length;
      var said = waiting.length ? fill(words.queue, { many: waiting.length }) : "";
      if (!navigator.onLine) said = words.offline + " " + said;
      if (others) said += " " + fill(words.others, { many: others });
      say(said);
      refusals(ours.filter(function (told) { return told.refused; }));
      page.dataset.waiting = waiting.length;
      return waiting;
    });
  }

  function say(text) {
    var place = one("[data-queue]");
    if (place.textContent !== text) place.textContent = text;
  }

  // What the server did not take stays until somebody has looked.
  function refusals(refused) {
    var place = one("[data-refused]");
    place.textContent = "";
    refused.forEach(function (told) {
      var line = document.createElement("div"), text = document.createElement("p");
      var stop = one("[data-parcel='" + told.parcel + "']");
      line.className = "notice notice--bad";
      text.textContent = words.refused + " " + (stop ? stop.dataset.code + ": " : "") + told.refused;
      line.append(text, button(words.resend, function () {
        told.refused = "";
        return queue.put(told).then(refresh).then(send);
      }), " ", button(words.again, function () {
        return queue.drop(told.key).then(refresh).then(function () { if (stop) open(stop, told.kind); });
      }));
      place.append(line);
    });
  }

  function button(text, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "button button--quiet small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function open(stop, kind) {
    var form = one("[data-tell=" + (kind || "delivered") + "]", stop);
    var details = form && form.closest("details");
    if (details) details.open = true;
    stop.scrollIntoView({ block: "start" });
    var first = details ? details.querySelector("summary") : stop;
    if (first) first.focus({ preventScroll: true });
  }

  // Telling: the form's fields go into the queue, then out of it.
  var small = new WeakMap();

  function tell(form) {
    var stop = form.closest("[data-parcel]"), kind = form.dataset.tell, fields = {}, faults = "";
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== "string" || name === "csrf_token" || name === "kind" || name === "key") return;
      if (name === "short") fields.short = (fields.short || []).concat(value); else fields[name] = value;
    });
    if (form.dataset.saving || form.dataset.shrinking) return Promise.resolve();
    var photo = small.get(form);
    if (kind === "delivered" && !photo && !(fields.witness || "").trim()) faults = words.proof;
    if (kind === "failed" && !fields.reason) faults = words.why;
    if (faults) return wrong(form, faults);
    var told = { key: queue.newKey(), staff: staff, parcel: Number(stop.dataset.parcel), kind: kind, fields: fields, photo: photo ? photo.blob : null, at: Date.now(), refused: "" };
    form.dataset.saving = "yes"; // a second tap is none
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(function () {});
    return queue.put(told).then(function () {
      delete form.dataset.saving;
      form.reset();
      small.delete(form);
      each(form.querySelectorAll("canvas, [data-wrong]"), function (old) { old.remove(); });
      var status = one("[data-photo]", form);
      if (status) status.textContent = "";
      return refresh();
    }, function () {
      delete form.dataset.saving;
      return wrong(form, words.full);
    }).then(send);
  }

  function wrong(form, text) {
    var place = one("[data-wrong]", form);
    if (!place) {
      place = document.createElement("p");
      place.className = "field__error";
      place.setAttribute("role", "alert");
      place.setAttribute("data-wrong", "");
      form.insertBefore(place, form.firstElementChild);
    }
    place.textContent = text;
    return Promise.resolve();
  }

  function takePhoto(input) {
    var form = input.closest("form"), status = one("[data-photo]", form), file = input.files[0];
    small.delete(form);
    each(form.querySelectorAll("canvas, [data-wrong]"), function (old) { old.remove(); });
    status.textContent = "";
    if (!file) return;
    status.textContent = words.shrinking;
    form.dataset.shrinking = "yes";
    window.courierPhoto.small(file).then(function (made) {
      delete form.dataset.shrinking;
      if (input.files[0] !== file) return;
      small.set(form, made);
      made.canvas.className = "photo-preview";
      status.textContent = fill(words.photo, { kb: Math.ceil(made.blob.size / 1000) });
      status.after(made.canvas);
    }, function () {
      delete form.dataset.shrinking;
      input.value = "";
      status.textContent = "";
      wrong(form, words.badPhoto);
    });
  }

  page.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.tell) { event.preventDefault(); tell(form); }
    if (form.hasAttribute("data-typed")) { event.preventDefault(); look(form.elements.namedItem("code").value); }
  });
  page.addEventListener("change", function (event) {
    if (event.target.name === "photo") takePhoto(event.target);
  });

  function send() {
    if (busy) { again = true; return Promise.resolve(); }
    busy = true;
    again = false;
    return window.courierSend.all(staff, refresh, function () {
      return window.courierSend.json(page.dataset.stops).then(function (now) { hearAll(now); return remember(now); });
    }).then(refresh).catch(function (fault) {
      return refresh().then(function () {
        if (fault.message === "signed out") say(words.signedOut);
        if (fault.message === "gone") say(words.runGone);
      });
    }).catch(function () {}).then(function () {
      busy = false;
      if (again) return send();
    });
  }

  // What the server said last is kept beside the page, which without a connection opens as it was when it was fetched. Only then
  // what was told and is in it may be forgotten.
  function remember(now) {
    if (!window.caches) return Promise.resolve();
    var said = new Response(JSON.stringify({ stops: now.stops, at: now.at }), { headers: { "Content-Type": "application/json" } });
    return caches.open("courier").then(function (cache) { return cache.put(page.dataset.stops, said); }).then(function () {
      return queue.forget([].concat.apply([], now.stops.map(function (told) { return told.heard; })));
    }).catch(function () {});
  }

  function recall() {
    if (!window.caches) return Promise.resolve();
    return caches.match(page.dataset.stops, { cacheName: "courier" }).then(function (said) {
      return said && said.json().then(function (kept) {
        if (new Date(kept.at) > new Date(heardAt)) hearAll(kept);
      });
    }).catch(function () {});
  }

  function hearAll(now) {
    now.stops.forEach(hear);
    heardAt = now.at;
  }

  function hear(told) {
    var stop = one("[data-parcel='" + told.parcel + "']");
    if (!stop) return;
    stop.dataset.urgent = told.urgent ? "yes" : "no";
    var text = "";
    if (told.state === "delivered") text = words.delivered + " " + clock(told.at) + ", " + told.by;
    if (told.state === "failed") text = words.failed + " " + told.because;
    var holder = document.createElement("span");
    holder.textContent = text;
    stands[told.parcel] = { state: told.state, attempts: told.attempts, undoable: told.undoable, last: told.last || told.undoable, heard: told.heard || [], at: told.at, by: told.by, html: holder.innerHTML };
  }

  // Looking: what is in this run is known without a connection.
  function codeIn(text) {
    var found = text.toUpperCase().replace(/[^0-9A-Z]+/g, "").match(/DC[0-9A-Z]{7}/);
    return found ? found[0] : "";
  }

  function verdict(good, code, text) {
    var place = one("[data-verdict]");
    place.hidden = false;
    place.className = "verdict verdict--" + (good ? "good" : "bad");
    place.textContent = (code ? code + ": " : "") + text;
    if (!good) place.focus();
  }

  function look(text) {
    var code = codeIn(text);
    var stop = code && one("[data-code='" + code + "']");
    if (!code) return verdict(false, "", words.noCode);
    if (stop) return found(stop, code);
    return fetch(page.dataset.look + "?code=" + encodeURIComponent(code), { headers: { Accept: "application/json" }, redirect: "manual" }).then(function (answer) {
      if (!answer.ok) throw new Error("no answer");
      return answer.json();
    }).then(function (told) { verdict(told.good, code, told.words); }, function () { verdict(false, code, words.notHere); });
  }

  function found(stop, code) {
    var server = stands[stop.dataset.parcel];
    if (stop.hasAttribute("data-gone")) return verdict(false, code, words.gone);
    if (stop.dataset.left === "yes") {
      verdict(true, code, stop.dataset.state === "failed" ? words.tryAgain : words.handOver);
      return open(stop, "delivered");
    }
    if (stop.dataset.state !== "delivered") return verdict(false, code, one("[data-stands]", stop).textContent.trim());
    if (server.state === "delivered" && server.at) return verdict(false, code, fill(words.already, { at: clock(server.at), by: server.by }));
    verdict(false, code, one("[data-stands]", stop).textContent.trim());
  }

  function scanner() {
    var panel = one("[data-scanner]"), button = one("[data-scan]"), file = one("#code-photo");
    one("[data-from-photo]").hidden = false;
    file.addEventListener("change", function () {
      if (file.files[0]) window.courierScan.inPhoto(file.files[0]).then(look, function () { verdict(false, "", words.noneInPhoto); });
      file.value = "";
    });
    if (!window.courierScan.possible()) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      panel.hidden = false;
      window.courierScan.start(one("video", panel), function (text) { panel.hidden = true; look(text); }).catch(function () {
        panel.hidden = true;
        verdict(false, "", words.noCamera);
      });
    });
    one("[data-stop-scan]").addEventListener("click", function () { window.courierScan.stop(); panel.hidden = true; });
  }

  // Says so once this page opens without a connection, too.
  function kept() {
    var place = one("[data-kept]");
    return caches.match(location.pathname, { cacheName: "courier" }).then(function (found) {
      if (found && navigator.serviceWorker.controller) place.textContent = words.kept;
      else window.setTimeout(kept, 500);
    });
  }

  if (navigator.serviceWorker && window.caches) {
    navigator.serviceWorker.register(page.dataset.worker, { scope: "/courier/", updateViaCache: "all" }).then(kept).catch(function () {});
  }
  scanner();
  window.addEventListener("online", send);
  window.addEventListener("offline", refresh);
  // Where nothing waits, how the stops stand is asked for more seldom.
  var beats = 0;
  window.setInterval(function () {
    beats += 1;
    if (navigator.onLine && (Number(page.dataset.waiting) || beats % 4 === 0)) send(); else refresh();
  }, RETRY);
  refresh().then(send);
})();
