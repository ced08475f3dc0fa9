// Questions to a page that axe does not ask. Each answers a list of faults, empty where there are none.
window.probes = (function () {
  "use strict";

  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const name = each => `${each.tagName.toLowerCase()}${each.id ? "#" + each.id : ""} ${(each.innerText || each.name || "").trim().slice(0, 50)}`;
  const all = selector => [...document.querySelectorAll(selector)];

  function shown(element) {
    return element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .skip, [hidden], option");
  }

  function around(element, holds) {
    for (let each = element.parentElement; each; each = each.parentElement) if (holds(each)) return each;
    return null;
  }

  function texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode, element = node.parentElement;
      if (!node.data.trim() || /SCRIPT|STYLE|NOSCRIPT|TEXTAREA|OPTION|PROGRESS|DATALIST/.test(element.tagName) || !shown(element)) continue;
      found.push([node, element]);
    }
    return found;
  }

  function rects(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(each => each.width > 1 && each.height > 1);
  }

  // What an element's ancestors, itself included, do to it; each is asked once.
  function fates() {
    const known = new Map();
    return function fate(element) {
      if (!element || element === document.body) return { scrolls: false, clips: null, sticks: false };
      if (known.has(element)) return known.get(element);
      const style = getComputedStyle(element), above = fate(element.parentElement), ellipsis = style.textOverflow === "ellipsis" && element.title;
      const wide = /hidden|clip/.test(style.overflowX) && style.display !== "inline" && element.scrollWidth > element.clientWidth + 1;
      const high = /hidden|clip/.test(style.overflowY) && style.display !== "inline" && element.clientHeight && element.scrollHeight > element.clientHeight + 2;
      const found = {
        scrolls: above.scrolls || /auto|scroll/.test(style.overflowX),
        clips: wide || high ? element : above.clips,
        excused: wide || high ? ellipsis : above.excused,
        sticks: above.sticks || style.position === "sticky",
      };
      known.set(element, found);
      return found;
    };
  }

  // Nothing stands outside the page, is cut off, or lies on something else.
  function lost() {
    const faults = [], width = document.documentElement.clientWidth, boxes = [], fate = fates();
    if (document.scrollingElement.scrollWidth > width + 1) faults.push(`the page scrolls sideways: ${document.scrollingElement.scrollWidth} > ${width}`);
    for (const [node, element] of texts()) {
      const { scrolls, clips, excused, sticks } = fate(element);
      if (clips && !excused) faults.push(`cut off: ${name(clips)}`);
      for (const rect of rects(node)) {
        if (!scrolls && (rect.right > width + 1 || rect.left < -1)) faults.push(`outside the page: ${node.data.trim().slice(0, 50)}`);
        if (!sticks && !clips) boxes.push([rect, node]);
      }
    }
    return [...new Set([...faults, ...overlapping(boxes)])];
  }

  function overlapping(boxes) {
    const faults = [];
    boxes.sort((a, b) => a[0].top - b[0].top);
    for (let i = 0; i < boxes.length; i++) {
      const [a, here] = boxes[i], slack = a.height / 3.5;
      for (let j = i + 1; j < boxes.length && boxes[j][0].top < a.bottom - slack; j++) {
        const [b, there] = boxes[j];
        if (here === there) continue;
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left), down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 2 && down > slack + b.height / 3.5 - 1) faults.push(`overlap: ${here.data.trim().slice(0, 30)} × ${there.data.trim().slice(0, 30)}`);
      }
    }
    return faults;
  }

  // 2.5.8: 24 by 24 px. Links that are text are axe's to judge: those in a line of words, or with room around them, may be lower.
  function small() {
    return all(CONTROLS).filter(shown).filter(each => each.tagName !== "A" || getComputedStyle(each).display !== "inline").filter(each => {
      const boxes = [each, ...(each.labels || [])].filter(one => one.tagName !== "LABEL" || one.contains(each)).map(one => one.getBoundingClientRect());
      const width = Math.max(...boxes.map(one => one.width)), height = Math.max(...boxes.map(one => one.height));
      return Math.min(width, height) < 23.9;
    }).map(each => `smaller than 24 px: ${name(each)}`);
  }

  function luminance(colour) {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map(each => each / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
  }

  function contrast(a, b) {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + .05) / (low + .05);
  }

  function ground(element) {
    const painted = around(element, each => !/rgba\(.*, 0\)|transparent/.test(getComputedStyle(each).backgroundColor));
    return painted ? getComputedStyle(painted).backgroundColor : "rgb(255, 255, 255)";
  }

  function ring(style) {
    const colours = [];
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) colours.push(style.outlineColor);
    const shadow = style.boxShadow.match(/^(rgba?\([^)]*\)) 0px 0px 0px ([\d.]+)px/);
    if (shadow && parseFloat(shadow[2]) >= 2) colours.push(shadow[1]);
    return colours;
  }

  // 2.4.7, 2.4.11, 2.4.13: what has the focus shows it at 3:1, and nothing lies on it.
  function focus() {
    const faults = [];
    for (const each of all(CONTROLS).filter(one => one.checkVisibility() && !one.disabled && !one.closest("dialog, [hidden]"))) {
      each.focus();
      if (document.activeElement !== each) continue;
      const style = getComputedStyle(each), best = Math.max(0, ...ring(style).map(colour => contrast(colour, ground(each))));
      if (!each.matches(":focus-visible") || best < 3) faults.push(`focus not seen (${best.toFixed(1)}:1): ${name(each)}`);
      const box = each.getClientRects()[0];
      if (!box) continue;
      const points = [.02, .1, .3, .5, .7, .9, .98].flatMap(x => [[x, .2], [x, .8]]).map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
      if (!points.some(found => found && (each.contains(found) || found.contains(each) || (each.labels && [...each.labels].some(one => one.contains(found)))))) faults.push(`focus hidden: ${name(each)} at ${Math.round(box.left)}, ${Math.round(box.top)}, ${Math.round(box.width)} × ${Math.round(box.height)}`);
    }
    return faults;
  }

  function wear(...rules) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules.join(" "));
    document.adoptedStyleSheets = [sheet];
  }

  // What is not in view is laid out all the same, so that it can be looked at.
  const WHOLE = "* { content-visibility: visible !important; }";
  wear(WHOLE);

  // 1.4.12
  function spaceOut() {
    wear(WHOLE, "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }");
  }

  const asItIs = () => wear(WHOLE);

  // Faults as a screen reader hears them: in focus, in the title, and each tied to its field.
  function faulty(word) {
    const faults = [], summary = document.querySelector("[data-faults]");
    if (!summary) return ["no summary of faults"];
    if (document.activeElement !== summary) faults.push("the summary has no focus");
    if (summary.getAttribute("role") !== "alert") faults.push("the summary is no alert");
    if (!document.title.startsWith(word)) faults.push(`the title does not begin with ${word}: ${document.title}`);
    for (const link of summary.querySelectorAll("a")) {
      const field = document.querySelector(link.getAttribute("href"));
      const told = field && (field.type === "radio" ? field.closest("fieldset") : field);
      if (!told) faults.push(`leads nowhere: ${link.innerText}`);
      else if (told.getAttribute("aria-invalid") !== "true") faults.push(`not marked as wrong: ${name(told)}`);
      else if (!(told.getAttribute("aria-describedby") || "").split(" ").some(id => (document.getElementById(id) || {}).innerText?.includes(link.innerText))) faults.push(`its fault is not tied to it: ${name(told)}`);
    }
    return faults;
  }

  // A placeholder is read to its end.
  function placeholders() {
    const pen = document.createElement("canvas").getContext("2d");
    return all("input[placeholder]").filter(shown).filter(each => {
      const style = getComputedStyle(each);
      pen.font = style.font;
      return pen.measureText(each.placeholder).width > each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 1;
    }).map(each => `placeholder cut off: ${each.placeholder}`);
  }

  // Browsers show days in the order of their own language: beside the field stands ours.
  function days() {
    return all("input[type^=date], input[type=time], input[type=month], input[type=week]").filter(each => {
      const hints = (each.getAttribute("aria-describedby") || "").split(" ").map(id => (document.getElementById(id) || {}).textContent || "");
      return !/\d{2}\/\d{2}\/\d{4}|24/.test(hints.join(" "));
    }).map(each => `no form of a day beside it: ${name(each)}`);
  }

  // Each piece of text with the language it is read in and where it stands: [text, language, where].
  function words() {
    const found = [[document.title, document.querySelector("title").lang || document.documentElement.lang, "title"]];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
      if (text && !/SCRIPT|STYLE|NOSCRIPT|TEXTAREA/.test(element.tagName)) found.push([text, element.closest("[lang]").lang, element.closest(".script") ? "script" : "text"]);
    }
    for (const element of all("*"))
      for (const attribute of ["aria-label", "title", "alt", "placeholder", "aria-description", "data-done", "content", "label"])
        if (element.hasAttribute(attribute) && element.tagName !== "META") found.push([element.getAttribute(attribute), element.closest("[lang]").lang, attribute]);
    return found;
  }

  return { lost, small, focus, spaceOut, asItIs, faulty, days, placeholders, words };
})();
