"""Rounds as a supplier's program reads them: its own places and manifests, page by page."""

from datetime import datetime, timedelta

from kernel import clock
from people.models import Role
from shop.models import Slot, WardClose
from tests import make
from tests.desk import send


def at(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_a_round_tells_its_times_places_and_manifests(session, ours, sent):
    delivery = sent.manifest.batch.round
    delivery.slot = Slot.EVENING
    make.capacity(delivery, sent.staff.supplier, ward="An Bình", places=7)
    make.capacity(delivery, make.supplier(), ward="Dĩ An", places=99)

    told = ours.get(f"/rounds/{delivery.id}").json

    assert told == {
        "id": delivery.id,
        "name": delivery.name,
        "opens_at": at(delivery.opens_at),
        "closes_at": at(delivery.closes_at),
        "dispatch_at": at(delivery.dispatch_at),
        "delivery_on": delivery.delivery_on.isoformat(),
        "slot": "evening",
        "dispatched_at": at(delivery.dispatched_at),
        "wards": told["wards"],
        "manifests": [sent.manifest.number],
    }
    wanted = {"ward": "An Bình", "places": 7, "taken": 0, "closes_at": at(delivery.closes_at)}
    assert wanted in told["wards"]
    assert 99 not in [ward["places"] for ward in told["wards"]]


def test_a_ward_tells_its_own_last_order(ours, sent):
    delivery, earlier = make.round(), clock.now() + timedelta(hours=5)
    for ward in ("An Bình", "Dĩ An"):
        make.capacity(delivery, sent.staff.supplier, ward=ward)
    delivery.ward_closes.append(WardClose(ward_id=make.ward("An Bình").id, closes_at=earlier))

    told = {each["ward"]: each["closes_at"] for each in ours.get(f"/rounds/{delivery.id}").json["wards"]}

    assert told == {"An Bình": at(earlier), "Dĩ An": at(delivery.closes_at)}


def test_a_round_with_places_alone_is_listed_and_one_of_others_is_not(ours, program, sent):
    planned, others = make.round(), make.round()
    make.capacity(planned, sent.staff.supplier)
    make.capacity(others, make.supplier())

    listed = [each["id"] for each in ours.get("/rounds").json["rounds"]]

    assert planned.id in listed
    assert others.id not in listed
    assert program(make.staff(Role.SUPPLIER)).get("/rounds").json == {"rounds": [], "next": None}


def test_pages_follow_one_another_without_a_gap(ours, sent):
    rounds = [make.round(closes_at=clock.now() + timedelta(days=each + 1)) for each in range(5)]
    for delivery in rounds:
        make.capacity(delivery, sent.staff.supplier)

    seen, cursor = [], 0
    while cursor is not None:
        page = ours.get(f"/rounds?limit=2&cursor={cursor}").json
        assert len(page["rounds"]) <= 2
        seen += [each["id"] for each in page["rounds"]]
        cursor = page["next"]

    assert seen == [each["id"] for each in ours.get("/rounds").json["rounds"]]
    assert seen == sorted({*(each.id for each in rounds), sent.manifest.batch.round_id}, reverse=True)


def test_a_page_asks_no_more_the_longer_it_is(session, ours, sent, statements):
    for _each in range(6):
        send(session, make.paid_order(sent_combo(sent), delivery=make.round()).round)
    few, many = statements(lambda: ours.get("/rounds?limit=1")), statements(lambda: ours.get("/rounds?limit=6"))

    assert few == many


def sent_combo(sent):
    return sent.orders[0].lines[0].combo
