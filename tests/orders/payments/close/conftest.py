"""What tests of the close ask for: an account, and a Friday on which its week is told."""

import pytest
from sqlalchemy.orm import Session

from orders.payments.feeds.models import BankAccount
from tests import make
from tests.conftest import Hands
from tests.orders.payments.close.days import FRIDAY_MORNING


@pytest.fixture
def friday(stopped_clock: Hands) -> Hands:
    """The clock stands on the Friday after MONDAY."""
    stopped_clock.set(FRIDAY_MORNING)
    return stopped_clock


@pytest.fixture
def account(session: Session, friday: Hands) -> BankAccount:
    made = make.bank_account()
    session.commit()
    return made
