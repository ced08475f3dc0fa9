// What a courier told and the server has not heard yet: kept in IndexedDB, so that neither a lost connection nor a lost tab
// loses it. A telling is an object {key, staff, parcel, kind, fields, photo, at, refused}; `key` names it for good.
// What the server has taken moves to a second store, without words and photo: a page that was kept from before knows by it
// what was done, until it has heard so from the server.
window.courierQueue = (function () {
  "use strict";

  var SHIFT = 14 * 3600 * 1000; // so long a page is kept, see worker.js

  function opened() {
    return new Promise(function (resolve, reject) {
      var asked = indexedDB.open("courier", 2);
      asked.onupgradeneeded = function () {
        ["told", "taken"].forEach(function (name) {
          if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath: "key" });
        });
      };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }

  // One transaction; it is done when the browser has written it to the disk, not when it was asked to.
  function within(mode, act) {
    return opened().then(function (database) {
      return new Promise(function (resolve, reject) {
        var transaction = database.transaction(["told", "taken"], mode, { durability: "strict" });
        var asked = act(transaction.objectStore("told"), transaction.objectStore("taken"));
        transaction.oncomplete = function () { database.close(); resolve(asked.result); };
        transaction.onerror = transaction.onabort = function () { database.close(); reject(transaction.error); };
      });
    });
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, function (digit) {
      return (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16);
    });
  }

  function byAge(found) {
    return found.sort(function (one, other) { return one.at - other.at; });
  }

  return {
    newKey: newKey,
    put: function (told) { return within("readwrite", function (waiting) { return waiting.put(told); }); },
    drop: function (key) { return within("readwrite", function (waiting) { return waiting.delete(key); }); },
    // The oldest first.
    all: function () { return within("readonly", function (waiting) { return waiting.getAll(); }).then(byAge); },
    take: function (told) {
      var bare = { key: told.key, parcel: told.parcel, kind: told.kind, fields: { undoes: told.fields.undoes }, at: told.at, taken: true };
      return within("readwrite", function (waiting, taken) { waiting.delete(told.key); return taken.put(bare); });
    },
    taken: function () { return within("readonly", function (_waiting, taken) { return taken.getAll(); }).then(byAge); },
    // Of what was taken: these, and what no kept page is old enough for.
    forget: function (keys) {
      return within("readwrite", function (_waiting, taken) {
        var all = taken.openCursor();
        all.onsuccess = function () {
          var at = all.result;
          if (!at) return;
          if (keys.indexOf(at.value.key) >= 0 || Date.now() - at.value.at > SHIFT) at.delete();
          at.continue();
        };
        return all;
      });
    }
  };
})();
