// A photo made small on the phone: at most 1280 pixels and 80 KB, upright, with nothing in it but its pixels.
window.courierPhoto = (function () {
  "use strict";

  var LONGEST = 1280, MOST_BYTES = 80 * 1000;
  var QUALITIES = [0.82, 0.7, 0.58, 0.46, 0.34];

  function decoded(file) {
    if (window.createImageBitmap) {
      return createImageBitmap(file, { imageOrientation: "from-image" }).catch(function () { return byElement(file); });
    }
    return byElement(file);
  }

  // Older browsers take no options: an image element turns the photo by itself.
  function byElement(file) {
    return new Promise(function (resolve, reject) {
      var image = new Image(), address = URL.createObjectURL(file);
      image.onload = function () { URL.revokeObjectURL(address); resolve(image); };
      image.onerror = function () { URL.revokeObjectURL(address); reject(new Error("not a photo")); };
      image.src = address;
    });
  }

  function drawn(picture, longest) {
    var width = picture.width, height = picture.height, scale = Math.min(1, longest / Math.max(width, height));
    var canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function encoded(canvas, quality) {
    return new Promise(function (resolve) { canvas.toBlob(resolve, "image/jpeg", quality); });
  }

  // The best quality that fits; where none does, the same with fewer pixels.
  function fitted(picture, longest) {
    var canvas = drawn(picture, longest), tries = QUALITIES.slice();
    function next() {
      if (!tries.length) return fitted(picture, Math.round(longest * 0.75));
      return encoded(canvas, tries.shift()).then(function (blob) {
        if (!blob) throw new Error("not encoded");
        return blob.size <= MOST_BYTES ? { blob: blob, canvas: canvas } : next();
      });
    }
    return next();
  }

  return { small: function (file) { return decoded(file).then(function (picture) { return fitted(picture, LONGEST); }); } };
})();
