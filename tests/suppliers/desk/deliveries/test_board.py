"""What the office sees of a delivery day: each number, when something is late, and that it costs the same for many."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import clock
from kernel.changes import Doer
from shop.models import Slot
from shop.rounds import slot_ends
from suppliers.desk.deliveries import queries
from suppliers.desk.deliveries.board import board, count_late, scope_of
from suppliers.desk.deliveries.queries import Show
from suppliers.door.fold import Marked, Told, fold
from suppliers.door.queries import events_of_parcel
from suppliers.models import ParcelState
from suppliers.parcels import mark
from suppliers.shortages.declare import Missing, share_out
from tests import make
from tests.listening import listening
from tests.suppliers.desk.deliveries.conftest import D, F, U, sent


def numbers(town, at=None):
    found = board(town.session, scope_of(town.session, town.day, at or clock.now()))
    teams = {row.key: row.numbers for row in found.teams}
    wards = {line.name: line.numbers for line in found.wards}
    return found, teams, wards


def plain(each):
    return each.left, each.again, each.delivered, each.failed, each.late


def test_each_stop_is_counted_once_in_its_team_and_its_ward(town):
    first, second = (str(team.id) for team in town.teams)
    town.tell(D, 1)
    town.tell(F, 2)
    town.tell(F, 3)
    town.tell(F, 3, at=clock.now() + timedelta(minutes=5), heard_at=clock.now() + timedelta(minutes=5))

    found, teams, wards = numbers(town)

    assert plain(found.all) == (4, 1, 1, 1, 0)
    assert {key: plain(each) for key, each in teams.items()} == {
        first: (2, 1, 1, 0, 0),
        second: (1, 0, 0, 1, 0),
        f"s{town.supplier.id}": (1, 0, 0, 0, 0),
    }
    assert {name: plain(each) for name, each in wards.items()} == {"An Bình": (1, 1, 1, 1, 0), "Dĩ An": (3, 0, 0, 0, 0)}


@pytest.mark.parametrize(("slot", "hour"), [("morning", 12), ("afternoon", 18), ("evening", 21), ("all_day", 21)])
def test_a_part_of_the_day_ends_at_its_hour(stopped_clock, slot, hour):
    assert slot_ends(clock.today(), Slot(slot)) == clock.at(clock.today(), hour)


def test_what_is_left_is_late_from_the_minute_at_which_its_hour_ends(town):
    town.tell(D, 1)
    end = clock.at(town.day, 12)

    before, _teams, _wards = numbers(town, end - timedelta(minutes=1))
    after, teams, _wards = numbers(town, end)

    assert (before.all.late, after.all.late) == (0, 5)
    assert teams[str(town.teams[0].id)].late == 2
    assert count_late(town.session, end - timedelta(minutes=1)) == 0
    assert count_late(town.session, end) == 5


def test_what_failed_for_good_is_not_late(town):
    town.tell(F, 1)
    town.tell(F, 1, at=clock.now() + timedelta(minutes=5), heard_at=clock.now() + timedelta(minutes=5))

    found, _teams, _wards = numbers(town, clock.at(town.day, 12))

    assert (found.all.late, found.all.failed, found.all.total) == (5, 1, 6)


def test_what_is_off_the_list_is_neither_left_nor_late(town):
    fish = make.combo("C05", packed_by=town.supplier, items=["cá nục 1 kg"])
    delivery = make.round(closes_at=clock.at(town.day, 18) - timedelta(days=1), slot=Slot.MORNING)
    make.paid_order(fish, delivery=delivery)
    batch = sent(town.session, town.combo, delivery, 1).batch
    assert numbers(town)[0].all.total == 8

    item = fish.items[0]
    doer = Doer("rau", clock.now(), "hết cá")
    share_out(town.session, batch, Missing(item.name, item.unit, item.quantity), doer)
    town.session.commit()

    found, _teams, _wards = numbers(town, clock.at(town.day, 12))
    assert (found.all.late, found.all.total) == (7, 7)


def test_an_afternoon_that_has_begun_does_not_make_its_stops_late(town):
    later = make.round(closes_at=clock.at(town.day, 18) - timedelta(days=1), slot=Slot.AFTERNOON)
    sent(town.session, town.combo, later, 2)

    found, _teams, _wards = numbers(town, clock.at(town.day, 14))

    assert (found.all.left, found.all.late) == (8, 6)


def test_it_says_when_the_last_word_came_in_not_when_it_happened(town):
    town.tell(D, 1, at=clock.now() - timedelta(minutes=30), heard_at=clock.now())
    town.tell(D, 2, at=clock.now() - timedelta(minutes=50), heard_at=clock.now() - timedelta(minutes=5))

    found, _teams, _wards = numbers(town)

    assert [row.heard_at for row in found.teams] == [clock.now(), None, None]


@pytest.mark.parametrize(
    "steps",
    [
        ("F",),
        ("F", "F"),
        ("F", "F", "F"),
        ("F", "F", "undo last"),
        ("F", "undo last", "F"),
        ("mark failed",),
        ("mark failed", "F"),
        ("F", "mark dispatched"),
        ("F", "F", "mark dispatched", "F"),
        ("mark failed", "mark dispatched", "mark failed"),
        ("F", "D"),
    ],
    ids=" then ".join,
)
def test_the_database_counts_attempts_as_they_are_folded(town, stopped_clock, steps):
    last: Any = None
    for minute, step in enumerate(steps, start=1):
        stopped_clock.set(clock.at(town.day, 8, minute))
        parcel = town.parcel(1)
        if step == "undo last":
            town.tell(U, 1, undoes=last.key)
        elif step.startswith("mark "):
            became = ParcelState(step.removeprefix("mark "))
            mark(town.session, parcel, became, by="rau", at=clock.now(), because="khác")
            town.session.commit()
        else:
            last = town.tell({"F": F, "D": D}[step], 1)

    parcel = town.parcel(1)
    told = [Told(each.key, each.kind, each.at, each.undoes) for each in events_of_parcel(town.session, parcel.id)]
    folded = fold(told, [Marked(each.became, each.at) for each in parcel.history[1:] if each.door_id is None])
    every = [
        queries.listed(town.session, scope_of(town.session, town.day, clock.now()), show, most=9, skip=0)
        for show in (Show.LEFT, Show.FAILED, Show.RECEIVED)
    ]
    assert {each.attempts for rows in every for each in rows if each.parcel.id == parcel.id} == {folded.attempts}


def test_the_board_asks_the_database_as_often_for_many_stops_as_for_few(town, client):
    make.signed_in(client)
    address = town.board(day=town.day, show="left")
    client.get(address)
    with listening() as few:
        client.get(address)
    sent(town.session, town.combo, make.round(closes_at=clock.at(town.day, 18) - timedelta(days=1)), 30)
    with listening() as many:
        client.get(address)

    assert len(many) == len(few)
    assert client.get(address).status_code == 200
    assert len(few) < 30
