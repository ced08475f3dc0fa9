"""Both sides agree, in either order, to what they saw; then it never changes. It is paid by a debit to the supplier."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.payments.models import DebitKind
from orders.payments.refunds.seen import say_other, undo
from suppliers.manifest import fingerprint
from suppliers.settlement.agree import AgreedAlready, DrawnAnew, agree, disagree
from suppliers.settlement.draw import NotOpen, draw_anew
from suppliers.settlement.models import Settlement, SettlementState, Side
from suppliers.settlement.pay import CannotPay, candidates, pay
from tests import books, make
from tests.desk import rows
from tests.rush import rush
from tests.suppliers.settlement.conftest import DELIVERED, ON_ITS_WAY, hand

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def drawn(session, street):
    street.becomes(0, DELIVERED)
    return street.drawn()


@pytest.mark.parametrize("order", [(Side.OFFICE, Side.SUPPLIER), (Side.SUPPLIER, Side.OFFICE)], ids=str)
def test_whoever_comes_first_it_is_final_with_the_second(session, drawn, order):
    first, second = order
    both = [agree(session, drawn, side, hand(side, f"Người {side}"), seen=1) for side in (first, second)]
    session.commit()

    assert both == [False, True]
    assert (drawn.state, drawn.office_name, drawn.supplier_name) == (
        SettlementState.AGREED,
        "Người office",
        "Người supplier",
    )
    assert drawn.snapshot is not None
    assert fingerprint(drawn.snapshot) == drawn.sha256
    assert drawn.snapshot["net"] == drawn.net == sum(line["net"] for line in drawn.snapshot["lines"])
    assert rows(session, "SELECT what, sha256 FROM settlement_events ORDER BY id") == [
        ("drawn", ""),
        (f"{first}_agreed", ""),
        (f"{second}_agreed", drawn.sha256),
    ]


def test_a_side_agrees_once(session, drawn):
    agree(session, drawn, Side.OFFICE, hand(name="Mận"), seen=1)

    with pytest.raises(AgreedAlready, match="Mận"):
        agree(session, drawn, Side.OFFICE, hand(name="Đào"), seen=1)


def test_nobody_agrees_to_what_they_have_not_seen(session, drawn):
    draw_anew(session, drawn, hand())

    with pytest.raises(DrawnAnew):
        agree(session, drawn, Side.SUPPLIER, hand(), seen=1)


def test_who_does_not_agree_says_why_and_it_goes_back(session, drawn):
    agree(session, drawn, Side.OFFICE, hand(), seen=1)
    disagree(session, drawn, Side.SUPPLIER, hand("rau", "Anh Sáu", "stop 2 is missing"), seen=1)
    session.commit()

    assert (drawn.state, drawn.office_at) == (SettlementState.PUT_BACK, None)
    with pytest.raises(DrawnAnew):
        agree(session, drawn, Side.OFFICE, hand(), seen=1)
    draw_anew(session, drawn, hand())
    assert [agree(session, drawn, side, hand(), seen=2) for side in Side] == [False, True]


def test_of_both_sides_and_two_clerks_at_once_each_side_agrees_once(app, session, drawn):
    key, doing = drawn.id, hand()

    def act(number: int) -> str:
        side = Side.SUPPLIER if number % 2 else Side.OFFICE
        try:
            final = agree(db.session, db.session.get_one(Settlement, key), side, doing, seen=1)
            db.session.commit()
        except (AgreedAlready, NotOpen):
            db.session.rollback()
            return "told"
        return "final" if final else "first"

    assert rush(app, 6, act) == {"first": 1, "final": 1, "told": 4}
    session.refresh(drawn)
    assert (drawn.state, books.count(session, "settlement_events")) == (SettlementState.AGREED, 3)


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE settlements SET net = net + 1, amount = amount + 1",
        "UPDATE settlements SET state = 'dropped', sha256 = NULL, agreed_at = NULL",
        "UPDATE settlements SET office_name = 'x'",
        "UPDATE settlements SET snapshot = '{}'",
        "DELETE FROM settlement_lines",
        "UPDATE settlement_events SET name = 'x'",
        "DELETE FROM settlement_events",
    ],
)
def test_what_is_agreed_stays_whoever_tries(session, street, drawn, wrong):
    street.agreed(drawn)

    with pytest.raises(IntegrityError):
        session.execute(text(wrong))
    session.rollback()


def test_a_mark_taken_back_after_it_was_agreed_changes_nothing_in_it(session, street, drawn):
    street.agreed(drawn)
    before = drawn.sha256
    street.becomes(0, ON_ITS_WAY)

    second = street.drawn()

    assert (drawn.net, drawn.sha256, second.net) == (100_000, before, -100_000)
    with pytest.raises(NotOpen):
        draw_anew(session, drawn, hand())


def test_it_is_paid_when_a_debit_is_said_to_be_it(session, street, drawn):
    street.agreed(drawn)
    other = make.debit(100_000, "tien dien")
    ours = make.debit(100_000, "TT QT RAU 0001 HTX")
    make.debit(99_999, "QT-RAU-0001")

    assert [(each.debit.id, each.named) for each in candidates(session, drawn)] == [(ours.id, True), (other.id, False)]
    pay(session, drawn, ours.id, hand(because="named in the memo"))
    session.commit()

    assert drawn.paid
    assert (ours.kind, ours.explained_by) == (DebitKind.SUPPLIER, "kinhte1")
    assert candidates(session, drawn) == []


def test_a_debit_pays_one_settlement_and_only_if_it_went_to_a_supplier(session, street, drawn):
    street.agreed(drawn)
    fee, first = make.debit(100_000), make.debit(100_000)
    say_other(session, fee, DebitKind.FEE, Doer("kinhte1", clock.now(), "fee"))
    session.commit()
    for wrong in (fee.id, 999_999):
        with pytest.raises(CannotPay):
            pay(session, drawn, wrong, hand(because="x"))
        session.rollback()
    pay(session, drawn, first.id, hand(because="seen"))
    session.commit()
    street.becomes(1, DELIVERED)
    second = street.settled()

    for settlement, debit in ((drawn, make.debit(100_000)), (second, first)):
        with pytest.raises(CannotPay):
            pay(session, settlement, debit.id, hand(because="x"))


def test_what_was_said_of_the_debit_taken_back_it_is_unpaid_again(session, street, drawn):
    street.agreed(drawn)
    first, second = make.debit(100_000), make.debit(100_000)
    pay(session, drawn, first.id, hand(because="seen"))
    session.commit()
    undo(session, first, Doer("kinhte1", clock.now(), "a mistake"))
    session.commit()
    session.expire_all()
    assert not drawn.paid

    pay(session, drawn, second.id, hand(because="this one"))
    session.commit()

    assert drawn.paid
    assert drawn.debit_id == second.id


def test_a_draft_is_not_paid(session, drawn):
    with pytest.raises(CannotPay):
        pay(session, drawn, make.debit(100_000).id, hand(because="x"))
