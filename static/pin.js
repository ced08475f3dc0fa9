// The checkout's button that asks the phone where it is. Where a browser cannot tell, or scripts do not run, it is not there.
(function () {
  "use strict";

  var box = document.querySelector("[data-pin]");
  if (!box || !navigator.geolocation) return;
  var field = document.getElementById("location");
  var button = box.querySelector("button");
  var told = box.querySelector("[role=status]");
  var look = box.querySelector("a");

  function say(words) { told.textContent = words; }

  function show() {
    var numbers = /^\s*(-?\d+\.\d+),\s*(-?\d+\.\d+)\s*$/.exec(field.value);
    look.hidden = !numbers;
    if (numbers) look.href = "geo:" + numbers[1] + "," + numbers[2];
  }

  function found(position) {
    var at = position.coords;
    field.value = at.latitude.toFixed(6) + ", " + at.longitude.toFixed(6);
    button.disabled = false;
    say(box.dataset.found.replace("{m}", Math.ceil(at.accuracy)));
    show();
  }

  function failed(fault) {
    button.disabled = false;
    say(fault.code === fault.PERMISSION_DENIED ? box.dataset.denied : box.dataset.lost);
  }

  button.addEventListener("click", function () {
    button.disabled = true;
    say(box.dataset.asking);
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
  field.addEventListener("input", show);
  box.hidden = false;
  show();
})();
