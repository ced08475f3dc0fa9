"""A refund: proposed by one, approved by another; what comes to nothing lies where it lay."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.changes import Overtaken
from kernel.database import db
from kernel.four_eyes import DecidedAlready, SameHands, Stand
from orders.payments.ledger import Gift, give
from orders.payments.models import Place
from orders.payments.refunds import keep
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee
from orders.payments.settle import CannotSettle, undo
from tests import make
from tests.desk import CLERK
from tests.refunds import BUOI, approved, known, one, proposed, two
from tests.rush import rush
from tests.shop.test_prices import in_a_post, step

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture(autouse=True)
def noise(session):
    """Another transfer with a refund of its own, which nothing may touch."""
    return proposed(known(70_000), 30_000)


def lies(transfer):
    db.session.refresh(transfer)
    return transfer.unplaced, transfer.credit, transfer.refund_due


def test_what_is_proposed_is_taken_from_where_it_lies_and_waits(session):
    transfer = make.transfer(100_000)
    give(session, [Gift(transfer.id, {}, credit=60_000)], CLERK)

    refund = proposed(transfer, 50_000, taken_from=Place.CREDIT)

    assert lies(transfer) == (40_000, 10_000, 50_000)
    assert (refund.state, refund.named_by, transfer.by_hand) == (Stand.PROPOSED, "kinhte1", True)


@pytest.mark.parametrize("amount", [0, -1, 100_001])
def test_no_more_goes_back_than_lies_there(session, amount):
    transfer = make.transfer(100_000)

    with pytest.raises(keep.NotThere):
        keep.propose(session, transfer, amount, one(), taken_from=Place.UNPLACED, payee=BUOI)

    assert lies(transfer) == (100_000, 0, 0)


def test_the_account_that_paid_needs_no_reason_and_any_other_does(session):
    paid_from = proposed(known(), payee=None)

    assert (paid_from.bank_bin, paid_from.account, paid_from.named_by) == ("970436", "0071000123456", "kinhte1")
    unchanged = Payee("970436", "0071000123456", "TRAN BUOI")
    assert proposed(known(), payee=unchanged).named_by == "kinhte1"
    for other in (Payee("970436", "0071000999999", "TRAN THI BUOI"), Payee("970407", "0071000123456", "TRAN THI BUOI")):
        with pytest.raises(keep.NotNamed):
            proposed(known(), payee=other)
    with pytest.raises(keep.NotNamed):
        proposed(make.transfer(), payee=unchanged)


def test_a_bank_that_is_only_guessed_or_a_wallet_is_not_known_to_have_paid(session):
    account = make.bank_account("VCB", number="9990000001")
    own = make.transfer(account=account, payer_account="0071000123456", payer_name="X", bank_hint="VCB")

    assert proposed(own, payee=None).named_by is None


def test_what_a_resident_proposes_a_clerk_confirms_and_another_approves(session):
    refund = proposed(known(), by="resident", payee=None)
    assert (refund.account, refund.named_by) == ("0071000123456", None)
    with pytest.raises(keep.NotNamed):
        keep.approve(session, refund, seen="1", doer=two())

    keep.name(session, refund, Payee("970436", "0071000123456", "TRAN THI BUOI"), seen="1", doer=one())
    with pytest.raises(SameHands):
        keep.approve(session, refund, seen="2", doer=one())
    keep.approve(session, refund, seen="2", doer=two())

    assert (refund.state, refund.named_by, refund.decided_by) == (Stand.APPLIED, "kinhte1", "kinhte2")


def test_neither_who_proposed_nor_who_named_approves(session):
    refund = proposed(by="kinhte1")
    keep.name(session, refund, BUOI, seen="1", doer=two("kinhte2"))

    for same in ("kinhte1", "kinhte2"):
        with pytest.raises(SameHands):
            keep.approve(session, refund, seen="2", doer=two(same))
    keep.approve(session, refund, seen="2", doer=two("kinhte3"))


def test_only_what_was_seen_is_approved(session):
    refund = proposed()
    keep.name(session, refund, Payee("970407", "999", "LE VAN KHAC", "his brother"), seen="1", doer=one())

    with pytest.raises(Overtaken):
        keep.approve(session, refund, seen="1", doer=two())
    with pytest.raises(Overtaken):
        keep.name(session, refund, BUOI, seen="1", doer=two())


@pytest.mark.parametrize("taken_from", [Place.UNPLACED, Place.CREDIT])
def test_refused_withdrawn_or_given_up_the_money_lies_where_it_lay(session, taken_from):
    for end in ("refuse", "withdraw", "stop"):
        transfer = make.transfer(100_000)
        give(session, [Gift(transfer.id, {}, credit=50_000)], CLERK)
        session.refresh(transfer)
        refund = proposed(transfer, 20_000, taken_from=taken_from)
        if end == "stop":
            keep.approve(session, refund, seen="1", doer=two())

        getattr(keep, end)(session, refund, one() if end == "withdraw" else two())

        assert lies(transfer) == (50_000, 50_000, 0)


def test_nobody_else_withdraws_and_nobody_refuses_their_own(session):
    with pytest.raises(SameHands):
        keep.withdraw(session, proposed(), two())
    with pytest.raises(SameHands):
        keep.refuse(session, proposed(), one())


def test_what_is_decided_is_decided(session):
    refund = approved()

    for act in (keep.refuse, lambda *args: keep.approve(*args[:2], seen="1", doer=two("kinhte3"))):
        with pytest.raises(DecidedAlready):
            act(session, refund, two("kinhte3"))
    keep.stop(session, refund, one())
    with pytest.raises(keep.NotUnderWay):
        keep.stop(session, refund, one())


def test_money_that_goes_back_cannot_be_taken_from_under_it(session):
    transfer = make.transfer(100_000)
    proposed(transfer, 40_000)

    with pytest.raises(CannotSettle):
        undo(session, transfer, CLERK)


def test_of_many_who_approve_at_once_one_does(app, session):
    refund_id = proposed().id
    session.commit()

    def act(number):
        refund = db.session.get_one(Refund, refund_id)
        keep.approve(db.session, refund, seen="1", doer=two(f"kinhte{number + 2}"))

    found = rush(app, 6, lambda number: in_a_post(app, lambda: step(lambda: act(number))))

    assert found == {"done": 1, "DecidedAlready": 5}


def test_of_approved_and_refused_at_once_one_holds_and_the_books_are_right(app, session):
    refund_id = proposed().id
    session.commit()

    def act(number):
        refund = db.session.get_one(Refund, refund_id)
        if number % 2:
            keep.refuse(db.session, refund, two("kinhte3"))
        else:
            keep.approve(db.session, refund, seen="1", doer=two("kinhte2"))

    found = rush(app, 6, lambda number: in_a_post(app, lambda: step(lambda: act(number))))

    assert found == {"done": 1, "DecidedAlready": 5}


def test_of_many_who_propose_at_once_no_more_goes_back_than_lies_there(app, session):
    transfer = make.transfer(100_000)
    transfer_id = transfer.id
    session.commit()

    def act(_number):
        proposed(db.session.get_one(type(transfer), transfer_id), 60_000)

    assert rush(app, 5, lambda number: in_a_post(app, lambda: step(lambda: act(number)))) == {"done": 1, "NotThere": 4}


APPROVE = "UPDATE refunds SET state = 'applied', decided_at = CURRENT_TIMESTAMP, decided_by = '{by}' WHERE id = {id}"


@pytest.mark.parametrize("by", ["kinhte1", "kinhte2"])
def test_plain_sql_cannot_approve_with_the_hands_that_proposed_or_named(session, by):
    refund = proposed(by="kinhte1")
    keep.name(session, refund, BUOI, seen="1", doer=two("kinhte2"))
    session.commit()

    with pytest.raises(IntegrityError, match="four_eyes"):
        session.execute(text(APPROVE.format(by=by, id=refund.id)))
    session.rollback()
    session.execute(text(APPROVE.format(by="kinhte3", id=refund.id)))


def test_plain_sql_cannot_approve_what_nobody_named(session):
    refund = proposed(by="resident", payee=None)
    session.commit()

    with pytest.raises(IntegrityError, match="four_eyes"):
        session.execute(text(APPROVE.format(by="kinhte2", id=refund.id)))
    session.rollback()


@pytest.mark.parametrize(
    "changed",
    [
        "amount = 1", "transfer_id = transfer_id", "code = 'HT'", "proposed_by = 'x'", "because = ''", "account = '1'",
        "bank_bin = '970407'", "name = 'X'", "named_by = 'x'", "state = 'refused'", "decided_by = 'x'",
        "account = '1', forgotten_at = CURRENT_TIMESTAMP",
    ],
)  # fmt: skip
def test_plain_sql_cannot_change_what_was_agreed_to(session, changed):
    refund = approved()

    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE refunds SET {changed} WHERE id = {refund.id}"))
    session.rollback()
    with pytest.raises(IntegrityError):
        session.execute(text(f"DELETE FROM refunds WHERE id = {refund.id}"))
    session.rollback()
