"""A stop brought first; a team or a supplier nudged, not twice in a quarter of an hour, and not for nothing."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.changes import Doer
from kernel.errors import NotFound
from kernel.notices.models import Notice
from kernel.notices.outbox import trade
from kernel.queries import changes_of
from suppliers.desk.deliveries.keep import (
    BroughtAlready,
    NothingLeft,
    NudgedJustNow,
    nudge_supplier,
    nudge_team,
    set_urgent,
)
from tests.desk import rows
from tests.suppliers.desk.deliveries.conftest import D


def doer():
    return Doer("kinhte1", clock.now())


def notices(town):
    town.session.flush()
    return rows(
        town.session,
        "SELECT event, subject, address FROM notices WHERE event IN ('team_nudged', 'share_nudged') ORDER BY id",
    )


def said(town):
    notice = town.session.query(Notice).filter(Notice.topic == "bringing").order_by(Notice.id.desc()).first()
    return trade().words(notice), trade().overtaken(town.session, notice)


def test_a_stop_is_brought_first_and_no_longer_and_each_is_written_down_once(town):
    parcel = town.parcel(2)
    for urgent in (True, True, False):
        assert set_urgent(town.session, parcel.id, urgent=urgent, doer=doer()).urgent is urgent

    town.session.flush()
    kept = changes_of(town.session, "parcel", parcel.id)
    assert [(each.field, each.was, each.became) for each in kept] == [("urgent", "yes", "no"), ("urgent", "no", "yes")]


def test_what_is_delivered_cannot_be_brought_first(town):
    town.tell(D, 2)

    with pytest.raises(BroughtAlready):
        set_urgent(town.session, town.parcel(2).id, urgent=True, doer=doer())


def test_a_nudge_tells_the_teams_phone_how_much_is_left_and_late(town, stopped_clock):
    town.tell(D, 1)
    stopped_clock.set(clock.at(town.day, 12))

    nudge_team(town.session, town.teams[0].id, town.day, doer())

    team = town.teams[0]
    assert notices(town) == [("team_nudged", f"RAU-T{team.id}", team.phone)]
    words, overtaken = said(town)
    assert "còn 2 điểm giao, 2 điểm đã trễ" in words.text
    assert overtaken == ""
    assert [(each.field, each.became, each.by) for each in changes_of(town.session, "team", team.id)] == [
        ("nudged", "2", "kinhte1")
    ]


def test_a_team_is_nudged_once_in_a_quarter_of_an_hour(town, stopped_clock):
    first, other = town.teams
    nudge_team(town.session, first.id, town.day, doer())

    stopped_clock.set(clock.at(town.day, 8, 14))
    with pytest.raises(NudgedJustNow, match="kinhte1"):
        nudge_team(town.session, first.id, town.day, doer())
    nudge_team(town.session, other.id, town.day, doer())
    stopped_clock.set(clock.at(town.day, 8, 15))
    nudge_team(town.session, first.id, town.day, doer())

    assert [subject for _event, subject, _to in notices(town)] == [
        f"RAU-T{first.id}",
        f"RAU-T{other.id}",
        f"RAU-T{first.id}",
    ]


def test_what_is_in_no_run_is_asked_of_its_supplier(town):
    nudge_supplier(town.session, town.supplier.id, town.day, doer())

    assert notices(town) == [("share_nudged", "RAU", town.supplier.phone)]
    assert "còn 1 điểm giao chưa" in said(town)[0].text


def test_nobody_is_nudged_for_nothing(town):
    for stop in (3, 5):
        town.tell(D, stop)

    with pytest.raises(NothingLeft):
        nudge_team(town.session, town.teams[1].id, town.day, doer())
    with pytest.raises(NothingLeft):
        nudge_supplier(town.session, town.supplier.id, town.day + timedelta(days=1), doer())
    assert notices(town) == []


def test_a_nudge_that_still_waits_is_overtaken_once_all_is_brought(town):
    nudge_team(town.session, town.teams[1].id, town.day, doer())
    town.tell(D, 3)
    assert said(town)[1] == ""

    town.tell(D, 5)

    assert said(town)[1] == "nothing-left"


def test_who_is_not_there_is_not_nudged(town):
    with pytest.raises(NotFound):
        nudge_team(town.session, 999_999, town.day, doer())
    with pytest.raises(NotFound):
        nudge_supplier(town.session, 999_999, town.day, doer())
    with pytest.raises(NotFound):
        set_urgent(town.session, 999_999, urgent=True, doer=doer())
