"""Every page in every state: axe finds nothing, nothing is lost when enlarged, faults are heard."""

import pytest

from tests.states.looking import DESK, PHONE, Looker, faults_by_axe
from tests.states.table import NOT_PAGES, STATES, State

pytestmark = pytest.mark.browser

every_state = pytest.mark.parametrize("state", STATES, ids=str)
EACH_PAGE_ONCE = list({state.rule: state for state in reversed(STATES)}.values())


def test_every_page_is_listed_with_its_states(cities):
    listed = {state.rule for state in STATES} | NOT_PAGES.keys()

    assert cities["full"].rules - listed == set(), "tests/states/table.py says how to reach each page: add these"


@every_state
def test_axe_finds_nothing(looker: Looker, state: State):
    page = looker.open(state)
    on_a_phone = faults_by_axe(page)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")

    assert on_a_phone == []
    assert faults_by_axe(page) == []


@pytest.mark.parametrize("state", EACH_PAGE_ONCE, ids=str)
def test_axe_finds_nothing_in_english(looker: Looker, state: State):
    assert faults_by_axe(looker.open(state, language="en")) == []


@every_state
def test_nothing_is_lost_when_it_is_enlarged_or_spaced_out(looker: Looker, state: State):
    page = looker.open(state)
    found = {"targets": page.evaluate("probes.small()"), "as it is": page.evaluate("probes.lost()")}
    for name, size in (("320 px wide", (320, 740)), ("200 % of a desk", (640, 400))):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        found[name] = page.evaluate("probes.lost()")
    page.evaluate("probes.spaceOut()")
    found["spaced out"] = page.evaluate("probes.lost()")
    page.evaluate("probes.enlarge()")
    for name, viewport in (("letters of 200 % on a desk", DESK), ("letters of 200 % on a phone", PHONE)):
        page.set_viewport_size(viewport)
        found[name] = page.evaluate("probes.lost()")

    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("state", EACH_PAGE_ONCE, ids=str)
def test_the_focus_is_seen_and_not_hidden(looker: Looker, state: State, dark: bool):
    page = looker.open(state, dark=dark)
    page.keyboard.press("Tab")
    on_a_phone = page.evaluate("probes.focus()")
    page.set_viewport_size(DESK)

    assert on_a_phone == []
    assert page.evaluate("probes.focus()") == []


@pytest.mark.parametrize("state", [state for state in STATES if state.faulty], ids=str)
@pytest.mark.parametrize(("language", "word"), [("vi", "Lỗi: "), ("en", "Error: ")])
def test_faults_are_heard_and_what_was_typed_is_still_there(looker: Looker, state: State, language: str, word: str):
    page = looker.open(state, language=language)
    typed = {name: value for name, value in looker.typed(state).items() if name not in ("password", "covers_until")}

    assert page.evaluate("word => probes.faulty(word)", word) == []
    for name, value in typed.items():
        assert value in [each.input_value() for each in page.locator(f"main [name={name}]").all()], name
