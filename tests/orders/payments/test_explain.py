"""`flask payments explain`: the stored decision in a shell, with every part of the memo named underneath."""

import pytest

from kernel import clock
from kernel.text import printable
from orders.payments.clue_words import CluePhrase
from orders.payments.explain import WIDTH, marked_lines
from orders.payments.marks import marks
from orders.payments.matcher.facts import Candidate, Clue, ClueKind, Decision, Verdict
from orders.payments.proposals import proposal_row, write_proposals
from tests import make
from tests.desk import pay

MEMO = "MBVCB.2498116249.tran thi buoi 0912345678.CT tu 788968133410 LE VAN A toi 1013456789"
READ = (
    Clue(ClueKind.PHONE, "0912345678", 28.0, (31, 41)),
    Clue(ClueKind.NAME, "TRAN THI BUOI", 9.1, (17, 30)),
    Clue(ClueKind.AMOUNT_LESS, "130000", -4.0),
)


@pytest.fixture
def shell(cli_runner):
    return lambda *words: cli_runner.invoke(args=["payments", "explain", *words])


@pytest.fixture
def asked(session):
    transfer, order = make.transfer(50_000, MEMO, payer_name="LE VAN A"), make.order(total=130_000)
    candidates = (Candidate(order.code, 0.97, READ),)
    doubt = Clue(ClueKind.SEVERAL_FIT, "")
    decision = Decision("", Verdict.REVIEW, (), candidates, 0.97, (doubt,))
    write_proposals(session, {transfer.id: proposal_row(decision)}, at=clock.now())
    session.commit()
    return transfer, order


def test_it_tells_all_that_the_page_tells(shell, asked):
    transfer, order = asked

    said = shell(str(transfer.id)).stdout

    for words in (
        transfer.reference,
        "LE VAN A",
        order.code,
        order.name,
        "97",
        "130.000",
        "+28,0",
        "−4,0",
        "needs a human",
    ):
        assert words in said
    assert said.index("+28,0") < said.index("+9,1") < said.index("−4,0")


def test_the_banks_reference_names_it_too(shell, asked):
    transfer, order = asked

    assert order.code in shell(transfer.reference).stdout


def test_a_reference_that_is_another_transfers_number_shows_both(shell, session):
    first = make.transfer(71_000)
    second = make.transfer(72_000, reference=str(first.id))
    session.commit()

    said = shell(second.reference).stdout

    assert "71.000" in said
    assert "72.000" in said


@pytest.mark.parametrize("named", ["0", "FT-nobody", "9" * 30, "", "١"])
def test_an_unknown_transfer_is_an_error_on_stderr(shell, asked, named):
    result = shell(named)

    assert (result.exit_code, result.stdout) == (2, "")
    assert named in result.stderr


def test_it_tells_where_the_money_is(shell, asked, session):
    transfer, order = asked
    pay(session, transfer, order, amount=40_000)

    said = shell(str(transfer.id)).stdout

    assert "40.000" in said
    assert "she says so on the phone" in said
    assert "10.000" in said


def test_a_transfer_that_was_never_matched_is_told_as_such(shell, session):
    transfer = make.transfer(memo="")
    session.commit()

    assert shell(str(transfer.id)).exit_code == 0


def clue(words, start, end):
    return CluePhrase("name", words, "", 1.0, (start, end))


def test_what_was_read_is_underlined_and_named_where_it_begins():
    lines = list(marked_lines(marks("MBVCB.2498116249.A LAN 0912345678.CT tu 78 A", [clue("name", 17, 22)])))

    assert lines[0] == "MBVCB.2498116249.A LAN 0912345678.CT tu 78 A"
    assert lines[1] == "~~~~~~~~~~~~~~~~~^^^^^-----------~~~~~~~~~~~"
    assert lines[2].index("name") == 17


def test_names_that_would_touch_stand_on_lines_of_their_own():
    lines = list(marked_lines(marks("abcd", [clue("first words", 0, 2), clue("second", 2, 4)])))

    assert lines[2:] == ["first words", "  second"]


def test_a_long_memo_goes_over_several_lines_and_loses_nothing():
    memo = "".join(chr(97 + n % 26) for n in range(3 * WIDTH + 5))

    lines = list(marked_lines(marks(memo, [clue("x", 0, len(memo))])))

    assert "".join(lines[0::3]) == memo


def test_carets_stand_under_wide_and_marked_letters_too():
    memo = "e\u0302ê漢 lan"

    lines = list(marked_lines(marks(memo, [clue("name", 5, 8)])))

    assert lines[1].index("^") == 5  # one column for e with its mark, one for ê, two for 漢, one for the blank


def test_nothing_in_a_memo_reaches_the_terminal_as_an_order(shell, session):
    transfer = make.transfer(memo="\x1b[31mlan\x07\u202e")
    session.commit()

    said = shell(str(transfer.id)).stdout

    assert "\x1b" not in said
    assert "\u202e" not in said
    assert printable("a\u00a0b\tc") == "a b·c"
