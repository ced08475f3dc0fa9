// What a courier told and the server has not heard yet: kept in IndexedDB, so that neither a lost connection nor a lost tab
// loses it. A telling is an object {key, staff, parcel, kind, fields, photo, at, refused}; `key` names it for good.
window.courierQueue = (function () {
  "use strict";

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

  return {
    newKey: newKey,
    put: function (told) { return within("readwrite", function (store) { return store.put(told); }); },
    drop: function (key) { return within("readwrite", function (store) { return store.delete(key); }); },
    // The oldest first.
    all: function () {
      return within("readonly", function (store) { return store.getAll(); }).then(function (found) {
        return found.sort(function (one, other) { return one.at - other.at; });
      });
    }
  };
})();
