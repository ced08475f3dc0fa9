"""What a courier tells is kept once, and the parcel follows, in whatever order it comes."""

from datetime import timedelta
from itertools import permutations

import pytest

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from people.models import Staff
from suppliers.door import keep
from suppliers.door.keep import AnotherTelling, ProofNeeded, tell
from suppliers.door.models import DoorKind, DoorOutcome, DoorReason
from suppliers.models import ParcelState
from suppliers.parcels import mark
from tests import make
from tests.desk import rows
from tests.rush import rush

K = DoorKind


def stands(out, stop=1):
    parcel = out.parcel(stop)
    last = parcel.history[-1]
    return parcel.state, last.by, last.because


def test_a_parcel_that_was_handed_over_is_delivered_by_who_told_it(out):
    event = out.tell(K.DELIVERED)

    assert stands(out) == (ParcelState.DELIVERED, "giao.an", "")
    assert event.outcome is DoorOutcome.APPLIED


def test_told_twice_it_counts_once(out):
    telling = out.telling()

    first, second = out.tell(telling), out.tell(telling)

    assert first.id == second.id
    assert rows(out.session, "SELECT count(*) FROM door_events") == [(1,)]
    assert len(out.parcel().history) == 2


def test_a_key_names_one_telling(out):
    telling = out.telling()
    out.tell(telling)

    with pytest.raises(AnotherTelling):
        out.tell(out.telling(K.FAILED, key=telling.key))
    with pytest.raises(AnotherTelling):
        out.tell(telling, by=out.other)


def test_nothing_shows_that_it_was_handed_over(out):
    with pytest.raises(ProofNeeded):
        tell(out.session, out.telling(witness=""), out.courier, heard_at=clock.now())


def test_anothers_parcel_is_like_one_that_there_is_not(out):
    stranger = make.courier(make.team(make.supplier()))

    with pytest.raises(NotFound):
        out.tell(by=stranger)


def test_a_failure_tells_its_reason_in_the_residents_language_of_data(out):
    out.tell(K.FAILED, reason=DoorReason.LOCKED_AREA, words="rào ở đầu hẻm 12")

    assert stands(out) == (ParcelState.FAILED, "giao.an", "Khu vực đang phong tỏa: rào ở đầu hẻm 12")


def test_a_second_attempt_in_vain_is_told_as_such(out, stopped_clock):
    out.tell(K.FAILED)
    stopped_clock.forward(hours=2)
    out.tell(K.FAILED)

    assert stands(out) == (ParcelState.FAILED, "giao.an", "Không có ai ở nhà (lần 2)")


def test_a_mark_taken_back_puts_it_on_its_way_again(out, stopped_clock):
    mistake = out.tell(K.DELIVERED)
    stopped_clock.forward(minutes=9)
    out.tell(K.UNDONE, undoes=mistake.key)

    assert out.parcel().state is ParcelState.DISPATCHED
    assert mistake.outcome is DoorOutcome.UNDONE


def test_where_a_failure_stood_before_it_stands_again(out, stopped_clock):
    out.tell(K.FAILED)
    stopped_clock.forward(minutes=20)
    mistake = out.tell(K.DELIVERED)
    out.tell(K.UNDONE, undoes=mistake.key)

    assert stands(out) == (ParcelState.FAILED, "giao.an", "Không có ai ở nhà")


def test_what_cannot_be_is_kept_aside(out, stopped_clock):
    out.tell(K.DELIVERED)
    stopped_clock.forward(minutes=5)
    late = out.tell(K.FAILED, by=out.other)

    assert late.outcome is DoorOutcome.ALREADY_DELIVERED
    assert stands(out) == (ParcelState.DELIVERED, "giao.an", "")


def test_what_the_supplier_marked_meanwhile_counts_as_well(out, stopped_clock):
    mark(out.session, out.parcel(), ParcelState.DELIVERED, by="rau", at=clock.now(), because="")
    stopped_clock.forward(minutes=1)

    assert out.tell(K.FAILED).outcome is DoorOutcome.ALREADY_DELIVERED
    assert stands(out) == (ParcelState.DELIVERED, "rau", "")


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=lambda order: "".join(map(str, order)))
def test_in_any_order_and_twice_it_ends_alike(out, order, stopped_clock):
    begin = clock.now()
    mistake = out.telling(K.DELIVERED, at=begin)
    told = [
        mistake,
        out.telling(K.UNDONE, at=begin + timedelta(minutes=3), undoes=mistake.key),
        out.telling(K.FAILED, at=begin + timedelta(minutes=4)),
        out.telling(K.DELIVERED, at=begin + timedelta(minutes=90)),
    ]
    stopped_clock.forward(hours=3)

    for number in (*order, *order):
        out.tell(told[number])

    assert stands(out) == (ParcelState.DELIVERED, "giao.an", "")
    found = dict(rows(out.session, "SELECT key, outcome FROM door_events"))
    assert [found[each.key] for each in told] == ["undone", "applied", "applied", "applied"]


@pytest.mark.parametrize(
    ("said", "kept"), [(-timedelta(days=900), 0), (timedelta(days=3), 60)], ids=["1970s", "future"]
)
def test_a_phone_whose_clock_is_wrong_tells_within_what_can_be(out, said, kept):
    event = out.tell(at=clock.now() + said)

    assert event.at == out.manifest.made_at + timedelta(minutes=kept)


def test_who_knows_of_shorts_is_told_once_it_counts_and_once_it_does_not(out, stopped_clock, monkeypatch):
    heard = []
    monkeypatch.setattr(keep, "_when_counted", [lambda _s, _p, event, counts: heard.append((event.short, counts))])
    short = [{"code": "C02", "item": "rau muống"}]
    event = out.tell(K.DELIVERED, short=short)
    out.tell(K.UNDONE, undoes=event.key)

    assert [each for each in heard if each[0]] == [(short, True), (short, False)]


def test_ten_phones_that_tell_the_same_at_once_make_one_telling(out, app):
    telling, courier_id, heard_at = out.telling(), out.courier.id, clock.now()
    out.session.commit()

    def one(_number):
        tell(db.session, telling, db.session.get_one(Staff, courier_id), heard_at=heard_at)
        db.session.commit()
        return "told"

    assert rush(app, 10, one) == {"told": 10}
    assert rows(out.session, "SELECT count(*) FROM door_events") == [(1,)]
