"""Bugs planted on purpose: the rules of the books see each of them."""

import pytest

from kernel import clock
from orders.models import IfShort
from suppliers.shortages import calls, declare
from suppliers.shortages.models import Rule
from suppliers.shortages.share import by_payment
from suppliers.shortages.withdraw import withdraw
from tests import books
from tests.short import missing, town

REFUND, CALL = IfShort.REFUND, IfShort.CALL


def too_little(patch):
    ways = {Rule.PAYMENT: lambda missing, claims: by_payment(missing - 500, claims)}
    patch.setattr("suppliers.shortages.plan.WAYS", ways)


def nothing_deducted(patch):
    patch.setattr("suppliers.shortages.declare.deduct", lambda *_told, **_more: {})


def no_call_counted(patch):
    patch.setattr("suppliers.shortages.plan.Plan.of", lambda _plan, outcome: [])


def deducted_beforehand(patch):
    goes_back = declare.goes_back
    patch.setattr(
        "suppliers.shortages.declare.tell",
        lambda session, shortage, households, *, at: goes_back(
            session, shortage, households, by="ca", at=at, vouches=False
        ),
    )


def nothing_given_again(patch):
    patch.setattr("suppliers.shortages.withdraw.take_back", lambda *_told, **_more: None)


PLANTED = {
    too_little: "a shortage is not shared out whole",
    nothing_deducted: "who gets the money back has nothing deducted",
    no_call_counted: "a shortage does not count the calls to be made",
    deducted_beforehand: "who gets something instead, or is still to be called, has something deducted",
    nothing_given_again: "a shortage that was taken back deducts something",
}


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_seen(session, monkeypatch, bug):
    bug(monkeypatch)
    place = town(REFUND, CALL)

    shortage = missing(place, 2_000 if bug is not too_little else 1_000)
    if bug is nothing_given_again:
        withdraw(session, shortage, by="kinhte1", at=clock.now(), because="ghe đã về")

    assert PLANTED[bug] in " ".join(books.faults(session))


def test_without_a_bug_nothing_is_seen(session):
    """The control."""
    place = town(REFUND, CALL)
    shortage = missing(place, 2_000)
    assert list(books.faults(session)) == []

    calls.give_up_calling(session, shortage, by="ca", at=clock.now())
    withdraw(session, shortage, by="kinhte1", at=clock.now(), because="ghe đã về")

    assert list(books.faults(session)) == []
