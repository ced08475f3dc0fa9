"""A browser in front of the cities of states: opens a state as its visitor sees it, and asks the page questions."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

from tests.states.city import StatesCity
from tests.states.state import State

ROOT = Path(__file__).parents[1]
AXE = (ROOT / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
AXE_RUN = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags}, rules: {"target-size": {enabled: true}}, resultTypes: ["violations"]
}).then(found => found.violations.flatMap(
  each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 160)} (${node.any.concat(node.all, node.none)
    .map(check => check.message).join("; ")})`)))"""
TYPE = """([address, fields]) => {
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const there = forms.filter(each => new URL(each.action).pathname === address);
  const holds = form => Object.keys(fields).every(name => form.elements.namedItem(name));
  const form = there.find(holds) || there[0] || forms[0];
  form.noValidate = true;
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith("+")) {
      form.action = address;
      form.append(Object.assign(document.createElement("input"), {type: "hidden", name: name.slice(1), value}));
      continue;
    }
    const field = form.elements.namedItem(name);
    if (field.tagName === "INPUT" && /^(date|time)/.test(field.type)) field.type = "text";
    if (field instanceof RadioNodeList) for (const each of field) each.checked = each.value === value;
    else field.value = value;
  }
  form.submit();
}"""


@dataclass
class Looker:
    """Opens states, each for a visitor of its own, in one window: its cache spares a second a page."""

    page: Page
    cities: dict[str, StatesCity]

    def open(self, state: State, *, language: str = "vi") -> Page:
        """The page of ``state`` on a phone by day; it must answer with the state's status."""
        city, page = self.cities[state.city], self.page
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.context.clear_cookies()
        page.context.add_cookies(_cookies(city, state.who, language))
        # Each visit comes from an address of its own, so that no throttle shuts.
        page.context.set_extra_http_headers({"X-Forwarded-For": f"2001:db8::{secrets.token_hex(2)}"})
        answer = page.goto(city.url + state.address.format(**city.things))
        if state.sends or state.to:
            with page.expect_navigation() as sent:
                page.evaluate(TYPE, [state.to.format(**city.things), self.typed(state)])
            answer = sent.value
        assert answer
        assert answer.status == state.status, f"{state}: {answer.status}"
        page.evaluate(PROBES)
        return page

    def typed(self, state: State) -> dict[str, str]:
        """What the state sends."""
        return {name: value.format(**self.cities[state.city].things) for name, value in state.sends.items()}


def _cookies(city: StatesCity, who: str, language: str) -> Any:
    named = {"market": city.cookies[who], "language": language}
    return [{"name": name, "value": value, "url": city.url} for name, value in named.items() if value]


def faults_by_axe(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(AXE_RUN, TAGS)
    return found
