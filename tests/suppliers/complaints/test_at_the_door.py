"""What a courier ticks as missing waits for the office as long as its telling counts."""

from datetime import timedelta

from kernel import clock
from suppliers.complaints.queries import brought
from suppliers.door.models import DoorKind
from tests.desk import rows

K = DoorKind
SHORT = [{"code": "C02", "item": "rau muống"}]


def states(out):
    return [state for (state,) in rows(out.session, "SELECT state FROM complaints ORDER BY id")]


def test_it_waits_once_and_goes_with_the_telling(out):
    event = out.tell(K.DELIVERED, short=SHORT)
    assert states(out) == ["waiting"]

    out.tell(K.UNDONE, undoes=event.key)

    assert states(out) == ["withdrawn"]


def test_a_telling_that_counts_again_brings_it_back(out, stopped_clock):
    later = out.telling(K.DELIVERED, short=SHORT)
    earlier = out.telling(K.DELIVERED, at=clock.now() - timedelta(minutes=5))
    out.tell(later)
    out.tell(earlier)
    assert states(out) == ["withdrawn"], "another telling brought it"

    out.tell(K.UNDONE, undoes=earlier.key)

    assert states(out) == ["withdrawn", "waiting"]


def test_the_residents_day_begins_when_we_heard_that_it_was_brought(out, stopped_clock):
    told = out.telling(K.DELIVERED)
    stopped_clock.forward(hours=30)
    out.tell(told)

    (parcel,) = brought(out.session, out.orders[0].id)

    assert parcel[2] == clock.now()
