"""Pages that came last, and what they are not held to yet. A page leaves these lists once it holds."""

from tests.states.help_table import HELP
from tests.states.kept_table import KEPT
from tests.states.state import State

# Names of goods and people, and what people wrote, are not marked as Vietnamese on their English pages,
# nor on those of the desk and of suppliers.
_NOT_MARKED = {state.rule for state in (*HELP, *KEPT)} | {
    "/",
    "/combos/<code>",
    "/o/<token>",
    "/track",
    "/nowhere",
    "/checkout",
}
# Faults whose summary or fields are not tied together as elsewhere.
_NOT_HEARD = {
    "/o/<token> with faults",
    "/desk/admin/rounds/new with faults",
    "/desk/admin/rounds/<int:round_id> with faults",
    "/desk/admin/rounds/<int:round_id> with faults: closing",
}


def is_marked(state: State) -> bool:
    """Whether the page's two languages are told apart by their marks."""
    return state.rule not in _NOT_MARKED and not state.rule.startswith(("/desk", "/suppliers"))


def is_heard(state: State) -> bool:
    """Whether its faults reach a screen reader as they should."""
    return str(state) not in _NOT_HEARD
