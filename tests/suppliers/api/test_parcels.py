"""What became of a parcel, told by a program: the rules of the pages, and once however often it is told."""

from collections import Counter
from datetime import timedelta

import pytest

from kernel import jobs
from suppliers.api.idempotency import KEPT
from suppliers.api.jobs import forget_old_answers
from suppliers.models import ParcelState
from suppliers.parcels import LAWFUL
from tests.desk import rows
from tests.rush import rush
from tests.suppliers.api.test_tokens import refuse

PEOPLE = 8


def tell(asks, which, event, key="", **fields):
    return asks.post(f"/parcels/{which.id}/events", {"event": event, "version": which.version, **fields}, key=key)


def test_a_parcel_is_delivered_and_the_resident_reads_it(ours, client, sent, parcel):
    which = parcel()
    before = which.version

    answer = tell(ours, which, "delivered")

    assert answer.status_code == 201
    assert answer.headers["Idempotency-Replayed"] == "false"
    told, now = answer.json, parcel()
    assert (told["state"], told["version"]) == ("delivered", now.version) == (now.state, before + 1)
    assert now.history[-1].by == f"{sent.staff.username} (API {ours.token.prefix})"
    order = next(order for order in sent.orders if order.id == which.order_id)
    assert "Delivered" in client.get(f"/o/{order.token}").text


def test_a_failure_is_told_with_its_reason(ours, client, sent, parcel):
    which = parcel()

    answer = tell(ours, which, "failed", reason="nobody at home")

    assert (answer.status_code, answer.json["reason"]) == (201, "nobody at home")
    order = next(order for order in sent.orders if order.id == which.order_id)
    assert "nobody at home" in client.get(f"/o/{order.token}").text


EVENTS = {"delivered": ParcelState.DELIVERED, "failed": ParcelState.FAILED, "undone": ParcelState.DISPATCHED}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("was", list(ParcelState))
def test_the_steps_are_those_of_the_pages(session, ours, parcel, was, event):
    which = parcel()
    if was is not ParcelState.DISPATCHED:
        reason = {"reason": "closed"} if was is ParcelState.FAILED else {}
        tell(ours, which, was.value, **reason)

    answer = tell(ours, parcel(), event, **({"reason": "closed"} if event == "failed" else {}))

    lawful = (was, EVENTS[event]) in LAWFUL
    assert answer.status_code == (201 if lawful else 409)
    assert parcel().state is (EVENTS[event] if lawful else was)


def test_who_saw_an_older_version_is_told(ours, parcel):
    seen = parcel().version
    tell(ours, parcel(), "failed", reason="closed")

    late = ours.post(f"/parcels/{parcel().id}/events", {"event": "delivered", "version": seen})

    assert "marked meanwhile" in refuse(late, 409)
    assert parcel().state is ParcelState.FAILED


# Once


def test_the_same_request_again_is_answered_the_same_and_done_once(session, ours, parcel):
    which = parcel()
    body = {"event": "delivered", "version": which.version}

    first, again = (ours.post(f"/parcels/{which.id}/events", body, key="morning-1") for _ in range(2))

    assert (again.status_code, again.json) == (first.status_code, first.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(rows(session, "SELECT id FROM parcel_events WHERE became = 'delivered'")) == 1


def test_it_is_the_same_however_its_body_is_written(bare, ours, parcel):
    which = parcel()
    tell(ours, which, "delivered", key="morning-1")

    answer = bare.post(
        f"/api/v1/parcels/{which.id}/events",
        data=b' {"version": %d.0,\n "event":"delivered"}' % 1,
        headers={
            "Authorization": f"Bearer {ours.text}",
            "Idempotency-Key": "morning-1",
            "Content-Type": "application/json; charset=utf-8",
        },
    )

    assert (answer.status_code, answer.headers["Idempotency-Replayed"]) == (201, "true")


@pytest.mark.parametrize("other", ["body", "parcel"])
def test_a_key_that_stands_for_something_else_is_refused(session, ours, parcel, other):
    tell(ours, parcel(1), "delivered", key="morning-1")

    if other == "body":
        answer = ours.post(f"/parcels/{parcel(1).id}/events", {"event": "undone", "version": 2}, key="morning-1")
    else:
        answer = tell(ours, parcel(2), "delivered", key="morning-1")

    assert "Take a new one" in refuse(answer, 422)
    assert (parcel(1).state, parcel(2).state) == ("delivered", "dispatched")


def test_a_refusal_is_an_answer_too(session, ours, parcel):
    which = parcel()
    body = {"event": "delivered", "version": which.version + 1}

    first = ours.post(f"/parcels/{which.id}/events", body, key="morning-1")
    tell(ours, which, "failed", reason="closed")  # now that version is the right one
    again = ours.post(f"/parcels/{which.id}/events", body, key="morning-1")

    refuse(again, 409)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert parcel().state is ParcelState.FAILED


def test_a_fault_of_ours_is_no_answer(ours, parcel, monkeypatch):
    which = parcel()
    with monkeypatch.context() as broken:
        broken.setattr("suppliers.api.parcels.views.mark", lambda *_a, **_k: 1 / 0)
        refuse(tell(ours, which, "delivered", key="morning-1"), 500)

    assert tell(ours, parcel(), "delivered", key="morning-1").status_code == 201


def test_keys_of_two_tokens_are_strangers(ours, program, sent, parcel):
    other = program(sent.staff)
    tell(ours, parcel(1), "delivered", key="morning-1")

    answer = tell(other, parcel(2), "delivered", key="morning-1")

    assert (answer.status_code, answer.headers["Idempotency-Replayed"]) == (201, "false")


def test_after_48_hours_a_key_is_new_and_the_answer_is_gone(stopped_clock, session, ours, parcel):
    which = parcel()
    tell(ours, which, "delivered", key="morning-1")
    stopped_clock.forward(hours=47, minutes=59)
    jobs.sweep()
    assert tell(ours, which, "delivered", key="morning-1").headers["Idempotency-Replayed"] == "true"

    stopped_clock.forward(minutes=1)
    late = ours.post(f"/parcels/{which.id}/events", {"event": "delivered", "version": 1}, key="morning-1")
    assert (late.status_code, late.headers["Idempotency-Replayed"]) == (409, "false")

    stopped_clock.forward(hours=48, seconds=1)
    forget_old_answers(session)
    assert rows(session, "SELECT id FROM api_answers") == []


def at_once(app, session, ours, which) -> Counter[str]:
    """Eight send the same at the same moment, on connections of their own."""
    path, body = f"/api/v1/parcels/{which.id}/events", {"event": "delivered", "version": which.version}
    headers = {"Authorization": f"Bearer {ours.text}", "Idempotency-Key": "morning-1"}
    session.rollback()

    def send(_number: int) -> str:
        answer = app.test_client(use_cookies=False).post(path, json=body, headers=headers)
        return f"{answer.status_code} {answer.headers.get('Idempotency-Replayed')} {answer.json.get('version')}"

    return rush(app, PEOPLE, send)


def test_in_parallel_it_is_done_once_and_all_are_answered_alike(app, session, ours, parcel):
    told = at_once(app, session, ours, parcel())

    assert told == {"201 false 2": 1, "201 true 2": PEOPLE - 1}
    assert len(rows(session, "SELECT id FROM parcel_events WHERE became = 'delivered'")) == 1


def test_the_race_is_there_where_nothing_claims_the_key(app, session, ours, parcel, monkeypatch):
    """The control: without the claim the same rush is told that somebody else was quicker."""
    monkeypatch.setattr("suppliers.api.views.once", lambda *_args, act, **_named: (act(), False))

    told = at_once(app, session, ours, parcel())

    assert told["201 false 2"] == 1
    assert told["409 None None"] == PEOPLE - 1


def test_answers_are_kept_for_two_days():
    assert timedelta(hours=48) == KEPT
