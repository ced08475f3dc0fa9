"""To whom a refund went is forgotten 90 days after it is over; what it was stays."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from office.retention.jobs import forget_payees
from orders.consent import KEPT_DAYS
from orders.payments.refunds import keep
from orders.payments.refunds.batches import export as batches
from tests import make
from tests.refunds import approved, exported, one, paid, proposed, two

pytestmark = pytest.mark.usefixtures("right_books", "stopped_clock")


def over(session):
    """One of each that is over, and each that is not."""
    done, stopped, refused, withdrawn = exported(), approved(), proposed(), proposed()
    paid(done)
    keep.stop(session, stopped, one())
    keep.refuse(session, refused, two())
    keep.withdraw(session, withdrawn, one())
    return [done, stopped, refused, withdrawn], [
        proposed(by="resident", payee=None),
        proposed(),
        approved(),
        exported(),
    ]


@pytest.mark.parametrize(("days", "gone"), [(KEPT_DAYS, False), (KEPT_DAYS + 1, True)])
def test_what_is_over_for_so_long_loses_its_payee_and_nothing_else(session, stopped_clock, days, gone):
    ended, under_way = over(session)
    before = [(each.amount, each.code, each.proposed_by, each.because, each.named_by) for each in ended]
    stopped_clock.forward(days=days)
    forget_payees(session)
    session.commit()

    assert [(each.account, each.name, each.bank_bin) == ("", "", "") for each in ended] == [gone] * 4
    assert [each.account for each in under_way[1:]] == ["0071000123456"] * 3
    assert before == [(each.amount, each.code, each.proposed_by, each.because, each.named_by) for each in ended]


def test_money_that_came_back_and_waits_keeps_the_payee(session, stopped_clock):
    refund = exported()
    paid(refund)
    returned = make.transfer(100_000, refund.code)
    refund.returned_id = returned.id
    session.commit()
    stopped_clock.forward(days=KEPT_DAYS + 1)
    forget_payees(session)
    assert refund.account

    returned.set_aside = True
    forget_payees(session)
    assert not refund.account


def test_a_batch_of_forgotten_payees_is_not_downloaded(session, stopped_clock):
    refund = exported()
    paid(refund)
    stopped_clock.forward(days=KEPT_DAYS + 1)
    forget_payees(session)
    session.commit()

    assert refund.batch
    with pytest.raises(batches.Forgotten):
        batches.as_csv(session, refund.batch)


def test_what_is_forgotten_stays_so(session, stopped_clock):
    refund = exported()
    paid(refund)
    stopped_clock.forward(days=KEPT_DAYS + 1)
    forget_payees(session)
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE refunds SET account = '1' WHERE id = {refund.id}"))
    session.rollback()
