"""Money beyond an order's total: kept, used for the next order or paid back, as its resident chooses."""

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from kernel.notices.models import Notice
from orders.models import Order, OrderState
from orders.payments.credit.keep import keep, spend_all, take_from_orders, use
from orders.payments.credit.models import CreditOwner
from orders.payments.credit.owners import credits_of, owner_of
from orders.payments.ledger import Hand
from orders.payments.models import Place, Transfer
from orders.payments.queries import owed_by
from orders.payments.reconcile import reconcile
from orders.payments.refunds.models import Refund
from orders.payments.settle import CannotSettle, ChangedMeanwhile, settle, undo
from tests import books, make
from tests.desk import CLERK, pay, send, take_back
from tests.pages import page
from tests.rush import rush

MATCHER = Hand(by="matcher", at=CLERK.at, because="matched", automatic=True)

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def transfer(session):
    """It brought 150.000 ₫ for an order of 100.000 ₫."""
    return make.transfer(150_000)


@pytest.fixture
def order(session, transfer):
    made = make.order(total=100_000)
    pay(session, transfer, made)
    return made


@pytest.fixture
def noise(session):
    """Somebody else's credit, and somebody else's open order."""
    other, theirs = make.order(total=10_000, phone="0987654321"), make.transfer(90_000)
    pay(session, theirs, other)
    make.order(phone="0987654321")
    return theirs


def spend(client, order, code, seen=50_000):
    address = f"/o/{order.token}"
    return make.submit(client, f"{address}/credit/use", page="/track", code=code, seen=seen, follow=True)


def test_the_page_of_the_paid_order_says_what_is_kept_and_nothing_need_be_done(client, order, noise):
    text = page(client.get(f"/o/{order.token}")).text()

    assert "50.000 ₫ is kept for you" in text
    assert "You need not do anything" in text


def test_its_resident_is_told(session, order):
    last = session.scalars(select(Notice).where(Notice.subject == order.code).order_by(Notice.id.desc())).first()

    assert (last.event, last.params["amount"]) == ("overpaid", 50_000)


def test_the_resident_wants_it_back(session, client, transfer, order, noise):
    answer = make.submit(client, f"/o/{order.token}/credit/refund", page="/track", seen=50_000, follow=True)

    session.expire_all()
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.taken_from, refund.order_id) == (50_000, Place.CREDIT, order.id)
    assert (transfer.credit, transfer.refund_due, transfer.allocated) == (0, 50_000, 100_000)
    assert "Refund of 50.000 ₫ under way" in page(answer).text()
    assert noise.credit == 80_000


def test_twice_is_once(session, client, order):
    for _time in range(2):
        make.submit(client, f"/o/{order.token}/credit/refund", page="/track", seen=50_000)

    assert books.count(session, "refunds") == 1


def test_the_resident_uses_it_for_the_next_order_of_the_same_phone(session, client, transfer, order, noise):
    following = make.order(total=80_000)
    assert following.code in page(client.get(f"/o/{order.token}")).text()

    answer = spend(client, order, following.code)

    session.expire_all()
    assert f"{following.code} has got 50.000 ₫ of your credit" in page(answer).text()
    assert (owed_by(session, following), following.state, transfer.credit) == (30_000, OrderState.OPEN, 0)


def test_credit_that_is_enough_pays_it(session, client, transfer, order):
    following = make.order(total=30_000)

    spend(client, order, following.code)

    session.expire_all()
    assert (following.state, transfer.credit, transfer.by_hand) == (OrderState.CONFIRMED, 20_000, True)
    assert following.history[-1].because == "paid from credit"
    assert "20.000 ₫ is kept for you" in page(client.get(f"/o/{order.token}")).text()


def test_a_new_order_never_tells_strangers_of_a_neighbours_credit(client, order):
    make.bank_account()
    stranger = make.order(total=80_000)

    text = client.get(f"/o/{stranger.token}").text

    assert "50.000" not in text
    assert order.code not in text


def test_not_for_an_order_of_another_phone_nor_one_that_is_over(session, client, transfer, order):
    others = [make.order(phone="0987654321"), make.order(state=OrderState.EXPIRED), order]

    answers = [spend(client, order, each.code).status_code for each in others]

    session.expire_all()
    assert (answers, transfer.credit) == ([404, 404, 404], 50_000)


@pytest.mark.parametrize("step", ["use", "refund"])
def test_credit_that_has_changed_since_it_was_shown_is_not_touched(session, client, transfer, order, step):
    following = make.order()

    address = f"/o/{order.token}/credit/{step}"
    answer = make.submit(client, address, page="/track", code=following.code, seen=60_000)

    session.expire_all()
    assert (answer.status_code, transfer.credit) == (409, 50_000)


def test_an_order_whose_phone_is_forgotten_offers_no_order(session, client, order):
    order.phone, nobody = "", make.order(phone="")

    assert nobody.code not in client.get(f"/o/{order.token}").text


def test_credit_of_a_payment_for_several_phones_is_nobodys_until_a_clerk_says_whose(session, order):
    transfer, neighbour = make.transfer(300_000), make.order(phone="0987654321")
    mine = make.order()
    settle(session, transfer, {mine.id: 100_000, neighbour.id: 100_000}, CLERK, rest_as_credit=True)
    session.commit()

    assert owner_of(session, transfer) is None
    assert (list(credits_of(session, mine)), list(credits_of(session, neighbour))) == ([], [])


def test_credit_used_for_another_is_still_of_who_paid(session, transfer, order):
    daughter = make.order(total=20_000, phone="0987654321")

    use(session, transfer, daughter, CLERK)
    session.commit()

    assert owner_of(session, transfer) == order
    assert list(credits_of(session, daughter)) == []


def test_what_was_used_goes_back_to_the_credit_and_the_rest_stays(session, transfer, order):
    following = make.order(total=30_000)
    use(session, transfer, following, CLERK)
    session.commit()

    take_from_orders(session, transfer, CLERK)
    session.commit()

    assert (following.state, order.state) == (OrderState.OPEN, OrderState.CONFIRMED)
    assert (transfer.credit, transfer.allocated) == (50_000, 100_000)
    with pytest.raises(ChangedMeanwhile):
        take_from_orders(session, transfer, CLERK)


def test_taken_from_an_order_that_has_left_it_shows_a_debt(session, transfer, order):
    following = make.order(total=30_000)
    use(session, transfer, following, CLERK)
    session.commit()
    send(session, following.round)

    take_from_orders(session, transfer, CLERK)
    session.commit()

    assert (following.state, owed_by(session, following)) == (OrderState.CONFIRMED, 30_000)


def test_undoing_the_payment_takes_back_what_its_credit_paid_too(session, transfer, order):
    following = make.order(total=30_000)
    use(session, transfer, following, CLERK)
    session.commit()

    take_back(session, transfer)

    assert (transfer.unplaced, transfer.credit) == (150_000, 0)
    assert (order.state, following.state) == (OrderState.OPEN, OrderState.OPEN)


def test_the_matcher_leaves_alone_what_credit_was_used_of(session):
    """Even where the payment itself was the matcher's doing, which it may take back for a better match."""
    first, following, transfer = make.order(total=100_000), make.order(total=30_000), make.transfer(150_000)
    settle(session, transfer, {first.id: 100_000}, MATCHER, rest_as_credit=True)
    session.commit()
    use(session, transfer, following, CLERK)
    session.commit()

    with pytest.raises(ChangedMeanwhile):
        undo(session, transfer, MATCHER)
    for _done in reconcile(session, at=clock.now()):
        session.commit()

    assert (following.state, transfer.by_hand) == (OrderState.CONFIRMED, True)


def test_a_clerk_keeps_money_as_credit_of_whose_order_it_came_for(session, client, noise):
    over, late = make.order(state=OrderState.EXPIRED), make.transfer(100_000)

    keep(session, late, over, CLERK)
    session.commit()

    assert (late.unplaced, late.credit, owner_of(session, late)) == (0, 100_000, over)
    assert "100.000 ₫ is kept for you" in page(client.get(f"/o/{over.token}")).text()
    last = session.scalars(select(Notice).where(Notice.subject == over.code).order_by(Notice.id.desc())).first()
    assert (last.event, last.params["amount"]) == ("money_kept", 100_000)


def test_which_undo_takes_back(session):
    over, late = make.order(state=OrderState.EXPIRED), make.transfer(100_000)
    keep(session, late, over, CLERK)
    session.commit()

    undo(session, late, CLERK)
    session.commit()

    assert (late.unplaced, late.credit, session.scalars(select(CreditOwner)).all()) == (100_000, 0, [])


def test_several_credits_are_used_one_after_the_other_until_it_is_paid(session, order, transfer):
    second = make.transfer(70_000)
    keep(session, second, order, CLERK)
    following = make.order(total=60_000)
    session.commit()

    spend_all(session, credits_of(session, order), following, CLERK)
    session.commit()

    assert (following.state, transfer.credit, second.credit) == (OrderState.CONFIRMED, 0, 60_000)


def test_an_order_that_is_paid_takes_none(session, transfer, order):
    with pytest.raises(CannotSettle):
        use(session, transfer, order, CLERK)


def test_used_by_two_at_once_it_is_used_once(app, session, transfer, order):
    wanted, given = [make.order(total=50_000).id for _number in range(3)], transfer.id
    session.commit()

    def act(number: int) -> str:
        try:
            mine, theirs = db.session.get_one(Transfer, given), db.session.get_one(Order, wanted[number])
            use(db.session, mine, theirs, CLERK)
            db.session.commit()
        except MarketError:
            db.session.rollback()
            return "refused"
        return "used"

    assert rush(app, 3, act) == {"used": 1, "refused": 2}
