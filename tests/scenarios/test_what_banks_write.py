"""The field's own shapes through the whole program: each bank's memo, each provider's webhook, each kind of amount."""

from collections.abc import Callable
from typing import Any

import pytest

from kernel import clock
from orders.models import OrderState
from orders.payments.models import Place, Transfer
from orders.payments.queries import live_allocations, owed_by
from orders.payments.take_in import take_in
from suppliers.dispatch import NothingPaid
from tests import make
from tests.bank import Bank
from tests.desk import rows, send
from tests.orders.payments.test_memo import ACCOUNT, BODY, ROUTES
from tests.providers import casso, give_keys, payos, sepay, tell

pytestmark = pytest.mark.usefixtures("right_books", "stopped_clock")

NAMES = ("Nguyễn Thị Lan", "Trần Văn Hùng", "Lê Thị Cúc", "Phạm Văn Mai", "Hoàng Thị Đào", "Vũ Văn Bình", "Đỗ Thị Sen")
FOLDED = ("NGUYEN THI LAN", "TRAN VAN HUNG", "LE THI CUC", "PHAM VAN MAI", "HOANG THI DAO", "VU VAN BINH", "DO THI SEN")


@pytest.fixture
def bank(session):
    return Bank(make.bank_account("VCB"))


def take(session, bank, *movements):
    """A statement of these movements, booked and matched as the worker does; its transfers in their order."""
    kept = bank.keep(session, bank.statement(*movements))
    for _step in take_in(session, kept, at=clock.now()):
        session.commit()
    session.commit()
    told = "SELECT transfer_id FROM inbound_messages WHERE transfer_id IS NOT NULL ORDER BY row"
    return [session.get_one(Transfer, number) for (number,) in rows(session, told)]


def somebody(place, *, total=100_000, **about):
    """One of many residents, with a name, a phone and a house of their own."""
    about = {"name": NAMES[place % len(NAMES)], "phone": f"0912{place:06d}", "address": f"{place + 1} Lê Lợi", **about}
    return make.order(total=total, **about)


@pytest.mark.parametrize("writes", ["the code", "name, phone, ward"])
def test_every_banks_wrapper_pays_the_order_that_its_memo_names(session, bank, writes):
    orders = [somebody(place) for place in range(len(ROUTES))]
    memos = []
    for place, (order, wrapped) in enumerate(zip(orders, ROUTES.values(), strict=True)):
        form = f"{FOLDED[place % len(NAMES)]}_{order.phone}_Di An"
        memos.append(wrapped.replace(BODY, form if writes == "name, phone, ward" else f"{order.code} {order.phone}"))
    session.commit()

    transfers = take(session, bank, *((100_000, memo) for memo in memos))

    paid = {
        route: [allocation.order_id for allocation in live_allocations(session, transfer.id)]
        for route, transfer in zip(ROUTES, transfers, strict=True)
    }
    assert paid == {route: [order.id] for route, order in zip(ROUTES, orders, strict=True)}


def test_the_payers_own_account_and_default_words_pay_nobody(session, bank):
    """A wrapper holds the payer's account, which is a phone: of an order that is not what is paid for."""
    session.add(somebody(1, name="Trần Văn Hùng", phone=ACCOUNT))
    session.commit()

    default = ROUTES["vietcombank app"].replace(BODY, "TRAN VAN HUNG chuyen tien")
    (transfer,) = take(session, bank, (100_000, default))

    assert (transfer.unplaced, transfer.allocated) == (100_000, 0)


TELLS: dict[str, Callable[..., dict[str, Any]]] = {
    "sepay": sepay,
    "casso": casso,
    "payos": lambda number, *told: payos(f"FT{number}", *told),
}


@pytest.mark.parametrize("provider", TELLS)
def test_a_webhook_pays_and_the_statement_behind_it_is_the_same_money(session, app, client, bank, provider):
    give_keys(app)
    order = somebody(1)
    memo = f"{order.code} {order.phone}"
    for _again in range(2):
        tell(client, provider, TELLS[provider](41, 100_000, memo))

    take(session, bank, bank.row(100_000, memo, at=clock.now()))

    session.refresh(order)
    assert order.state is OrderState.CONFIRMED
    assert rows(session, "SELECT COUNT(*), SUM(amount) FROM transfers") == [(1, 100_000)]


def test_the_exact_sum_is_paid_and_may_leave(session, bank):
    order = somebody(1)
    take(session, bank, (100_000, f"{order.code} {order.phone}"))

    assert owed_by(session, order) == 0
    assert len(send(session, order.round)) == 1


def test_less_is_a_part_and_does_not_leave(session, bank):
    order = somebody(1)
    take(session, bank, (60_000, f"{order.code} {order.phone}"))

    assert (owed_by(session, order), order.state) == (40_000, OrderState.OPEN)
    with pytest.raises(NothingPaid):
        send(session, order.round)


def test_more_pays_the_total_and_the_rest_is_credit(session, bank):
    order = somebody(1)
    (transfer,) = take(session, bank, (130_000, f"{order.code} {order.phone}"))

    session.refresh(transfer)
    assert {place: getattr(transfer, place) for place in (Place.ALLOCATED, Place.CREDIT, Place.UNPLACED)} == {
        Place.ALLOCATED: 100_000,
        Place.CREDIT: 30_000,
        Place.UNPLACED: 0,
    }


def test_several_codes_are_paid_together_if_the_sum_is_theirs(session, bank):
    one, other = somebody(1), somebody(2, total=200_000)
    take(session, bank, (300_000, f"{one.code} {other.code}"))

    assert (owed_by(session, one), owed_by(session, other)) == (0, 0)


def test_if_it_is_not_a_clerk_is_asked(session, bank):
    one, other = somebody(1), somebody(2, total=200_000)
    (transfer,) = take(session, bank, (250_000, f"{one.code} {other.code}"))

    assert (owed_by(session, one), owed_by(session, other), transfer.unplaced) == (100_000, 200_000, 250_000)


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_an_order_that_is_over_is_never_paid_by_itself(session, bank, state):
    order = somebody(1, state=state)
    (transfer,) = take(session, bank, (100_000, f"{order.code} {order.phone}"))

    assert (owed_by(session, order), transfer.unplaced) == (100_000, 100_000)
    assert transfer.proposal.candidates[0]["code"] == order.code


def test_paid_twice_the_second_waits_for_a_clerk(session, bank):
    order = somebody(1)
    memo = f"{order.code} {order.phone}"
    first, second = take(session, bank, (100_000, memo), (100_000, memo))

    assert sorted([first.unplaced, second.unplaced]) == [0, 100_000]
    assert owed_by(session, order) == 0
