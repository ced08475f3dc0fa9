"""A row that comes late reopens its day for all to see; what is sealed anew names what changed."""

import pytest

from kernel import clock
from orders.payments.close.minute import movements
from orders.payments.close.queries import first_moves, last_moves, last_sealed_days, late_days, moved_on
from orders.payments.close.seal import NotReady
from orders.payments.close.states import DayState, to_seal
from orders.payments.models import Transfer
from tests import make
from tests.bank import Bank
from tests.desk import pay
from tests.orders.payments.close.days import MONDAY, OPENING, TUESDAY, WEDNESDAY, kept, late_row, sealed, state, told

OLDER = "the statement in hand is older"

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def week(session, account):
    """Three days with 100.000 ₫ each, sealed; and another account's days, which nothing may touch."""
    other = make.bank_account("AGR", number="5903205000001")
    for each in (other, account):
        for number, day in enumerate((MONDAY, TUESDAY, WEDNESDAY)):
            told(session, each, 100_000, on=day, opening=OPENING + number * 100_000)
            sealed(session, each, day)
    return other


def states(session, account):
    return [state(session, account, day) for day in (MONDAY, TUESDAY, WEDNESDAY)]


def test_days_that_nothing_was_added_to_are_sealed(session, account, week):
    assert states(session, account) == [DayState.SEALED] * 3
    assert late_days(session) == []


def test_a_late_row_reopens_its_day_and_shakes_the_days_after_it(session, account, week):
    late_row(session, account, on=TUESDAY)

    assert states(session, account) == [DayState.SEALED, DayState.REOPENED, DayState.DEPENDS]
    assert states(session, week) == [DayState.SEALED] * 3
    assert to_seal(session, account.id, WEDNESDAY) == [TUESDAY, WEDNESDAY]
    assert to_seal(session, week.id, WEDNESDAY) == []


def test_money_that_went_out_late_reopens_it_too(session, account, week):
    bank = Bank(account)
    bank.book(session, bank.statement(bank.row(-20_000, "phi", at=clock.at(TUESDAY, 18)), until=TUESDAY))

    assert states(session, account) == [DayState.SEALED, DayState.REOPENED, DayState.DEPENDS]


def test_a_row_that_no_statement_told_reopens_it_too(session, account, week):
    make.transfer(5_000, account=account, at=clock.at(MONDAY, 10))
    session.commit()

    assert state(session, account, MONDAY) is DayState.REOPENED


def test_a_row_told_a_second_time_reopens_nothing(session, account, week):
    bank = Bank(account)
    row = bank.row(33_000, "mot lan", at=clock.at(WEDNESDAY, 8))
    bank.book(session, bank.statement(row, until=WEDNESDAY))
    sealed(session, account, WEDNESDAY, heads=True, because="the statement in hand is older")

    bank.book(session, bank.statement(row, until=WEDNESDAY))

    assert states(session, account) == [DayState.SEALED] * 3


def test_a_change_of_place_reopens_nothing(session, account, week):
    sealed_with = kept(session, account, MONDAY).snapshot["coming"][0]

    pay(session, session.get_one(Transfer, sealed_with["id"]), make.order(total=100_000))

    assert states(session, account) == [DayState.SEALED] * 3


def test_sealed_anew_it_is_version_2_and_names_what_came_late(session, account, week):
    first = kept(session, account, TUESDAY)
    late = late_row(session, account, on=TUESDAY)

    again = sealed(session, account, TUESDAY, heads=True, because="the statement in hand is older")

    assert (again.version, again.number, again.behind) == (2, 4, True)
    changes = again.snapshot["changes"]
    assert (changes["version"], changes["sha256"], changes["added"]) == (1, first.sha256, 1)
    assert changes["closing"] == first.closing == again.closing - 70_000
    assert [each["id"] for each in movements(again.snapshot) if "late" in each] == [late.id]


def test_the_days_after_a_day_that_was_sealed_anew_follow_one_by_one(session, account, week):
    late_row(session, account, on=MONDAY)

    with pytest.raises(NotReady, match="06/09/2021"):
        sealed(session, account, TUESDAY, heads=True, because=OLDER)
    session.rollback()
    seen = []
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        sealed(session, account, day, heads=True, because=OLDER)
        seen.append(states(session, account))

    assert seen == [
        [DayState.SEALED, DayState.DEPENDS, DayState.DEPENDS],
        [DayState.SEALED, DayState.SEALED, DayState.DEPENDS],
        [DayState.SEALED] * 3,
    ]
    tuesday = kept(session, account, TUESDAY)
    assert tuesday.opening == OPENING + 170_000
    assert (tuesday.snapshot["changes"]["opening"], tuesday.snapshot["changes"]["added"]) == (OPENING + 100_000, 0)


def test_a_late_row_on_a_day_between_that_had_no_seal_asks_for_both_days(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 100_000, on=WEDNESDAY)
    sealed(session, account, MONDAY)
    sealed(session, account, WEDNESDAY)

    late_row(session, account, on=TUESDAY)

    assert state(session, account, MONDAY) is DayState.SEALED
    assert state(session, account, WEDNESDAY) is DayState.REOPENED
    assert to_seal(session, account.id, WEDNESDAY) == [TUESDAY, WEDNESDAY]
    sealed(session, account, TUESDAY)
    assert to_seal(session, account.id, WEDNESDAY) == [WEDNESDAY]
    assert sealed(session, account, WEDNESDAY).opening == OPENING + 170_000
    assert to_seal(session, account.id, WEDNESDAY) == []


def test_a_late_row_after_the_last_sealed_day_is_no_late_row(session, account, week):
    late_row(session, account, on=clock.today())

    assert states(session, account) == [DayState.SEALED] * 3
    assert late_days(session) == []


def test_the_calendar_asks_the_indexes_alone_and_tells_the_same(session, account, week):
    told(session, account, 1_000, on=clock.today())

    assert moved_on(session, [MONDAY, clock.today()]) == {
        (account.id, MONDAY),
        (week.id, MONDAY),
        (account.id, clock.today()),
    }
    assert last_sealed_days(session) == {account.id: WEDNESDAY, week.id: WEDNESDAY}
    assert first_moves(session) == {account.id: clock.today()}
    assert last_moves(session) == {account.id: clock.today(), week.id: WEDNESDAY}
