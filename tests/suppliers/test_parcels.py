"""Every pair of a parcel's states: the lawful steps leave a trace, the others none."""

from itertools import product

import pytest

from kernel import clock
from suppliers.models import Parcel, ParcelState
from suppliers.parcels import LAWFUL, ReasonNeeded, UnlawfulParcelStep, advance

EVERY_PAIR = set(product(ParcelState, ParcelState))
NOW = clock.now()


@pytest.fixture(autouse=True)
def words(app):
    """Refusals are worded, so a test needs the app's language."""
    with app.test_request_context():
        yield


@pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("was", "to"), sorted(LAWFUL))
def test_a_lawful_step_is_taken_and_written_down(was, to):
    parcel = Parcel(state=was)

    advance(parcel, to, by="rau", at=NOW, because="so it was")

    assert parcel.state is to
    assert [(event.became, event.by, event.at, event.because) for event in parcel.history] == [
        (to, "rau", NOW, "so it was")
    ]


@pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("was", "to"), sorted(EVERY_PAIR - LAWFUL.keys()))
def test_any_other_is_refused_and_leaves_no_trace(was, to):
    parcel = Parcel(state=was)

    with pytest.raises(UnlawfulParcelStep):
        advance(parcel, to, by="rau", at=NOW, because="so it was")

    assert (parcel.state, parcel.history) == (was, [])


@pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
def test_a_failure_needs_a_reason():
    with pytest.raises(ReasonNeeded):
        advance(Parcel(state=ParcelState.DISPATCHED), ParcelState.FAILED, by="rau", at=NOW, because="")
