"""Both languages are complete on every page in every state, and figures are written as in Vietnam in each."""

from pathlib import Path

import pytest
import wtforms

from bin.messages import read
from kernel.settings import ROOT
from tests.accessibility.words import English, left_in_vietnamese, said_alike, strange_figures
from tests.states.looking import Looker
from tests.states.state import State
from tests.states.table import CI, LOOKED_AT

pytestmark = pytest.mark.browser

every_state = pytest.mark.parametrize("state", LOOKED_AT[:: 2 if CI else 1], ids=str)


@pytest.fixture(scope="module")
def english() -> English:
    """Ours, and that of WTForms' own validators."""
    theirs = Path(wtforms.__file__).with_name("locale") / "vi" / "LC_MESSAGES" / "wtforms.po"
    ours = read(ROOT / "translations" / "vi" / "LC_MESSAGES" / "messages.po", "vi")
    return English(ours, *([read(theirs, "vi")] if theirs.exists() else []))


@every_state
def test_each_language_is_complete_and_figures_are_written_as_here(looker: Looker, english: English, state: State):
    data = looker.cities[state.city].data
    in_english = looker.open(state, language="en").evaluate("probes.words()")
    in_vietnamese = looker.open(state).evaluate("probes.words()")

    found = {
        "Vietnamese on the English page": list(left_in_vietnamese(in_english, data)),
        "English on the Vietnamese page": list(english.left(in_vietnamese, data)),
        "never marked for translation": said_alike(in_english, in_vietnamese, data),
        "figures": [*strange_figures(in_english), *strange_figures(in_vietnamese)],
    }
    assert {name: faults for name, faults in found.items() if faults} == {}
