"""Ninety days after delivery an order holds nothing of the person any more; its goods and its money stay."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from kernel import clock, files
from kernel.notices.models import Channel, Notice, ToldAt
from office.retention.jobs import AT_ONCE, forget_finished_orders
from orders import lifecycle
from orders.consent import CURRENT, KEPT_DAYS, LEADER, NEIGHBOUR, NEIGHBOURS, WORDINGS
from orders.groups.queries import orders_of
from orders.models import Order, OrderState
from orders.notices import telling
from orders.payments import aliases
from orders.payments.models import PayerAlias
from orders.payments.reconcile import reconcile
from suppliers import typeset
from suppliers.complaints import decide
from suppliers.manifest import fingerprint
from suppliers.models import Manifest, ParcelState
from suppliers.parcels import advance
from suppliers.queries import parcels_of_order
from tests import make
from tests.bank import Bank
from tests.complaints import clerk, complained
from tests.desk import CLERK, pay, send, take_back
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("stopped_clock", "right_books")
PERSON: dict[str, Any] = {
    "name": "Trần Thị Bưởi",
    "phone": "0911222333",
    "address": "45 Lý Thường Kiệt, KP Bình Minh",
}
NOTE = "Cổng màu xanh cạnh quán cà phê"
PIN = (10.896543, 106.753217)


@pytest.fixture
def delivered(session):
    """An order that was paid, brought and told of; beside it one that is still on its way in the same round."""
    order = make.order(total=100_000, **PERSON)
    order.note = NOTE
    order.lat, order.lon = PIN
    telling.placed(session, order, at=clock.now())
    pay(session, make.transfer(100_000, f"{order.code} 0911222333"), order)
    combo = order.lines[0].combo
    assert combo
    noise = make.paid_order(combo, delivery=order.round, name="Lê Văn Khác", phone="0987654321")
    send(session, order.round)
    bring(session, order)
    return order, noise


def bring(session, order, became=ParcelState.DELIVERED, because=""):
    for parcel in parcels_of_order(session, order.id):
        advance(parcel, became, by="rau", at=clock.now(), because=because)
    session.commit()


def forget(session):
    forget_finished_orders(session)
    session.commit()
    session.expire_all()


def days_after(stopped_clock, order, days):
    stopped_clock.set(clock.at(order.round.delivery_on + timedelta(days=days), 9))


def everything(session):
    """All that the tables hold, as one text, but for what banks told: that is a record of money."""
    tables = session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table'")
        if session.get_bind().dialect.name == "sqlite"
        else text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ).all()
    kept = {"transfers", "inbound_messages", "statement_imports", "proposals"}
    rows = [row for table in tables if table not in kept for row in session.execute(text(f'SELECT * FROM "{table}"'))]
    return "\n".join(json.dumps([str(value) for value in row], ensure_ascii=False) for row in rows)


def test_nothing_of_the_person_is_left_and_the_money_is(session, delivered, stopped_clock):
    order, noise = delivered
    session.add(
        ToldAt(subject=order.code, channel=Channel.EMAIL, address="buoi@example.vn", keys={}, asked_at=clock.now())
    )
    session.commit()
    before = (order.total, order.code, order.state, len(order.lines), order.consent_wording)
    days_after(stopped_clock, order, KEPT_DAYS + 1)

    forget(session)

    left = everything(session)
    for fact in (*PERSON.values(), *map(str, PIN), NOTE, "tran thi buoi", "buoi@example.vn"):
        assert fact not in left
    assert (order.total, order.code, order.state, len(order.lines), order.consent_wording) == before
    assert order.forgotten_at == clock.now()
    assert session.scalar(text("SELECT sum(amount) FROM allocations WHERE order_id = :id"), {"id": order.id}) == 100_000
    assert (noise.name, noise.phone, noise.forgotten_at) == ("Lê Văn Khác", "0987654321", None)


@pytest.mark.parametrize(("days", "gone"), [(KEPT_DAYS, False), (KEPT_DAYS + 1, True)])
def test_not_before_the_day_that_was_promised(session, delivered, stopped_clock, days, gone):
    order, _noise = delivered
    days_after(stopped_clock, order, days)

    forget(session)

    assert (order.name == "") is gone


def test_the_wording_names_the_days_that_are_kept():
    for language in ("en", "vi"):
        with force_locale(language):
            for wording in (CURRENT, LEADER, NEIGHBOUR, NEIGHBOURS):
                assert str(KEPT_DAYS) in str(WORDINGS[wording])


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_an_order_that_ended_unpaid_is_forgotten_too(session, stopped_clock, state):
    order = make.order(state=state, **PERSON)
    days_after(stopped_clock, order, KEPT_DAYS + 1)

    forget(session)

    assert (order.name, order.name_key, order.phone, order.address) == ("", "", "", "")


def open_order(session):
    return make.order(**PERSON)


def on_its_way(session):
    order = make.paid_order(**PERSON)
    send(session, order.round)
    return order


def not_delivered(session):
    order = on_its_way(session)
    bring(session, order, ParcelState.FAILED, "nobody at home")
    return order


def never_sent(session):
    return make.paid_order(**PERSON)


def ended_with_money(session):
    order = make.order(total=100_000, **PERSON)
    transfer = make.transfer(40_000)
    pay(session, transfer, order, amount=40_000)
    take_back(session, transfer)
    lifecycle.expire(session, order, at=clock.now())
    session.commit()
    return order


def with_credit(session):
    order = make.order(total=100_000, **PERSON)
    pay(session, make.transfer(150_000), order)
    send(session, order.round)
    bring(session, order)
    return order


@pytest.mark.parametrize(
    "unfinished", [open_order, on_its_way, not_delivered, never_sent, ended_with_money, with_credit]
)
def test_who_may_still_have_to_be_called_is_not_forgotten(session, stopped_clock, unfinished):
    order = unfinished(session)
    days_after(stopped_clock, order, 3 * KEPT_DAYS)

    forget(session)

    assert (order.name, order.phone, order.forgotten_at) == (PERSON["name"], PERSON["phone"], None)


def test_the_days_count_from_the_last_thing_that_happened_at_the_door(session, stopped_clock):
    order = on_its_way(session)
    days_after(stopped_clock, order, KEPT_DAYS)
    bring(session, order)
    days_after(stopped_clock, order, KEPT_DAYS + 5)
    forget(session)
    assert order.name == PERSON["name"]

    days_after(stopped_clock, order, 2 * KEPT_DAYS + 1)
    forget(session)

    assert order.name == ""


def test_many_are_forgotten_a_few_hundred_at_a_time(session, stopped_clock, monkeypatch):
    monkeypatch.setattr("office.retention.jobs.AT_ONCE", 2)
    delivery = make.round()
    orders = [make.order(state=OrderState.EXPIRED, delivery=delivery) for _number in range(3)]
    days_after(stopped_clock, orders[0], KEPT_DAYS + 1)

    forget(session)
    assert [order.forgotten_at is not None for order in orders] == [True, True, False]
    forget(session)
    forget(session)

    assert all(order.forgotten_at for order in orders)
    assert AT_ONCE > 2


def test_a_manifest_keeps_its_goods_and_stops_and_its_old_pdf_is_gone(session, client, delivered, stopped_clock):
    order, noise = delivered
    manifest = session.scalars(select(Manifest)).one()
    folder = typeset.folder(manifest)
    old = [f"{folder}.pdf", f"{folder}/delivery-all.part", f"{folder}/labels-a4-people.pdf"]
    for name in old:
        files.put(name, b"%PDF")
    days_after(stopped_clock, order, KEPT_DAYS + 1)

    forget(session)

    by_code = {stop["code"]: stop for stop in manifest.snapshot["stops"]}
    assert (by_code[order.code]["name"], by_code[order.code]["phone"]) == ("", "")
    assert by_code[order.code]["lines"]
    assert by_code[noise.code]["name"] == "Lê Văn Khác"
    assert manifest.sha256 == fingerprint(manifest.snapshot)
    assert [files.get(name) for name in old] == [None, None, None]
    make.signed_in(client)
    page = Page(client.get(f"/suppliers/manifests/{manifest.number}")).text()
    assert "Name, phone and address are deleted" in page
    assert "Lê Văn Khác" in page
    assert client.get(f"/suppliers/manifests/{manifest.number}.csv").status_code == 200


def test_what_was_learnt_of_an_account_goes_with_the_last_order_of_its_phone(session, stopped_clock):
    first, second = (make.order(total=100_000, **PERSON) for _number in range(2))
    for order in (first, second):
        transfer = make.transfer(100_000, payer_account="0071001234567")
        aliases.learn(session, transfer, [order], CLERK)
        pay(session, transfer, order)
    send(session, first.round)
    bring(session, first)
    days_after(stopped_clock, first, KEPT_DAYS + 1)
    forget(session)
    assert len(session.scalars(select(PayerAlias)).all()) == 2

    send(session, second.round)
    bring(session, second)
    days_after(stopped_clock, second, 3 * KEPT_DAYS)
    forget(session)

    assert session.scalars(select(PayerAlias)).all() == []


def test_its_pages_say_that_it_was_deleted(session, client, delivered, stopped_clock):
    order, _noise = delivered
    days_after(stopped_clock, order, KEPT_DAYS + 1)
    forget(session)
    make.signed_in(client)

    for path in (f"/o/{order.token}", f"/desk/orders/{order.code}"):
        assert "Name, phone and address were deleted on" in Page(client.get(path)).text()
    assert client.get("/desk/orders").status_code == 200
    assert client.get(f"/o/{order.token}.txt").status_code == 200
    for last4 in ("2333", "0000"):
        assert make.submit(client, "/track", code=order.code, last4=last4).status_code == 404
    assert make.submit(client, "/track", code=order.code, last4="").status_code == 422


def test_money_that_names_a_forgotten_order_goes_to_a_clerk(session, stopped_clock):
    order = make.order(state=OrderState.EXPIRED, total=130_000, **PERSON)
    days_after(stopped_clock, order, KEPT_DAYS + 1)
    forget(session)
    bank = Bank(make.bank_account("AGR"))

    (transfer,) = bank.book(session, bank.statement((130_000, f"{order.code} 0911222333 TRAN THI BUOI")))
    for _done in reconcile(session, at=clock.now()):
        session.commit()

    session.refresh(transfer)
    assert transfer.unplaced == 130_000


def test_a_notice_of_it_is_gone_and_of_others_not(session, delivered, stopped_clock):
    order, noise = delivered
    telling.on_its_way(session, [noise], at=clock.now())
    days_after(stopped_clock, order, KEPT_DAYS + 1)

    forget(session)

    told = {notice.subject for notice in session.scalars(select(Notice))}
    assert {subject for subject in told if not subject.startswith("DH-")} == {noise.code}  # those are a supplier's
    assert session.scalar(select(Order.code).where(Order.id == order.id)) == order.code


@pytest.mark.parametrize(
    ("part", "becomes"),
    [("name", "Somebody Else"), ("code", "DC2222222"), ("amount", 1), ("lines", [])],
)
def test_the_database_lets_a_manifest_forget_and_nothing_else(session, delivered, part, becomes):
    manifest = session.scalars(select(Manifest)).one()
    stops = [{**stop, part: becomes} for stop in manifest.snapshot["stops"]]

    changes: list[dict[str, Any]] = [{"stops": stops}, {"stops": []}, {"amount": 1}, {"items": []}]
    for changed in changes:
        manifest.snapshot = {**manifest.snapshot, **changed}
        with pytest.raises(IntegrityError, match="names may be taken out and nothing else"):
            session.flush()
        session.rollback()
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text("DELETE FROM manifests"))


def test_what_was_forgotten_does_not_come_back(session, delivered, stopped_clock):
    order, _noise = delivered
    manifest = session.scalars(select(Manifest)).one()
    before = manifest.snapshot
    days_after(stopped_clock, order, KEPT_DAYS + 1)
    forget(session)

    manifest.snapshot = before
    with pytest.raises(IntegrityError, match="names may be taken out"):
        session.flush()


def test_a_groups_leader_is_forgotten_with_the_last_of_its_orders(session, stopped_clock):
    group = make.group(name="Đỗ Thị Tổ Trưởng", phone="0909777888")
    orders = orders_of(session, group.code)
    for order in orders[1:]:
        make._lead_to(order, OrderState.CANCELLED)
    days_after(stopped_clock, orders[0], KEPT_DAYS + 1)

    forget(session)
    assert (group.leader_name, group.forgotten_at) == ("Đỗ Thị Tổ Trưởng", None)  # one is still open
    make._lead_to(orders[0], OrderState.CANCELLED)
    forget(session)

    left = everything(session)
    assert "Đỗ Thị Tổ Trưởng" not in left
    assert "0909777888" not in left
    assert (group.forgotten_at, {order.forgotten_at for order in orders}) == (clock.now(), {clock.now()})


def test_a_leader_is_not_forgotten_before_the_day(session, stopped_clock):
    group = make.group()
    orders = orders_of(session, group.code)
    for order in orders:
        make._lead_to(order, OrderState.CANCELLED)
    days_after(stopped_clock, orders[0], KEPT_DAYS)

    forget(session)

    assert group.leader_name


def test_what_was_said_in_complaints_goes_with_the_order_and_its_photo_too(session, delivered, stopped_clock):
    order, _noise = delivered
    files.put("complaints/x.webp", b"RIFF")
    complaint = complained(order, words=NOTE, photo="complaints/x.webp")
    days_after(stopped_clock, order, KEPT_DAYS + 1)

    forget(session)
    assert (order.forgotten_at, complaint.words) == (None, NOTE)

    decide.refuse(session, complaint, answer=NOTE, seen="1", doer=clerk())
    forget(session)

    assert order.forgotten_at == clock.now()
    assert (complaint.words, complaint.photo, complaint.answer) == ("", "", "")
    assert files.get("complaints/x.webp") is None
