"""A process that matches pieces for another one: what it says, and that it lives on after a piece that failed."""

import os
from datetime import timedelta

import pytest

from kernel import clock
from orders.payments.helpers import Helper, HelperLost
from orders.payments.matching import Piece
from tests import make

PATIENCE = timedelta(seconds=60)


@pytest.fixture
def helper(app):
    process = Helper(app.extensions["settings"])
    yield process
    process.end()


def answer(helper, number, ids):
    """What it says of a piece in the end."""
    helper.ask(Piece(number, ids, frozenset()), at=clock.now())
    for _second in range(PATIENCE.seconds):
        for heard in helper.heard(1):
            if heard.report is not None:
                return heard
    raise AssertionError("it says nothing")


def test_it_reports_what_it_did_and_after_a_fault_it_goes_on(app, session, helper):
    order = make.order(total=130_000)
    paying, strange = make.transfer(130_000, f"{order.code} {order.phone}"), make.transfer(70_000, "tien dien")
    session.commit()

    too_large = answer(helper, 0, [2**70])  # and the fault goes to the log, which is not the answer
    done = answer(helper, 1, [paying.id, strange.id])

    assert too_large.report.refused == (set() if app.extensions["settings"].sqlite else {2**70})
    assert (done.piece, done.written, done.report.moved) == (1, 2, {order.code})
    assert done.report.shown == {strange.id: []}
    assert helper.load == 0


def test_one_that_died_is_told_to_whoever_asks(helper):
    os.kill(helper._process.pid, 9)
    helper._process.wait()

    with pytest.raises(HelperLost):
        answer(helper, 0, [1])
