"""Every page in every state: axe finds nothing, nothing is lost when enlarged, the focus is seen, faults are heard."""

import pytest
from playwright.sync_api import Page

from tests.states.looking import DESK, PHONE, Looker, faults_by_axe
from tests.states.state import State
from tests.states.table import CI, LOOKED_AT, NOT_PAGES, STATES

pytestmark = pytest.mark.browser

every_state = pytest.mark.parametrize("state", LOOKED_AT, ids=str)
EACH_PAGE_ONCE = list({state.rule: state for state in reversed(STATES)}.values())[:: 2 if CI else 1]
WITH_FAULTS = [state for state in STATES if state.faulty]
HEARD = [("vi", "Lỗi: "), ("en", "Error: ")][: 1 if CI else 2]
# 1.4.10 asks for 320 px; a desk at 200 % is half as wide, and so it is where a browser's letters are twice as large.
NARROW = {"320 px wide": (320, 740), "at 200 %": (640, 400)}


def only_faults(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: faults for name, faults in found.items() if faults}


def what_is_lost(page: Page) -> dict[str, list[str]]:
    found = {"targets": page.evaluate("probes.small()"), "as it is": page.evaluate("probes.lost()")}
    for name, (width, height) in NARROW.items():
        page.set_viewport_size({"width": width, "height": height})
        found[name] = page.evaluate("probes.lost()")
    page.evaluate("probes.spaceOut()")
    page.set_viewport_size(PHONE)
    found["spaced out"] = page.evaluate("probes.lost()")
    page.evaluate("probes.asItIs()")
    return found


def test_every_page_is_listed_with_its_states(cities):
    listed = {state.rule for state in STATES} | NOT_PAGES.keys()

    assert cities["full"].rules - listed == set(), "tests/states/table.py says how to reach each page: add these"


@every_state
def test_axe_finds_nothing_and_nothing_is_lost(looker: Looker, state: State):
    page = looker.open(state)
    found = {
        "on a phone by day": faults_by_axe(page),
        "days": page.evaluate("probes.days()"),
        "placeholders": page.evaluate("probes.placeholders()"),
        **what_is_lost(page),
    }
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    found["at a desk by night"] = faults_by_axe(page)

    assert only_faults(found) == {}


@pytest.mark.parametrize("state", EACH_PAGE_ONCE, ids=str)
def test_axe_finds_nothing_in_english(looker: Looker, state: State):
    assert faults_by_axe(looker.open(state, language="en")) == []


@pytest.mark.parametrize("state", EACH_PAGE_ONCE, ids=str)
def test_the_focus_is_seen_and_nothing_lies_on_it(looker: Looker, state: State):
    page, found = looker.open(state), {}
    page.keyboard.press("Tab")
    for name, size in (("phone", PHONE), ("desk", DESK), ("desk by night", DESK)):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if "night" in name else "light")
        found[name] = page.evaluate("probes.focus()")

    assert only_faults(found) == {}


def held(page: Page, name: str) -> set[str | None]:
    """What the fields of this name hold. Only a browser without fields for days lets somebody type what is no day; this
    one empties its field of it, so here the page's own text counts, too."""
    fields = page.locator(f"main [name={name}]").all()
    return {value for each in fields for value in (each.input_value(), each.get_attribute("value"))}


@pytest.mark.parametrize("state", WITH_FAULTS, ids=str)
@pytest.mark.parametrize(("language", "word"), HEARD, ids=[language for language, _word in HEARD])
def test_faults_are_heard_and_what_was_typed_is_still_there(looker: Looker, state: State, language: str, word: str):
    page = looker.open(state, language=language)
    typed = {name: value for name, value in looker.typed(state).items() if name != "password"}

    assert page.evaluate("word => probes.faulty(word)", word) == []
    for name, value in typed.items():
        assert value in held(page, name), name
