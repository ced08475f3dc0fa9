"""The payments' shell commands: what they print, what they change, and with which code they end."""

import csv

import pytest

from kernel import clock
from orders.models import OrderState
from orders.payments.decisions import COLUMNS
from orders.payments.feeds.booking import book
from orders.payments.feeds.models import ImportState, StatementImport
from tests import books, make
from tests.bank import agribank_csv, transfers_of
from tests.desk import CLERK, pay, rows, take_back

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def file(tmp_path):
    """A statement in Agribank's layout as a file: (amount, memo) each, booked today."""

    def write(*movements, name="agribank.csv"):
        path = tmp_path / name
        path.write_bytes(agribank_csv(*((clock.today(), amount, memo) for amount, memo in movements)))
        return str(path)

    return write


@pytest.fixture
def shell(cli_runner):
    return lambda *words: cli_runner.invoke(args=["payments", *words])


def test_an_import_books_and_matches(session, shell, file):
    make.bank_account("AGR")
    order = make.order(total=130_000)

    result = shell("import", file((130_000, f"{order.code} {order.phone}"), (70_000, "tien dien"), (-1_000, "phi")))
    session.refresh(order)

    assert result.exit_code == 0, result.output
    assert order.state is OrderState.CONFIRMED
    assert rows(session, "SELECT state, new, known, outgoing FROM statement_imports") == [("booked", 2, 0, 1)]


def test_it_says_what_it_found(shell, file):
    make.bank_account("AGR")

    said = shell("import", file((130_000, "mua combo"), (-1_000, "phi"))).stdout

    assert "AGR:1013456789" in said
    assert "130.000" in said


def test_a_dry_run_changes_nothing(session, shell, file):
    make.bank_account("AGR")

    result = shell("import", file((130_000, "mua combo")), "--dry-run")

    assert result.exit_code == 0
    assert "130.000" in result.stdout
    assert [books.count(session, table) for table in ("transfers", "statement_imports", "inbound_messages")] == [
        0,
        0,
        0,
    ]


def test_a_second_import_books_nothing(session, shell, file):
    make.bank_account("AGR")
    path = file((130_000, "mua combo"), (130_000, "mua combo"))
    shell("import", path)

    assert shell("import", path).exit_code == 0
    assert books.count(session, "transfers") == 2


def test_it_continues_a_broken_one(session, shell, file, monkeypatch):
    monkeypatch.setattr("orders.payments.feeds.booking.PIECE", 2)
    make.bank_account("AGR")
    order = make.order(total=130_000)
    path = file(*[(1_000, f"memo {number}") for number in range(5)], (130_000, f"{order.code} {order.phone}"))

    def breaks_off(_session, kept, **how):
        going = book(_session, kept, **how)
        yield next(going)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("orders.payments.take_in.book", breaks_off)
        assert shell("import", path).exit_code != 0
    assert books.count(session, "transfers") == 2

    assert shell("import", path).exit_code == 0
    session.refresh(order)

    assert books.count(session, "transfers") == 6
    assert order.state is OrderState.CONFIRMED


@pytest.mark.parametrize("options", [[], ["--account", "AGR:9999"], ["--account", "nonsense"]])
def test_an_unknown_account_is_refused(session, shell, file, options):
    make.bank_account("VCB")
    session.commit()

    result = shell("import", file((1_000, "x")), *options)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip()) > 20
    assert books.count(session, "transfers") == 0


def test_an_ambiguous_one_is_refused_in_other_words_until_it_is_named(session, shell, file):
    make.bank_account("AGR", number="1111")
    named = make.bank_account("AGR", number="2222")
    path = file((1_000, "x"))

    unknown, ambiguous = shell("import", path, "--account", "AGR:9999"), shell("import", path)
    assert (unknown.exit_code, ambiguous.exit_code) == (2, 2)
    assert "AGR:1111, AGR:2222" in ambiguous.stderr
    assert "AGR:1111, AGR:2222" not in unknown.stderr

    assert shell("import", path, "--account", "AGR:2222").exit_code == 0
    assert rows(session, "SELECT account_id FROM transfers") == [(named.id,)]


def test_what_is_no_statement_is_refused_in_words(shell, tmp_path):
    make.bank_account("AGR")
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))

    result = shell("import", str(path))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "photo.jpg" in result.stderr


def test_refused_rows_are_told_and_the_others_booked(session, shell, tmp_path):
    make.bank_account("AGR")
    content = agribank_csv((clock.today(), 130_000, "good"), (clock.today(), 140_000, "bad")).decode("utf-8-sig")
    path = tmp_path / "agribank.csv"
    path.write_text(content.replace('"140,000"', "14O.000"), encoding="utf-8")

    result = shell("import", str(path))

    assert result.exit_code == 0
    assert "14O.000" in result.stderr
    assert rows(session, "SELECT memo FROM transfers") == [("good",)]


def test_an_import_moves_what_the_feed_covers(session, shell, file):
    account = make.bank_account("AGR")

    shell("import", file((1_000, "x")))
    session.refresh(account)

    assert account.covered_until == clock.at(clock.today(), 0)


# Decisions


def decided(shell, tmp_path):
    result = shell("decisions", "--out", str(tmp_path / "out.csv"))
    assert result.exit_code == 0, result.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        lines = list(reader)
        assert tuple(reader.fieldnames or ()) == COLUMNS
    return lines


def test_decisions_are_written_in_the_order_of_booking(shell, file, tmp_path):
    make.bank_account("AGR")
    order = make.order(total=130_000)
    shell("import", file((70_000, "tien dien"), (150_000, f"{order.code} {order.phone}"), (130_000, order.code)))

    stray, matched, late = decided(shell, tmp_path)

    assert (stray["account"], stray["booked_on"], stray["amount"]) == (
        "AGR:1013456789",
        clock.today().isoformat(),
        "70000",
    )
    assert (stray["decision"], stray["allocations"]) == ("unmatched", "")
    assert (matched["decision"], matched["allocations"]) == ("matched", f"{order.code}:130000")
    assert order.code in matched["candidates"].split(";")
    assert 0.99 <= float(matched["confidence"]) <= 1
    assert matched["why"]
    assert (late["decision"], late["allocations"], late["candidates"].split(";")[0]) == ("review", "", order.code)


def test_what_a_clerk_settled_counts_as_matched_and_what_was_undone_as_asked(session, shell, file, tmp_path):
    make.bank_account("AGR")
    order, noise = make.order(total=130_000), make.order(total=50_000)
    shell("import", file((50_000, "tien nha"), (130_000, f"{order.code} {order.phone}")))
    by_hand, undone = transfers_of(session, session.get_one(StatementImport, 1))
    pay(session, by_hand, noise)
    take_back(session, undone)

    first, second = decided(shell, tmp_path)

    assert (first["decision"], first["allocations"]) == ("matched", f"{noise.code}:50000")
    assert (second["decision"], second["allocations"]) == ("review", "")


def test_a_failed_writing_leaves_the_old_file(shell, tmp_path, monkeypatch):
    old = tmp_path / "out.csv"
    old.write_text("old", encoding="utf-8")

    def fails(_session):
        yield from ()
        raise RuntimeError("no disk")

    monkeypatch.setattr("orders.payments.cli.decision_rows", fails)

    assert shell("decisions", "--out", str(old)).exit_code != 0
    assert old.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.glob("*.part")) == []


def test_a_transfer_that_was_never_matched_is_listed_too(session, shell, tmp_path):
    make.transfer(5_000, "moi den")
    session.commit()

    assert [row["decision"] for row in decided(shell, tmp_path)] == ["unmatched"]


def test_an_import_is_kept_with_the_hand_that_made_it(session, shell, file):
    make.bank_account("AGR")

    shell("import", file((1_000, "x")))

    kept = session.get_one(StatementImport, 1)
    assert (kept.imported_by, kept.filename, kept.state) == ("shell", "agribank.csv", ImportState.BOOKED)
    assert CLERK.by not in {posting for (posting,) in rows(session, 'SELECT "by" FROM postings')}
