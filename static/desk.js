// The desk's keys. A key presses the control that names it as aria-keyshortcuts; arrows, or j and k, go from stop to stop.
// Everything works without this file, by buttons and Tab. No vowels and no tone keys of Telex: input methods leave the rest alone.
(function () {
  "use strict";

  var help = document.getElementById("keys");
  var written = "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable]";
  var steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

  document.querySelectorAll("kbd.key, [data-opens]").forEach(function (each) { each.hidden = false; });

  function visible(element) {
    return element.getClientRects().length > 0;
  }

  // A summary opens, and the first field of what it opened is ready to be typed in.
  function press(control) {
    if (control.tagName !== "SUMMARY") return control.click();
    control.parentElement.open = true;
    control.parentElement.querySelector("form").querySelector(written.replace("input:not(", "input:not([type=hidden], ")).focus();
  }

  function open() {
    if (help) help.showModal();
  }

  // From the chosen order, or the link in focus, to the next: what is in focus shows, and a radio is chosen with it.
  function go(step) {
    var stops = Array.prototype.slice.call(document.querySelectorAll("[data-stop], .candidate input[type=radio]"));
    if (!stops.length) return false;
    var here = stops.findIndex(function (stop) { return stop === document.activeElement; });
    if (here < 0) here = stops.findIndex(function (stop) { return stop.checked; });
    var next = here < 0 ? (step > 0 ? 0 : stops.length - 1) : Math.min(Math.max(here + step, 0), stops.length - 1);
    if (stops[next].type === "radio") stops[next].checked = true;
    stops[next].focus();
    stops[next].closest("tr, .candidate").scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (help && help.open) return;
    var typing = event.target.closest && event.target.closest(written);
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    if (event.key === "?") {
      event.preventDefault();
      return open();
    }
    if (event.shiftKey) return;
    if (steps[event.key]) {
      if (go(steps[event.key])) event.preventDefault();
      return;
    }
    if (event.repeat || !/^[a-z]$/.test(event.key)) return;
    var controls = Array.prototype.slice.call(document.querySelectorAll('[aria-keyshortcuts="' + event.key + '"]'));
    var control = controls.find(visible);
    if (!control) return;
    event.preventDefault();
    press(control);
  });

  // What a running import says to those who hear the page: each step once, though the page looks every other second.
  function hear() {
    var heard = document.getElementById("heard");
    var now = heard && document.querySelector("[data-heard]");
    if (now && heard.textContent !== now.dataset.heard) heard.textContent = now.dataset.heard;
  }
  document.addEventListener("htmx:afterSettle", hear);
  hear();

  document.querySelectorAll("[data-opens]").forEach(function (each) { each.addEventListener("click", open); });
})();
