// Codes read from the camera or from a photo of one. `QrScanner` is vendored; where a browser reads codes itself, it lets it.
window.courierScan = (function () {
  "use strict";

  var scanner = null;

  function stop() {
    if (scanner) scanner.destroy();
    scanner = null;
  }

  return {
    possible: function () { return Boolean(window.QrScanner && navigator.mediaDevices && navigator.mediaDevices.getUserMedia); },
    // Calls `found` once with the text of the first code that is seen.
    start: function (video, found) {
      stop();
      scanner = new QrScanner(video, function (result) {
        if (!scanner) return;
        stop();
        found(result.data);
      }, { returnDetailedScanResult: true, preferredCamera: "environment", maxScansPerSecond: 10 });
      return scanner.start();
    },
    stop: stop,
    inPhoto: function (file) {
      return QrScanner.scanImage(file, { returnDetailedScanResult: true }).then(function (result) { return result.data; });
    }
  };
})();
