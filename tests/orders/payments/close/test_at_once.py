"""Several who seal at once, and rows that are booked meanwhile: one seal, and nothing that falls between."""

from threading import Event, Thread

import pytest

from kernel import clock
from kernel.database import db
from orders.payments.close.queries import late_days, lock_account, versions_of
from orders.payments.close.seal import SealedAlready, Sealer, seal
from orders.payments.feeds.models import BankAccount
from tests.bank import Bank
from tests.orders.payments.close.days import FRIDAY_MORNING, MONDAY, OPENING, told
from tests.rush import PATIENCE, rush


def test_of_many_who_seal_a_day_one_does_and_the_others_are_told(app, session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    account_id = account.id
    session.commit()

    def act(number):
        try:
            with clock.frozen(FRIDAY_MORNING):
                seal(db.session, account_id, MONDAY, Sealer(f"clerk-{number}", "x", clock.now()))
        except SealedAlready:
            db.session.rollback()
            return "told"
        db.session.commit()
        return "sealed"

    assert rush(app, 8, act) == {"sealed": 1, "told": 7}
    session.rollback()
    assert len(versions_of(session, account_id, MONDAY)) == 1


@pytest.mark.parametrize("templates", ["postgresql"], indirect=True)
def test_a_row_booked_while_a_day_is_being_sealed_waits_and_comes_late(app, session, account):
    """SQLite knows one writer at a time: there nothing is booked meanwhile."""
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    account_id = account.id
    begun, booked = Event(), Event()

    def book():
        with app.app_context(), clock.frozen(FRIDAY_MORNING):
            bank = Bank(db.session.get_one(BankAccount, account_id))
            begun.set()
            bank.book(db.session, bank.statement(bank.row(7_000, "dung luc", at=clock.at(MONDAY, 21)), until=MONDAY))
            booked.set()

    lock_account(session, account_id)
    booking = Thread(target=book)
    booking.start()
    assert begun.wait(PATIENCE)
    assert not booked.wait(1)
    made = seal(session, account_id, MONDAY, Sealer("kinhte1", "x", clock.now()))
    session.commit()
    booking.join(PATIENCE)

    session.expire_all()
    assert made.incoming == 100_000
    assert [(each.day, each.many) for each in late_days(session)] == [(MONDAY, 1)]
