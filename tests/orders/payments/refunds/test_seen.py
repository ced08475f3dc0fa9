"""A refund is done when a statement shows it: once, whatever the order of what is told."""

from itertools import permutations

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.database import db
from kernel.notices.models import Notice
from orders.payments.models import Debit, DebitKind
from orders.payments.refunds import keep, seen
from orders.payments.refunds.models import Refund
from orders.payments.take_in import take_in
from tests import books, make
from tests.bank import Bank
from tests.refunds import approved, exported, one, paid, two
from tests.rush import rush
from tests.shop.test_prices import in_a_post, step

pytestmark = pytest.mark.usefixtures("right_books", "stopped_clock")


@pytest.fixture
def bank(session):
    return Bank(make.bank_account("AGR"))


def told(session, bank, *movements):
    kept = bank.keep(session, bank.statement(*movements))
    for _step in take_in(session, kept, at=clock.now()):
        session.commit()
    session.commit()
    session.expire_all()


def debits(session):
    return session.scalars(select(Debit).order_by(Debit.id)).all()


def test_the_debit_finishes_the_refund_and_its_resident_is_told(session, bank):
    order = make.order()
    refund, other = exported(order=order), exported()
    told(session, bank, (-100_000, f"NP {refund.code[:4]} {refund.code[4:]} hoan tien"), (-5_000, "phi"))

    found = debits(session)
    assert [(each.kind, each.explained_by) for each in found] == [("refund", "matcher"), ("unexplained", None)]
    assert (refund.debit_id, other.debit_id) == (found[0].id, None)
    assert (refund.transfer.refund_due, refund.transfer.refunded) == (0, 100_000)
    notice = session.scalars(select(Notice).where(Notice.event == "refunded")).one()
    assert (notice.subject, notice.params["amount"]) == (order.code, 100_000)


def test_told_twice_it_is_paid_once(session, bank):
    refund = exported()
    row = bank.row(-100_000, refund.code)

    for _time in range(2):
        told(session, bank, row)

    assert books.count(session, "debits") == 1
    assert refund.transfer.refunded == 100_000
    assert seen.match_debits(session, at=clock.now()) == 0


def test_paid_twice_the_second_waits_for_a_clerk(session, bank):
    refund = exported()
    told(session, bank, (-100_000, refund.code), (-100_000, refund.code))

    assert [each.kind for each in debits(session)] == ["refund", "unexplained"]


@pytest.mark.parametrize("amount", [-99_999, -100_001])
def test_a_wrong_amount_waits_for_a_clerk_who_links_it_and_takes_it_back(session, bank, amount):
    refund = exported()
    told(session, bank, (amount, refund.code))
    (debit,) = debits(session)
    assert debit.kind is DebitKind.UNEXPLAINED

    seen.link(session, debit, refund, one(because="less the bank's fee"))
    assert (debit.kind, debit.explained_by, refund.paid_at) == ("refund", "kinhte1", clock.now())
    assert refund.transfer.refunded == 100_000
    books.check(session)
    seen.undo(session, debit, two(because="it was another one"))

    assert (debit.kind, debit.explained_by, refund.debit_id, refund.transfer.refund_due) == (
        "unexplained",
        None,
        None,
        100_000,
    )
    keep.stop(session, refund, one())


def test_only_what_was_exported_is_matched_and_a_clerk_may_link_what_is_approved(session, bank):
    refund = approved()
    told(session, bank, (-100_000, refund.code))
    (debit,) = debits(session)

    assert debit.kind is DebitKind.UNEXPLAINED
    seen.link(session, debit, refund, one())
    with pytest.raises(seen.CannotExplain):
        seen.link(session, debit, exported(), one())


def test_what_was_given_up_or_is_paid_is_not_linked(session, bank):
    stopped, done = approved(), exported()
    keep.stop(session, stopped, one())
    paid(done)
    told(session, bank, (-100_000, "hoan tien"))

    for refund in (stopped, done):
        with pytest.raises(seen.CannotExplain):
            seen.link(session, debits(session)[-1], refund, one())


@pytest.mark.parametrize("kind", seen.OTHERS)
def test_a_clerk_says_what_else_it_was_and_takes_it_back(session, bank, kind):
    told(session, bank, (-5_000, "phi"))
    (debit,) = debits(session)

    seen.say_other(session, debit, kind, one(because="monthly"))
    assert (debit.kind, debit.because) == (kind, "monthly")
    with pytest.raises(seen.CannotExplain):
        seen.say_other(session, debit, kind, one())
    seen.undo(session, debit, two())
    with pytest.raises(seen.CannotExplain):
        seen.undo(session, debit, two())
    with pytest.raises(seen.CannotExplain):
        seen.say_other(session, debit, DebitKind.REFUND, two())


def test_in_whatever_order_statements_come_the_same_refunds_are_done(session):
    ends: set[tuple[bool, ...]] = set()
    for order in permutations(range(3)):
        bank = Bank(make.bank_account("AGR", number=f"5903{len(ends)}{order[0]}{order[1]}", receives=False))
        refunds = [exported() for _number in range(3)]
        memos = [refunds[0].code, f"x {refunds[1].code} y", "khong co ma"]
        for number in order:
            told(session, bank, (-100_000, memos[number]))
        ends.add(tuple(bool(refund.debit_id) for refund in refunds))

    assert ends == {(True, True, False)}


def test_of_many_who_match_and_link_at_once_one_pays(app, session, bank):
    refund = exported()
    statement = bank.statement((-100_000, refund.code), (-100_000, "khong co ma"))
    bank.book(session, statement)
    ids = (refund.id, debits(session)[1].id)
    session.commit()

    def act(number):
        if number % 2:
            debit, found = db.session.get_one(Debit, ids[1]), db.session.get_one(Refund, ids[0])
            seen.link(db.session, debit, found, one())
        elif not seen.match_debits(db.session, at=clock.now()):
            raise seen.CannotExplain("nothing to match")

    found = rush(app, 6, lambda number: in_a_post(app, lambda: step(lambda: act(number))))

    assert found == {"done": 1, "CannotExplain": 5}
    session.expire_all()
    assert refund.transfer.refunded == 100_000
