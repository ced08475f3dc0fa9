"""How common names are is counted by the worker; a decision takes the last count."""

import pytest

from kernel import clock
from kernel.jobs import sweep
from orders.payments.lookup.frequencies import frequencies, keep_counted
from orders.payments.lookup.gather import LOOK_BACK
from tests import make


def ask(session):
    """What a decision of now would go by."""
    return frequencies(session, at=clock.now(), since=clock.now() - LOOK_BACK)


@pytest.fixture
def counted(session, stopped_clock):
    """Twenty orders of people called Lan, as of the last count."""
    for _ in range(20):
        make.order(name="Lê Thị Lan")
    sweep()


def test_a_decision_takes_the_last_count_though_a_few_orders_have_come(session, counted):
    for _ in range(23):
        make.order(name="Lê Thị Bưởi")

    assert ask(session).words == {"LE": 20, "THI": 20, "LAN": 20}


def test_the_worker_counts_anew_once_a_tenth_more_orders_have_come(session, counted):
    for _ in range(23):
        make.order(name="Lê Thị Bưởi")

    sweep()

    assert ask(session).words["BUOI"] == 23


def test_the_worker_counts_anew_after_a_day_and_not_before(session, counted, stopped_clock):
    def again():
        return keep_counted(session, at=clock.now(), since=clock.now() - LOOK_BACK)

    assert not again()
    stopped_clock.forward(hours=25)
    assert again()
    assert not again()


def test_a_decision_counts_for_itself_once_the_orders_have_doubled(session, counted):
    for _ in range(41):
        make.order(name="Lê Thị Bưởi")

    assert ask(session).words["BUOI"] == 41
