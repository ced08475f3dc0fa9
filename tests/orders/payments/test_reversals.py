"""A bank takes back what it had credited: what the money paid is undone, and what has not left does not leave."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from kernel.jobs import sweep
from kernel.notices.models import Notice
from orders.models import Order, OrderState
from orders.payments.feeds.models import StatementImport
from orders.payments.feeds.queries import unexplained_debits
from orders.payments.forms import seen
from orders.payments.ledger import Hand
from orders.payments.models import Debit, DebitKind, Transfer
from orders.payments.queries import owed_by
from orders.payments.refunds.models import Refund
from orders.payments.reversals import find_reversals, give_again, take_back, take_back_what_banks_told
from orders.payments.settle import CannotSettle, ChangedMeanwhile
from orders.payments.take_in import take_in
from shop.models import Round
from suppliers.dispatch import NothingPaid, dispatch
from tests import books, make
from tests.bank import Bank
from tests.desk import CLERK, PATIENCE, pay, send
from tests.pages import page
from tests.refunds import approved, proposed
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")

NUMBER = "FT21249000123"


@pytest.fixture
def bank(session, stopped_clock):
    return Bank(make.bank_account("AGR"))


@pytest.fixture
def delivery(session, stopped_clock):
    return make.round(closes_at=clock.now() + timedelta(hours=30))


@pytest.fixture
def order(session, delivery):
    return make.order(delivery=delivery, total=200_000)


@pytest.fixture
def transfer(session, bank, order):
    """It pays the order, and is known by its number."""
    (made,) = bank.book(session, bank.statement(bank.row(200_000, "mua combo", reference=NUMBER)))
    pay(session, made, order)
    return made


@pytest.fixture
def noise(session, bank):
    """Another payment of the same sum, and money that went out for other reasons."""
    (other,) = bank.book(session, bank.statement((200_000, "mua combo"), (-11_000, "phi dich vu")))
    pay(session, other, make.order(total=200_000))
    return other


def take_in_all(session, bank, *movements):
    kept = bank.keep(session, bank.statement(*movements, until=clock.today()))
    for _step in take_in(session, session.get_one(StatementImport, kept.id), at=clock.now()):
        session.commit()
    session.commit()
    session.expire_all()


def debit(session, bank, amount=200_000, memo=f"HOAN TRA GD {NUMBER}"):
    """A debit that nobody has explained."""
    bank.book(session, bank.statement((-amount, memo)))
    return session.scalars(select(Debit).order_by(Debit.id.desc())).first()


def events(session, order):
    return list(session.scalars(select(Notice.event).where(Notice.subject == order.code).order_by(Notice.id)))


@pytest.mark.parametrize(
    "memo",
    [
        f"HOAN TRA GD {NUMBER}",
        f"Đảo giao dịch {NUMBER} ngày 06/09",
        f"REVERSAL OF {NUMBER}",
        f"THU HOI BAO CO NHAM/{NUMBER}/AGR",
    ],
)
def test_a_statement_that_says_so_undoes_the_payment_by_itself(session, bank, order, transfer, noise, memo):
    take_in_all(session, bank, (-200_000, memo))

    found = session.scalars(select(Debit).where(Debit.kind == DebitKind.REVERSAL)).one()
    assert (found.reverses_id, found.explained_by) == (transfer.id, "bank")
    assert (order.state, owed_by(session, order)) == (OrderState.OPEN, 200_000)
    assert (transfer.refunded, transfer.unplaced, transfer.by_hand) == (200_000, 0, True)
    assert noise.allocated == 200_000


@pytest.mark.parametrize(
    ("amount", "memo"),
    [
        (200_000, f"tra tien hang {NUMBER}"),
        (199_000, f"HOAN TRA GD {NUMBER}"),
        (200_000, "HOAN TRA GD FT21249000999"),
        (200_000, "HOAN TRA"),
    ],
    ids=["says nothing of it", "another sum", "another number", "no number"],
)
def test_what_is_not_clear_waits_for_a_clerk(session, bank, order, transfer, amount, memo):
    take_in_all(session, bank, (-amount, memo))

    assert (order.state, transfer.allocated) == (OrderState.CONFIRMED, 200_000)
    assert [each.kind for each in session.scalars(select(Debit))] == [DebitKind.UNEXPLAINED]


def test_nor_is_it_clear_where_two_fit(session, bank, transfer):
    """Two debits name the same payment: one of them is wrong."""
    two = [debit(session, bank), debit(session, bank, memo=f"REVERSAL {NUMBER} AGAIN")]

    assert find_reversals(session, two) == {}
    assert find_reversals(session, two[:1]) == {two[0].id: transfer.id}


def test_nor_of_another_account(session, transfer):
    other = Bank(make.bank_account("VCB"))

    assert find_reversals(session, [debit(session, other)]) == {}


def test_told_in_another_way_than_by_statement_the_next_minute_finds_it(session, bank, order, transfer):
    debit(session, bank)
    session.commit()

    sweep()

    session.expire_all()
    assert order.state is OrderState.OPEN


def test_a_second_run_changes_nothing(session, bank, order, transfer):
    debit(session, bank)
    runs = []
    for _time in range(2):
        runs.append(take_back_what_banks_told(session, at=clock.now()))
        session.commit()

    assert runs == [1, 0]


def test_before_the_dispatch_it_does_not_leave(session, bank, delivery, order, transfer):
    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))

    with pytest.raises(NothingPaid):
        send(session, delivery)
    assert books.count(session, "parcels") == 0


def test_and_the_database_itself_refuses_its_parcel(session, bank, delivery, order, transfer):
    paid = make.paid_order(delivery=delivery)
    send(session, delivery)
    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))
    (batch,) = session.execute(text("SELECT batch_id FROM parcels WHERE order_id = :id"), {"id": paid.id}).one()

    for state in ("confirmed", "open"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                text(
                    "INSERT INTO parcels (order_id, order_state, supplier_id, batch_id, stop, state, version)"
                    " VALUES (:order, :state, :supplier, :batch, 99, 'dispatched', 1)"
                ),
                {"order": order.id, "state": state, "supplier": order.lines[0].supplier_id, "batch": batch},
            )


def test_after_the_dispatch_it_shows_a_debt_and_the_parcel_stays(session, bank, delivery, order, transfer):
    send(session, delivery)

    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))

    assert (order.state, owed_by(session, order)) == (OrderState.CONFIRMED, 200_000)
    assert (books.count(session, "parcels"), transfer.refunded) == (1, 200_000)


def test_its_resident_is_told_and_has_time_to_pay_again(session, bank, delivery, order, transfer, stopped_clock):
    stopped_clock.set(order.expires_at + timedelta(hours=1))

    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))

    assert (order.expires_at, events(session, order)[-1]) == (delivery.closes_at, "taken_back")
    assert order.remind_at is not None


def test_a_refund_that_was_proposed_of_it_is_dropped(session, bank, stopped_clock):
    (money,) = bank.book(session, bank.statement(bank.row(200_000, "mua combo", reference=NUMBER)))
    waits = proposed(money, 200_000)
    session.commit()

    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))

    assert (money.refund_due, money.refunded) == (0, 200_000)
    assert session.get_one(Refund, waits.id).state.value == "refused"


def test_one_that_was_approved_is_stopped(session, bank, stopped_clock):
    (money,) = bank.book(session, bank.statement(bank.row(200_000, "mua combo", reference=NUMBER)))
    refund = approved(money)

    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))

    assert (money.refund_due, money.refunded) == (0, 200_000)
    assert session.get_one(Refund, refund.id).stopped_at is not None


def test_credit_and_every_order_that_it_paid_are_undone(session, bank, delivery, stopped_clock):
    orders = [make.order(delivery=delivery, total=70_000) for _number in range(2)]
    (money,) = bank.book(session, bank.statement(bank.row(200_000, "mua combo", reference=NUMBER)))
    pay(session, money, orders[0], as_credit=False)
    pay(session, money, orders[1])

    take_in_all(session, bank, (-200_000, f"HOAN TRA {NUMBER}"))

    assert [each.state for each in orders] == [OrderState.OPEN, OrderState.OPEN]
    assert (money.credit, money.refunded) == (0, 200_000)


def test_a_clerk_says_so_on_the_transfers_page_and_may_undo_it(client, session, bank, order, transfer, noise):
    make.signed_in(client)
    went_out = debit(session, bank, memo="dieu chinh")
    address = f"/desk/transfers/{transfer.id}"
    assert "dieu chinh" in client.get(address).text

    fields = {"debit": went_out.id, "because": "the bank called", "seen": seen(transfer)}
    make.submit(client, f"{address}/taken-back", page=address, **fields)
    session.expire_all()
    assert (order.state, transfer.refunded, went_out.kind) == (OrderState.OPEN, 200_000, DebitKind.REVERSAL)

    answer = make.submit(
        client, f"{address}/taken-back/undo", page=address, because="another one", seen=seen(transfer), follow=True
    )
    session.expire_all()
    assert (transfer.unplaced, went_out.kind, went_out.reverses_id) == (200_000, DebitKind.UNEXPLAINED, None)
    assert "not placed" in page(answer).text()


def test_at_the_desk_the_debit_must_be_one_that_fits(client, session, bank, transfer):
    make.signed_in(client)
    debit(session, bank)
    address = f"/desk/transfers/{transfer.id}"

    answer = make.submit(client, f"{address}/taken-back", page=address, debit=999, because="x", seen=seen(transfer))

    session.expire_all()
    assert (answer.status_code, transfer.refunded) == (422, 0)


def test_not_by_a_debit_of_another_sum(session, bank, transfer):
    with pytest.raises(CannotSettle):
        take_back(session, transfer, debit(session, bank, amount=100_000), CLERK)


def test_not_twice_by_one_debit(session, bank, transfer, noise):
    went_out = debit(session, bank)
    take_back(session, transfer, went_out, CLERK)
    session.commit()

    with pytest.raises(ChangedMeanwhile):
        take_back(session, noise, went_out, CLERK)


def test_nothing_to_undo_is_said(session, transfer):
    with pytest.raises(ChangedMeanwhile):
        give_again(session, transfer, CLERK)


def test_explained_by_hand_it_is_not_looked_at_again(session, bank, transfer):
    take_back(session, transfer, debit(session, bank), CLERK)
    session.commit()

    assert list(unexplained_debits(session, since=clock.now() - timedelta(days=9))) == []


def test_a_reversal_and_a_dispatch_at_once_take_turns(app, session, bank, delivery, order, transfer):
    """Whoever comes first: either it stays here, or it has left paid and shows a debt."""
    went_out, at = debit(session, bank), clock.now()
    numbers = {"transfer": transfer.id, "debit": went_out.id, "round": delivery.id}
    session.commit()

    def act(person: int) -> str:
        if person == 0:
            mine = db.session.get_one(Transfer, numbers["transfer"])
            theirs = db.session.get_one(Debit, numbers["debit"])
            take_back(db.session, mine, theirs, Hand("bank", at, "the bank took it back"))
            db.session.commit()
            return "taken back"
        try:
            leaving = db.session.get_one(Round, numbers["round"])
            dispatch(db.session, leaving, at=at, by="kinhte1", patience=PATIENCE, override="now")
            db.session.commit()
        except NothingPaid:
            return "stayed"
        return "sent"

    answers = rush(app, 2, act)

    session.expire_all()
    left = session.get_one(Order, order.id)
    sent = bool(answers["sent"])
    assert (books.count(session, "parcels"), left.dispatched_at is not None) == (int(sent), sent)
    assert left.state is (OrderState.CONFIRMED if sent else OrderState.OPEN)
    assert owed_by(session, left) == 200_000
