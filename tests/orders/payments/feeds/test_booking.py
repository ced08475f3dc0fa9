"""Statements booked: each real movement once, however often and in whatever pieces it is told."""

from collections import Counter
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from kernel import clock
from kernel.database import db
from orders.payments.feeds.booking import book, cover, keep, preview
from orders.payments.feeds.models import ImportState, Outcome, StatementImport
from orders.payments.feeds.queries import brought, covered_until, last_statements, messages_of
from orders.payments.feeds.read import read_statement
from orders.payments.feeds.statement import Direction
from tests import books, make
from tests.bank import Bank, transfers_of
from tests.desk import pay, rows
from tests.rush import rush

pytestmark = pytest.mark.usefixtures("right_books")

STATEMENTS = Path(__file__).parents[3] / "samples" / "statements"
TOLD = {"vietcombank.xlsx": (1802, 1), "agribank.csv": (228, 0)}


@pytest.fixture
def bank(session):
    return Bank(make.bank_account("AGR"))


def parts(monkeypatch, rows_each):
    """Book so few rows in a piece that a short statement has several."""
    monkeypatch.setattr("orders.payments.feeds.booking.PIECE", rows_each)


def booked(session):
    """How many transfers there are, and how much came in."""
    return rows(session, "SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM transfers")[0]


@pytest.mark.parametrize(("name", "bank_code"), [("vietcombank.xlsx", "VCB"), ("agribank.csv", "AGR")])
def test_a_banks_file_becomes_its_transfers(session, name, bank_code):
    account = make.bank_account(bank_code)
    statement = read_statement(STATEMENTS / name, filename=name)
    Bank(account).book(session, statement)

    incoming = [row.amount for row in statement.rows if row.direction is Direction.IN]
    kept = session.get_one(StatementImport, 1)
    assert booked(session) == (TOLD[name][0], sum(incoming))
    assert (kept.new, kept.known, kept.outgoing) == (TOLD[name][0], 0, TOLD[name][1])
    assert kept.state is ImportState.BOOKED


def test_the_same_file_again_books_nothing(session, bank):
    statement = bank.statement((100_000, "a"), (200_000, "b"), (-50_000, "fee"))
    bank.book(session, statement)
    before = books.balances(session)

    bank.book(session, statement)

    second = session.get_one(StatementImport, 2)
    assert (second.new, second.known, second.outgoing) == (0, 2, 1)
    assert books.balances(session) == before


def test_statements_that_overlap_book_their_common_rows_once(session, bank):
    a, b, c = (bank.row(100_000, memo) for memo in "abc")

    first = bank.book(session, bank.statement(a, b))
    second = bank.book(session, bank.statement(b, c))

    assert first[1] is second[0]
    assert booked(session) == (3, 300_000)


def test_two_equal_rows_are_two_transfers(session, bank):
    twin = bank.row(100_000, "mua combo", reference="SAME")

    transfers = bank.book(session, bank.statement(twin, twin))
    again = bank.book(session, bank.statement(twin, twin, bank.row(1_000, "later")))

    assert len({transfer.id for transfer in transfers}) == 2
    assert again[:2] == transfers
    assert booked(session) == (3, 201_000)


def test_the_same_row_at_another_account_is_another_transfer(session, bank):
    other = Bank(make.bank_account("VCB"))
    row = bank.row(100_000, "mua combo", reference="SAME")

    bank.book(session, bank.statement(row))
    other.book(session, other.statement(row))

    assert booked(session) == (2, 200_000)


def test_money_that_went_out_is_written_down_and_never_credited(session, bank):
    bank.book(session, bank.statement((-300_000, "hoan tien"), (100_000, "mua combo")))

    assert booked(session) == (1, 100_000)
    messages = messages_of(session, 1)
    assert [(m.outcome, m.transfer_id) for m in messages] == [(Outcome.OUTGOING, None), (Outcome.BOOKED, 1)]


def test_it_is_one_debit_however_often_it_is_told(session, bank):
    refund, fee, income = bank.row(-300_000, "hoan tien"), bank.row(-11_000, "phi SMS"), bank.row(100_000, "mua combo")

    bank.book(session, bank.statement(refund, income))
    bank.book(session, bank.statement(income, refund, fee))

    assert rows(session, "SELECT amount, memo, kind FROM debits ORDER BY id") == [
        (300_000, "hoan tien", "unexplained"),
        (11_000, "phi SMS", "unexplained"),
    ]
    told = (
        "SELECT d.memo, COUNT(*) FROM inbound_messages m JOIN debits d ON d.id = m.debit_id GROUP BY d.memo ORDER BY 1"
    )
    assert rows(session, told) == [("hoan tien", 2), ("phi SMS", 1)]


def test_two_equal_rows_of_money_that_went_out_are_two_debits(session, bank):
    twin = bank.row(-11_000, "phi SMS", reference="SAME")

    bank.book(session, bank.statement(twin, twin))

    assert rows(session, "SELECT COUNT(*) FROM debits") == [(2,)]


def test_each_row_is_kept_word_for_word(session, bank):
    statement = bank.statement((100_000, "Trần Thị Bưởi_0912345678_Dĩ An"))
    bank.book(session, statement)

    assert messages_of(session, 1)[0].raw == statement.to_json()["rows"][0]


@pytest.mark.parametrize("pieces", range(5))
def test_broken_off_after_any_piece_it_goes_on(session, bank, monkeypatch, pieces):
    parts(monkeypatch, 2)
    statement = bank.statement(*[(1_000 * number, f"memo {number}") for number in range(1, 8)])
    kept = bank.keep(session, statement)
    for _done in islice(book(session, kept, at=clock.now()), pieces):
        session.commit()
    session.rollback()
    session.expunge_all()

    kept = session.get_one(StatementImport, 1)
    for _done in book(session, kept, at=clock.now()):
        session.commit()

    assert booked(session) == (7, 28_000)
    assert (kept.new, kept.known, kept.next_row, kept.state) == (7, 0, 7, ImportState.BOOKING)
    assert len(messages_of(session, 1)) == 7


def test_broken_off_within_a_piece_nothing_of_the_piece_stays(session, bank, monkeypatch):
    parts(monkeypatch, 2)
    kept = bank.keep(session, bank.statement(*[(1_000, f"memo {number}") for number in range(5)]))
    going = book(session, kept, at=clock.now())
    next(going)
    session.commit()
    next(going)
    session.rollback()

    assert booked(session)[0] == 2


def test_a_finished_import_run_again_changes_nothing(session, bank):
    bank.book(session, bank.statement((100_000, "a")))
    kept = session.get_one(StatementImport, 1)
    before = (kept.new, kept.known, kept.booked_at, books.count(session, "inbound_messages"))

    for _done in book(session, kept, at=clock.now() + timedelta(hours=1)):
        session.commit()

    assert (kept.new, kept.known, kept.booked_at, books.count(session, "inbound_messages")) == before


def test_two_imports_of_one_file_at_once_book_each_row_once(app, session, bank, monkeypatch):
    parts(monkeypatch, 3)
    statement = bank.statement(*[(1_000 + number, f"memo {number}") for number in range(20)])
    kept = [bank.keep(session, statement).id for _import in range(4)]
    at = clock.now()

    def act(number: int) -> str:
        for _done in book(db.session, db.session.get_one(StatementImport, kept[number]), at=at):
            db.session.commit()
        return "booked"

    answers = rush(app, 4, act)
    session.rollback()

    assert answers == Counter(booked=4)
    assert booked(session) == (20, sum(range(1_000, 1_020)))
    assert rows(session, "SELECT SUM(new), SUM(known) FROM statement_imports") == [(20, 60)]


def test_a_known_row_gives_nothing_twice_to_the_order_it_paid(session, bank):
    statement = bank.statement((100_000, "mua combo"))
    transfer = bank.book(session, statement)[0]
    order = make.order(total=100_000)
    pay(session, transfer, order)

    bank.book(session, statement)

    assert books.balances(session)[transfer.identity] == {order.code: 100_000}


def test_preview_sorts_the_rows_and_changes_nothing(session, bank):
    known, fresh, out = bank.row(1_000, "known"), bank.row(2_000, "fresh"), bank.row(-3_000, "out")
    bank.book(session, bank.statement(known))
    before = books.count(session, "postings")

    seen = preview(session, bank.statement(known, fresh, out), bank.account)

    assert [[row.memo for row in kind] for kind in (seen.known, seen.fresh, seen.outgoing)] == [
        ["known"],
        ["fresh"],
        ["out"],
    ]
    assert (seen.amount, books.count(session, "postings")) == (2_000, before)


def test_what_waits_of_a_statement_is_its_own_unplaced_money(session, bank):
    bank.book(session, bank.statement((5_000, "noise")))
    kept = bank.keep(session, bank.statement((100_000, "a"), (100_000, "b")))
    for _done in book(session, kept, at=clock.now()):
        session.commit()
    cover(session, kept)
    pay(session, next(transfers_of(session, kept)), make.order(total=100_000))

    assert brought(session, kept.id) == {"placed": 1, "undecided": 1, "waiting": 1}
    assert last_statements(session)[bank.account.id] is kept


# Up to when has the feed told everything?


def covering(session, bank, day):
    seen = preview(session, bank.statement((1_000, "x"), until=day), bank.account)
    kept = keep(session, seen, filename="x.csv", by="shell", at=clock.now() + timedelta(days=400))
    for _done in book(session, kept, at=clock.now()):
        session.commit()
    return kept


def test_a_feed_covers_nothing_before_what_it_brought_is_matched(session, bank):
    kept = covering(session, bank, clock.today())
    assert bank.account.covered_until is None

    cover(session, kept)
    session.refresh(bank.account)

    assert bank.account.covered_until == kept.covers_until is not None


def test_it_never_covers_less_than_before(session, bank):
    later, earlier = (covering(session, bank, clock.today() - timedelta(days=back)) for back in (0, 5))

    cover(session, later)
    cover(session, earlier)
    session.refresh(bank.account)

    assert bank.account.covered_until == later.covers_until


def test_all_is_covered_as_far_as_the_account_that_lags_most(session):
    moments = [clock.at(date(2021, 9, day), 18) for day in (7, 5, 6)]
    for number, moment in enumerate(moments):
        make.bank_account(number=f"{number:06d}").covered_until = moment
    session.flush()

    assert covered_until(session) == moments[1]


def test_an_account_that_never_told_anything_covers_nothing(session):
    make.bank_account("VCB").covered_until = clock.now()
    make.bank_account("AGR")
    session.flush()

    assert covered_until(session) is None


def broken_off(session, bank, statement, monkeypatch):
    """A statement of which the first of several pieces is booked, and then the power fails."""
    parts(monkeypatch, 2)
    kept = bank.keep(session, statement)
    for _done in islice(book(session, kept, at=clock.now()), 1):
        session.commit()
    session.rollback()
    return kept


def test_the_same_file_goes_on_with_the_import_that_was_broken_off(session, bank, monkeypatch):
    statement = bank.statement(*[(1_000 * n, f"memo {n}") for n in range(1, 6)])
    kept = broken_off(session, bank, statement, monkeypatch)

    bank.book(session, statement)

    assert rows(session, "SELECT id, new, known FROM statement_imports") == [(kept.id, 5, 0)]
    assert kept.state is ImportState.BOOKED
    assert books.count(session, "inbound_messages") == 5


def test_another_file_or_account_and_one_that_came_to_its_end_are_imports_of_their_own(session, bank, monkeypatch):
    movements = [bank.row(1_000 * n, f"memo {n}") for n in range(1, 6)]
    broken_off(session, bank, bank.statement(*movements), monkeypatch)

    bank.book(session, bank.statement(*movements[:4]))
    Bank(make.bank_account("VCB")).book(session, bank.statement(*movements))
    bank.book(session, bank.statement(*movements))
    bank.book(session, bank.statement(*movements))

    assert [row[0] for row in rows(session, "SELECT known FROM statement_imports ORDER BY id")] == [2, 2, 0, 5]


def test_two_that_book_one_import_take_turns(app, session, bank, monkeypatch):
    parts(monkeypatch, 2)
    kept = bank.keep(session, bank.statement(*[(1_000 * n, f"memo {n}") for n in range(1, 12)]))
    kept_id = kept.id
    session.rollback()

    def go_on(_number: int) -> str:
        for _done in book(db.session, db.session.get_one(StatementImport, kept_id), at=clock.now()):
            db.session.commit()
        db.session.commit()
        return "done"

    assert rush(app, 2, go_on) == {"done": 2}
    assert rows(session, "SELECT next_row, new, known FROM statement_imports") == [(11, 11, 0)]
    assert books.count(session, "inbound_messages") == 11
