"""Purchase orders: made with the batch, to the last đồng, acknowledged once, asked for again."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from kernel.money import format_dong
from kernel.notices.models import NoticeState
from kernel.notices.outbox import trade
from kernel.notices.queries import notices_log
from suppliers.manifest import fingerprint
from suppliers.purchase.keep import PAUSE, AcknowledgedAlready, ToldJustNow, acknowledge, nudge
from suppliers.purchase.models import PurchaseOrder
from suppliers.purchase.queries import waiting_orders
from tests import books, make
from tests.desk import rows, send
from tests.rush import rush


def taken(session, order, name="Chị Sáu", **how):
    acknowledge(session, order, by="rau", name=name, at=clock.now(), **how)
    session.commit()


def told(session, number):
    return [(each.event, each.state) for each in reversed(notices_log(session, subject=number))]


def test_each_batch_has_one_with_its_manifests_number(session, bought):
    found = rows(session, "SELECT p.number, m.number FROM purchase_orders p JOIN manifests m USING (batch_id)")

    assert len(found) == 2
    assert all(number == f"DH-{manifest}" for number, manifest in found)


def test_a_combo_sold_at_two_prices_is_two_lines(session, bought):
    lines = [(row["code"], row["unit_price"], row["quantity"]) for row in bought.of("RAU").snapshot["combos"]]

    assert lines == [("C01", 100_000, 2), ("C01", 108_000, 1), ("C02", 55_000, 2)]


def test_sums_are_what_the_orders_lines_say_to_the_last_dong(session, bought):
    for code, order in bought.purchases.items():
        (sold,) = rows(
            session,
            "SELECT SUM(l.quantity * l.unit_price), SUM(l.quantity) FROM order_lines l"
            " JOIN suppliers s ON s.id = l.supplier_id WHERE s.code = :code",
            code=code,
        )
        lines = order.snapshot["combos"]
        assert order.amount == order.snapshot["amount"] == sum(row["amount"] for row in lines) == int(sold[0])
        assert sum(row["quantity"] for row in lines) == int(sold[1])
    assert sum(order.amount for order in bought.purchases.values()) == sum(each.total for each in bought.orders)


def test_items_are_what_is_in_the_combos(session, bought):
    totals = {row["name"]: row["quantity"] for row in bought.of("RAU").snapshot["items"]}

    assert totals == {"rau muống": 3 * 500, "trứng gà": 30, "đậu hũ": 6}


def test_a_second_dispatch_makes_another_of_what_was_paid_since(session, bought):
    late = make.paid_order(bought.combos["C02"], delivery=bought.delivery)

    send(session, bought.delivery)

    newest = waiting_orders(session)[-1]
    assert (newest.amount, newest.snapshot["parcels"]) == (late.total, 1)
    assert newest.number.endswith("-RAU-2")


def test_it_stays_what_it_was_whatever_becomes_of_prices_and_combos(session, bought):
    before = bought.of("RAU").snapshot
    bought.combos["C01"].name = "Khác"
    make.reprice(bought.combos["C01"], 1_000)
    session.commit()
    order = bought.of("RAU")
    session.refresh(order)

    assert order.snapshot == before
    assert fingerprint(order.snapshot) == order.sha256


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE purchase_orders SET amount = amount + 1",
        "UPDATE purchase_orders SET sha256 = 'x'",
        "UPDATE purchase_orders SET acknowledged_name = 'x'",
        "DELETE FROM purchase_orders",
        (
            "INSERT INTO purchase_orders (number, batch_id, supplier_id, amount, made_at, snapshot, sha256)"
            " SELECT 'DH-X', batch_id, supplier_id, amount, made_at, snapshot, sha256 FROM purchase_orders"
        ),
    ],
)
def test_the_tables_keep_it_as_it_is(session, bought, wrong):
    with pytest.raises(IntegrityError):
        session.execute(text(wrong))
    session.rollback()


def test_the_tables_refuse_one_of_another_sum(session, bought):
    """Of a batch that has none yet: the trigger alone stands in the way."""
    batch = "SELECT id FROM batches WHERE id NOT IN (SELECT batch_id FROM purchase_orders)"
    session.execute(
        text(
            "INSERT INTO batches (round_id, supplier_id, number, dispatched_by, dispatched_at, because)"
            " SELECT round_id, supplier_id, 9, dispatched_by, dispatched_at, because FROM batches LIMIT 1"
        )
    )
    with pytest.raises(IntegrityError, match="what its batch takes"):
        session.execute(
            text(
                "INSERT INTO purchase_orders (number, batch_id, supplier_id, amount, made_at, snapshot, sha256)"
                f" SELECT 'DH-9', ({batch}), supplier_id, 1, made_at, snapshot, sha256 FROM purchase_orders LIMIT 1"
            )
        )
    session.rollback()


def test_the_supplier_is_told_at_once_with_a_link(session, app, bought):
    (notice,) = notices_log(session, subject=bought.of("RAU").number)

    said = trade().words(notice)
    assert notice.address == "0900000100"
    assert format_dong(bought.of("RAU").amount) in said.text
    assert bought.of("RAU").number in said.text + said.title


def test_acknowledged_is_who_and_when_once(session, bought, stopped_clock):
    order = bought.of("RAU")
    taken(session, order)
    first = order.acknowledged_at
    stopped_clock.forward(minutes=5)

    with pytest.raises(AcknowledgedAlready, match="Chị Sáu"):
        taken(session, order, "Anh Bảy")
    session.rollback()

    assert (order.acknowledged_by, order.acknowledged_name, order.acknowledged_at) == ("rau", "Chị Sáu", first)
    assert rows(session, "SELECT what, name FROM purchase_events") == [("acknowledged", "Chị Sáu")]
    assert [each.number for each in waiting_orders(session)] == [bought.of("THIT").number]


def test_of_two_who_acknowledge_at_once_one_is_thanked(app, session, bought):
    key, at = bought.of("RAU").id, clock.now()

    def act(number: int) -> str:
        try:
            acknowledge(db.session, db.session.get_one(PurchaseOrder, key), by="rau", name=f"Người {number}", at=at)
            db.session.commit()
        except AcknowledgedAlready:
            db.session.rollback()
            return "told by whom"
        return "thanked"

    assert rush(app, 6, act) == {"thanked": 1, "told by whom": 5}
    assert books.count(session, "purchase_events") == 1


def test_what_waits_to_be_told_is_no_news_once_it_is_acknowledged(session, bought):
    taken(session, bought.of("RAU"))

    assert told(session, bought.of("RAU").number) == [("purchase_ordered", NoticeState.SKIPPED)]
    assert told(session, bought.of("THIT").number) == [("purchase_ordered", NoticeState.WAITING)]


def test_a_nudge_tells_once_more_and_overtakes_what_waited(session, bought, stopped_clock):
    order = bought.of("RAU")
    for _time in range(2):
        stopped_clock.forward(minutes=30)
        nudge(session, order, by="kinhte1", name="Mận", at=clock.now())
        session.commit()

    assert [event for event, _state in told(session, order.number)] == ["purchase_ordered", *["purchase_nudged"] * 2]
    assert [state for _event, state in told(session, order.number)].count(NoticeState.WAITING) == 1


def test_a_nudge_waits_until_the_last_message_could_be_read(session, bought, stopped_clock):
    stopped_clock.forward(seconds=int(PAUSE.total_seconds()) - 1)
    with pytest.raises(ToldJustNow):
        nudge(session, bought.of("RAU"), by="kinhte1", name="Mận", at=clock.now())
    taken(session, bought.of("RAU"))
    with pytest.raises(AcknowledgedAlready):
        nudge(session, bought.of("RAU"), by="kinhte1", name="Mận", at=clock.now() + timedelta(hours=1))


def test_what_is_not_paid_is_not_ordered(session, bought):
    make.order(bought.combos["C01"], delivery=bought.delivery)
    paid = make.paid_order(bought.combos["C01"], delivery=bought.delivery)

    send(session, bought.delivery)

    (ordered,) = rows(session, "SELECT SUM(amount) FROM purchase_orders")
    assert int(ordered[0]) == sum(each.total for each in (*bought.orders, paid))
