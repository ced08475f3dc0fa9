// What a courier told and the server has not heard yet: kept in IndexedDB, so that neither a lost connection nor a lost tab
// loses it. A telling is an object {key, staff, parcel, kind, fields, photo, at, refused}; `key` names it for good.
// Of what the server has taken a bare row stays, without words, photo or account: a page that was kept from before knows by it
// what was done, until it has heard so from the server.
window.courierQueue = (function () {
  "use strict";

  var LONG = 7 * 24 * 3600 * 1000; // far longer than a page is kept, see worker.js

  function opened() {
    return new Promise(function (resolve, reject) {
      var asked = indexedDB.open("courier", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore("told", { keyPath: "key" }); };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }

  // One transaction; it is done when the browser has written it to the disk, not when it was asked to.
  function within(mode, act) {
    return opened().then(function (database) {
      return new Promise(function (resolve, reject) {
        var transaction = database.transaction("told", mode, { durability: "strict" });
        var asked = act(transaction.objectStore("told"));
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

  // What waits and what was taken, the oldest first.
  function everything() {
    return within("readonly", function (store) { return store.getAll(); }).then(function (found) {
      return found.sort(function (one, other) { return one.at - other.at; });
    });
  }

  return {
    newKey: newKey,
    everything: everything,
    all: function () { return everything().then(function (found) { return found.filter(function (told) { return !told.taken; }); }); },
    put: function (told) { return within("readwrite", function (store) { return store.put(told); }); },
    drop: function (key) { return within("readwrite", function (store) { return store.delete(key); }); },
    // `before`: somebody else had handed it over.
    take: function (told, before) {
      var bare = {
        key: told.key, parcel: told.parcel, kind: before ? "delivered" : told.kind, fields: { undoes: told.fields.undoes },
        at: told.at, taken: Date.now(), before: before
      };
      return within("readwrite", function (store) { return store.put(bare); });
    },
    // Of what was taken: these, and what no kept page is old enough for.
    forget: function (keys) {
      return within("readwrite", function (store) {
        var all = store.openCursor();
        all.onsuccess = function () {
          var at = all.result;
          if (!at) return;
          if (at.value.taken && (keys.indexOf(at.value.key) >= 0 || Date.now() - at.value.taken > LONG)) at.delete();
          at.continue();
        };
        return all;
      });
    }
  };
})();
