"""A later change makes a further version with its delta; the ones before stay to be read."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from kernel import clock
from suppliers import versions
from suppliers.delta import apply
from suppliers.manifest import LineChange, fingerprint
from suppliers.models import ParcelState
from suppliers.queries import manifests_of, manifests_of_round, parcels_of_batch, versions_of
from suppliers.versions import reissue
from tests import make
from tests.desk import rows, send
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("stopped_clock")
BECAUSE = "thiếu 37 kg cá"


@pytest.fixture
def changes(monkeypatch):
    """What became of lines since: a test fills it."""
    found: dict[int, LineChange] = {}
    monkeypatch.setattr(versions, "changes_of", lambda session, batch: found)
    return found


def again(session, sent, because=BECAUSE):
    made = reissue(session, sent.manifest.batch, at=clock.now(), by="kinhte1", because=because)
    session.commit()
    return made


def stop_of(manifest, order):
    return next((stop for stop in manifest.snapshot["stops"] if stop["code"] == order.code), None)


def test_what_is_missing_makes_a_second_version(session, sent, changes):
    order = sent.orders[0]
    changes[order.lines[0].id] = LineChange({"rau muống": 200}, ["cải ngọt 0,2 kg"], "đổi rau")

    made = again(session, sent)

    assert (made.version, made.number) == (2, f"{sent.manifest.number}-v2")
    assert (made.made_by, made.because, made.made_at) == ("kinhte1", BECAUSE, clock.now())
    assert made.sha256 == fingerprint(made.snapshot) != sent.manifest.sha256
    line = stop_of(made, order)["lines"][0]
    assert [(item["name"], item["shown"]) for item in line["without"]] == [("rau muống", "200 g")]
    assert (line["instead"], line["note"]) == (["cải ngọt 0,2 kg"], "đổi rau")
    totals = {item["name"]: item["shown"] for item in made.snapshot["items"]}
    assert totals == {"rau muống": "1,3 kg", "trứng gà": "30 quả"}
    assert [stop["code"] for stop in made.delta["changed"]] == [order.code]
    assert apply(made.delta, sent.manifest.snapshot) == made.snapshot


def test_where_nothing_differs_the_newest_version_stays(session, sent, changes):
    assert again(session, sent) is sent.manifest
    assert len(versions_of(session, sent.manifest.batch_id)) == 1


def test_a_stop_to_which_nothing_is_left_is_taken_off_and_may_come_back(session, sent, changes):
    order = sent.orders[1]
    changes[order.lines[0].id] = LineChange({"rau muống": 500, "trứng gà": 10})

    second = again(session, sent)
    parcel = next(each for each in parcels_of_batch(session, second.batch_id).values() if each.order_id == order.id)

    assert stop_of(second, order) is None
    assert second.delta["removed"] == [order.code]
    assert (parcel.state, parcel.history[-1].because) == (ParcelState.FAILED, BECAUSE)
    assert apply(second.delta, sent.manifest.snapshot) == second.snapshot

    changes.clear()
    third = again(session, sent, "cá đã về")

    assert [stop["code"] for stop in third.delta["added"]] == [order.code]
    assert stop_of(third, order) == stop_of(sent.manifest, order)
    assert parcel.state is ParcelState.DISPATCHED
    assert apply(third.delta, second.snapshot) == third.snapshot


def test_a_combo_that_is_changed_since_stays_what_was_sold(session, sent, changes):
    order = sent.orders[0]
    order.lines[0].combo.items[0].quantity = 9_000
    order.address = "14 Lê Lợi, KP Bình Minh"

    made = again(session, sent)

    assert stop_of(made, order)["block"] == "KP Bình Minh"
    assert made.snapshot["items"] == sent.manifest.snapshot["items"]


def test_lists_show_the_newest_version_only(session, sent, changes):
    noise = send(session, make.paid_order().round)[0]
    changes[sent.orders[0].lines[0].id] = LineChange({"rau muống": 100})
    made = again(session, sent)

    assert list(manifests_of(session, None)) == [made, noise]
    assert list(manifests_of_round(session, made.batch.round_id)) == [made]
    assert list(versions_of(session, made.batch_id)) == [made, sent.manifest]


def test_the_pages_tell_what_changed_and_which_version_counts(driver, session, sent, changes):
    order = sent.orders[0]
    changes[order.lines[0].id] = LineChange({"rau muống": 200})
    made = again(session, sent)

    old, new = (
        Page(driver.get(f"/suppliers/manifests/{number}")).text() for number in (sent.manifest.number, made.number)
    )
    told = Page(driver.get(f"/suppliers/manifests/{made.number}/changes")).text()

    assert "This version is replaced. Go to version 2, which counts." in old
    assert "This version is replaced" not in new
    assert "without rau muống 200 g" in new
    assert BECAUSE in told
    assert f"Stop 1 {order.code} changed" in told
    assert "without rau muống 200 g" in told
    seen = rows(session, "SELECT manifest_id, form FROM manifest_views ORDER BY id")
    assert seen == [(sent.manifest.id, "page"), (made.id, "page"), (made.id, "changes")]


def test_a_mark_at_an_old_versions_page_leads_to_the_one_that_counts(driver, session, sent, changes):
    changes[sent.orders[0].lines[0].id] = LineChange({"rau muống": 200})
    made = again(session, sent)
    which = parcels_of_batch(session, made.batch_id)[2]

    answer = make.submit(
        driver, f"/suppliers/parcels/{which.id}", page=sent.path, became="delivered", version=which.version, because=""
    )

    assert answer.status_code == 303
    assert f"/manifests/{made.number}?" in answer.location


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE manifests SET because = 'x' WHERE version = 2",
        "UPDATE manifests SET version = 3 WHERE version = 2",
        "UPDATE manifests SET delta = '{}' WHERE version = 2",
        "DELETE FROM manifests WHERE version = 2",
        "UPDATE manifests SET made_by = '' WHERE version = 2",
    ],
)
def test_a_version_is_never_changed(session, sent, changes, change):
    changes[sent.orders[0].lines[0].id] = LineChange({"rau muống": 200})
    again(session, sent)

    with pytest.raises(DatabaseError, match=r"append-only|names may be taken out"):
        session.execute(text(change))
    session.rollback()
