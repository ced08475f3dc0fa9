"""A browser in front of the cities of states: opens a state as its visitor sees it, and asks the page questions."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize

from tests.states.city import StatesCity
from tests.states.table import State

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
  const form = forms.find(each => new URL(each.action).pathname === address) || forms[0];
  form.noValidate = true;
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (field.tagName === "INPUT" && field.type.startsWith("date")) field.type = "text";
    field.value = value;
  }
  form.submit();
}"""


@dataclass
class Looker:
    """Opens states, each for a visitor of its own."""

    browser: Browser
    cities: dict[str, StatesCity]
    opened: list[Any] = field(default_factory=list)

    def open(self, state: State, *, language: str = "vi", viewport: ViewportSize = PHONE, dark: bool = False) -> Page:
        """The page of ``state``; it must answer with the state's status."""
        city = self.cities[state.city]
        context = self.browser.new_context(
            base_url=city.url,
            viewport=viewport,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            # Each visit comes from an address of its own, so that no throttle shuts.
            extra_http_headers={"X-Forwarded-For": f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"},
        )
        self.opened.append(context)
        cookies = {"market": city.cookies[state.who], "language": language}
        context.add_cookies(
            [{"name": name, "value": value, "url": city.url} for name, value in cookies.items() if value]
        )
        page = context.new_page()
        answer = page.goto(state.address.format(**city.things))
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

    def close(self) -> None:
        for context in self.opened:
            context.close()
        self.opened.clear()


def faults_by_axe(page: Page) -> list[str]:
    """What axe finds on the page as it stands."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(AXE_RUN, TAGS)
    return found
