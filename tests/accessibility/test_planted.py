"""What the probes and axe look for is put on a page on purpose, and noticed; beside it stands the page that is well."""

import pytest

from tests.states.looking import PROBES, Looker, faults_by_axe

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang=en><title>Error: x</title>
<style>* {{ margin: 0 }} :focus-visible {{ outline: 3px solid }}</style><main><h1>Title</h1>{}</main>"""
WELL = '<p>Words <a href="/x">in a line</a></p><button style="width: 9em; height: 3em">Pay</button>'


def shown(looker: Looker, body: str):
    looker.page.set_viewport_size({"width": 320, "height": 740})
    looker.page.goto("about:blank")
    looker.page.set_content(PAGE.format(body))
    looker.page.evaluate(PROBES)
    looker.page.keyboard.press("Tab")
    return looker.page


@pytest.mark.parametrize(
    ("probe", "body", "fault"),
    [
        ("lost()", "<p style='white-space: nowrap'>" + "long words " * 20, "sideways"),
        ("lost()", "<p style='white-space: nowrap; width: 5em; overflow: hidden'>" + "long words " * 5, "cut off"),
        ("lost()", "<p style='height: 1em; line-height: 1.2; overflow: hidden'>" + "long words " * 50, "cut off"),
        ("lost()", "<p>One thing<p style='margin-top: -1.2em'>Another thing", "overlap"),
        ("small()", "<button style='height: 20px; width: 9em; padding: 0'>Pay</button>", "smaller than 24 px"),
        ("focus()", "<button style='outline: 0'>Pay</button>", "focus not seen"),
        ("focus()", "<button style='outline: 3px solid #eee; height: 3em'>Pay</button>", "focus not seen"),
        (
            "focus()",
            "<button>Pay</button><div style='position: fixed; inset: 0; background: #fff'></div>",
            "focus hidden",
        ),
        ("faulty('Error: ')", "<p>Wrong</p>", "no summary"),
        ("faulty('Lỗi: ')", "<div data-faults role=alert tabindex=-1></div>", "the title does not begin"),
        (
            "faulty('Error: ')",
            "<div data-faults role=alert tabindex=-1><a href='#a'>Wrong</a></div><input id=a>",
            "not marked as wrong",
        ),
        (
            "faulty('Error: ')",
            "<div data-faults role=alert tabindex=-1><a href='#a'>Wrong</a></div><input id=a aria-invalid=true>",
            "not tied",
        ),
        ("days()", "<input type=datetime-local>", "no form of a day"),
        ("placeholders()", "<input style='width: 5em' placeholder='Code, phone or name'>", "placeholder cut off"),
    ],
)
def test_a_planted_fault_is_noticed(looker: Looker, probe: str, body: str, fault: str):
    assert fault in " ".join(shown(looker, body).evaluate(f"probes.{probe}"))


@pytest.mark.parametrize("probe", ["lost()", "small()", "focus()", "days()", "placeholders()"])
def test_a_page_that_is_well_is_let_through(looker: Looker, probe: str):
    assert shown(looker, WELL).evaluate(f"probes.{probe}") == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<input>", "label"),
        ("<p style='color: #aaa'>Pale</p>", "color-contrast"),
        ("<h4>Too deep</h4>", "heading-order"),
        ("<a href='/a' style='display: block; font-size: 8px'>a</a>" * 3, "target-size"),
    ],
)
def test_axe_notices_what_is_planted(looker: Looker, body: str, rule: str):
    assert rule in {fault.split(":")[0] for fault in faults_by_axe(shown(looker, body))}
