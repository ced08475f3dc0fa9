"""A day is sealed when it adds up, after the days before it, once; and what it holds is what was there."""

import pytest
from sqlalchemy import select

from kernel import clock
from orders.payments.close.minute import PLACES, fingerprint, gather, movements
from orders.payments.close.queries import seal_of
from orders.payments.close.seal import Changed, Differs, NoOpening, NotReady, SealedAlready, Typed, next_to_seal
from orders.payments.close.states import to_seal
from orders.payments.feeds.models import InboundMessage, Outcome
from orders.payments.settle import bring_back, set_aside
from tests import make, refunds
from tests.bank import Bank
from tests.desk import CLERK, pay, take_back
from tests.orders.payments.close.days import MONDAY, OPENING, TUESDAY, WEDNESDAY, sealed, told

pytestmark = pytest.mark.usefixtures("right_books")


def test_opening_and_movements_lead_to_the_closing_that_the_bank_states(session, account):
    told(session, account, 100_000, 200_000, -30_000, on=MONDAY, opening=OPENING)

    made = sealed(session, account, MONDAY)

    assert (made.opening, made.incoming, made.outgoing, made.closing) == (OPENING, 300_000, 30_000, OPENING + 270_000)
    assert (made.stated, made.because) == (OPENING + 270_000, "")
    assert made.snapshot["balances"]["opening_from"] == "bank"


def test_the_next_day_begins_with_what_the_day_before_was_sealed_with(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 50_000, on=TUESDAY)
    monday = sealed(session, account, MONDAY)

    tuesday = sealed(session, account, TUESDAY)

    assert tuesday.opening == monday.closing
    assert tuesday.snapshot["balances"]["opening_from"] == "seal"
    assert (tuesday.number, tuesday.previous) == (2, monday.sha256)


def test_an_opening_that_nobody_states_is_asked_for_with_a_reason_and_never_guessed(session, account):
    told(session, account, 100_000, on=MONDAY)

    with pytest.raises(NoOpening):
        sealed(session, account, MONDAY)
    session.rollback()
    made = sealed(session, account, MONDAY, typed=Typed(7_000_000, "paper statement, page 2"))

    assert (made.opening, made.closing) == (7_000_000, 7_100_000)
    assert made.snapshot["balances"]["opening_because"] == "paper statement, page 2"


def test_a_typed_opening_does_not_stand_over_what_is_known(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)

    made = sealed(session, account, MONDAY, typed=Typed(1, "made up"))

    assert made.opening == OPENING


def test_a_difference_is_sealed_over_by_a_head_with_a_reason_alone(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    sealed(session, account, MONDAY)
    told(session, account, 50_000, on=TUESDAY, opening=OPENING + 100_000 + 9_000)

    for who in ({}, {"heads": True}, {"because": "fees"}):
        with pytest.raises(Differs, match=r"5\.159\.000.*5\.150\.000"):
            sealed(session, account, TUESDAY, **who)
        session.rollback()
    made = sealed(session, account, TUESDAY, heads=True, because="the bank's fee of August")

    assert (made.closing, made.stated, made.because) == (5_150_000, 5_159_000, "the bank's fee of August")
    assert made.snapshot["balances"]["difference"] == 9_000


def test_a_day_that_no_statement_tells_to_its_end_cannot_be_closed(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)

    with pytest.raises(NotReady, match="07/09/2021"):
        sealed(session, account, TUESDAY)


def test_earlier_days_come_first(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 100_000, on=TUESDAY)

    with pytest.raises(NotReady, match="06/09/2021"):
        sealed(session, account, TUESDAY)

    assert to_seal(session, account.id, TUESDAY) == [MONDAY, TUESDAY]


def test_days_without_movements_need_no_seal_and_may_have_one(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 100_000, on=WEDNESDAY)

    sealed(session, account, MONDAY)
    assert to_seal(session, account.id, WEDNESDAY) == [WEDNESDAY]
    empty = sealed(session, account, TUESDAY)

    assert (empty.opening, empty.closing) == (OPENING + 100_000, OPENING + 100_000)
    assert movements(empty.snapshot) == []
    assert next_to_seal(session, account.id, TUESDAY) is None


def test_a_sealed_day_is_not_sealed_again(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    sealed(session, account, MONDAY)

    with pytest.raises(SealedAlready, match="kinhte1"):
        sealed(session, account, MONDAY, by="kinhte2")


def test_what_changed_after_it_was_shown_is_not_sealed(session, account):
    (transfer,) = told(session, account, 100_000, on=MONDAY, opening=OPENING)
    seen = fingerprint(gather(session, account, MONDAY))
    pay(session, transfer, make.order(total=100_000))

    with pytest.raises(Changed):
        sealed(session, account, MONDAY, seen=seen)
    session.rollback()

    assert seal_of(session, account.id, MONDAY) is None
    assert sealed(session, account, MONDAY, seen=fingerprint(gather(session, account, MONDAY)))


def test_every_transfer_lies_in_its_place_and_the_places_add_up_to_what_came_in(session, account):
    paid, over, shared, aside, waiting, due = told(
        session, account, 100_000, 150_000, 300_000, 40_000, 60_000, 90_000, on=MONDAY, opening=OPENING
    )
    first, second = make.order(total=100_000), make.order(total=100_000)
    pay(session, paid, make.order(total=100_000))
    pay(session, over, first)
    pay(session, shared, second, as_credit=False)
    set_aside(session, aside, CLERK)
    refunds.proposed(due)
    session.commit()

    minute = sealed(session, account, MONDAY).snapshot

    sums = {place: minute["places"][place]["amount"] for place in PLACES}
    assert sums == {
        "allocated": 300_000,
        "credit": 50_000,
        "refund_due": 90_000,
        "refunded": 0,
        "aside": 40_000,
        "waiting": 260_000,
    }
    assert sum(sums.values()) == minute["balances"]["in"]
    by_id = {each["id"]: each for each in minute["coming"]}
    assert by_id[over.id]["orders"] == [[first.code, 100_000]]
    assert by_id[shared.id]["waiting"] == 200_000
    assert by_id[aside.id]["why"] == CLERK.because
    assert by_id[waiting.id]["orders"] == []


def test_an_allocation_that_was_undone_is_not_in_the_minute(session, account):
    (transfer,) = told(session, account, 100_000, on=MONDAY, opening=OPENING)
    order = make.order(total=100_000)
    pay(session, transfer, order)
    take_back(session, transfer)

    (row,) = gather(session, account, MONDAY)["coming"]

    assert (row["orders"], row["waiting"]) == ([], 100_000)


def test_money_of_another_account_or_day_is_not_in_it(session, account):
    other = make.bank_account("AGR", number="5903205000001")
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, other, 999_000, on=MONDAY)
    told(session, account, 888_000, on=TUESDAY)

    assert [each["amount"] for each in movements(gather(session, account, MONDAY))] == [100_000]


def test_the_day_of_vietnam_ends_at_its_midnight(session, account):
    bank = Bank(account)
    late = bank.row(1_000, "23:59", at=clock.at(MONDAY, 23, 59))
    early = bank.row(2_000, "00:01", at=clock.at(TUESDAY, 0, 1))
    told(session, account, late, early, on=TUESDAY, opening=OPENING)

    monday, tuesday = sealed(session, account, MONDAY), sealed(session, account, TUESDAY)

    assert (monday.incoming, tuesday.incoming) == (1_000, 2_000)
    assert [each["time"] for each in movements(monday.snapshot)] == ["23:59"]
    assert [each["time"] for each in movements(tuesday.snapshot)] == ["00:01"]


def test_a_feed_that_ends_a_second_before_midnight_does_not_cover_the_day(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    account.covered_until = clock.whole_day(MONDAY)[1]
    session.commit()

    with pytest.raises(NotReady):
        sealed(session, account, MONDAY)


def test_what_was_open_and_is_settled_since_stands_in_the_next_minute(session, account):
    settled, forgotten = told(session, account, 100_000, 60_000, on=MONDAY, opening=OPENING)
    told(session, account, 10_000, on=TUESDAY)
    told(session, account, 10_000, on=WEDNESDAY)
    sealed(session, account, MONDAY)
    order = make.order(total=100_000)
    pay(session, settled, order)

    tuesday = sealed(session, account, TUESDAY).snapshot
    set_aside(session, forgotten, CLERK)
    session.commit()
    wednesday = sealed(session, account, WEDNESDAY).snapshot

    assert [(each["id"], each["orders"]) for each in tuesday["before"]["settled"]] == [
        (settled.id, [[order.code, 100_000]])
    ]
    assert [each["id"] for each in tuesday["before"]["still"]] == [forgotten.id]
    assert [each["id"] for each in wednesday["before"]["settled"]] == [forgotten.id]
    assert settled.id not in {each["id"] for each in wednesday["before"]["still"]}
    bring_back(session, forgotten, CLERK)
    session.commit()


def test_the_balance_behind_a_row_in_quarantine_counts_though_the_row_does_not(session, account):
    """Else a row in doubt at the end of the day would hide: what is booked agrees with the balance before it."""
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    (message,) = session.scalars(select(InboundMessage))
    raw = {**message.raw, "amount": 7_000, "balance": OPENING + 107_000}
    doubt = {"statement_id": message.statement_id, "account_id": account.id, "row": 99, "raw": raw}
    session.add(InboundMessage(**doubt, outcome=Outcome.QUARANTINED, received_at=clock.now()))
    session.commit()

    balances = gather(session, account, MONDAY)["balances"]

    assert (balances["closing"], balances["stated"]) == (OPENING + 100_000, OPENING + 107_000)
    assert balances["difference"] == 7_000
