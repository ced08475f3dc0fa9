// Shows what the server pushes, and opens the order's page when it is touched. Served as the second half of the site's worker (shop/offline.py).
(function () {
  "use strict";

  function read(event) {
    try {
      return event.data ? event.data.json() : {};
    } catch (_fault) {
      return {};
    }
  }

  // Only a page of this very site is opened, whatever a message says.
  function ours(link) {
    try {
      var address = new URL(link || "/", self.location.origin);
      return address.origin === self.location.origin ? address.href : self.location.origin + "/";
    } catch (_fault) {
      return self.location.origin + "/";
    }
  }

  self.addEventListener("push", function (event) {
    var said = read(event);
    event.waitUntil(self.registration.showNotification(said.title || "Đi Chợ Thay", {
      body: said.body || "",
      tag: said.tag,
      data: { link: ours(said.link) }
    }));
  });

  self.addEventListener("notificationclick", function (event) {
    var link = ours((event.notification.data || {}).link);
    event.notification.close();
    event.waitUntil(self.clients.matchAll({ type: "window", includeUncontrolled: true }).then(function (pages) {
      var open = pages.filter(function (page) { return page.url === link; })[0];
      return open ? open.focus() : self.clients.openWindow(link);
    }));
  });
})();
