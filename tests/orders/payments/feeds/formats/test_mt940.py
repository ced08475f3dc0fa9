"""MT940: money that comes and goes, memos broken into lines, several messages, and what is refused."""

from datetime import date

import pytest

from orders.payments.feeds.balance import BalanceState, MismatchKind, balances
from orders.payments.feeds.formats.mt940 import read_mt940
from orders.payments.feeds.statement import Direction, FaultReason, Reason, Unreadable

IN, OUT = Direction.IN, Direction.OUT


def message(*movements, account="1013456789", opening="C210830VND0,", closing="C210830VND0,", number="1"):
    """A message; a movement is the text behind its :61:, or that and the text behind its :86:."""
    lines = [f":20:STMT{number}", f":25:{account}", f":28C:{number}/1", f":60F:{opening}"]
    for each in movements:
        booked, memo = each if isinstance(each, tuple) else (each, "")
        lines += [f":61:{booked}", *([f":86:{memo}"] if memo else [])]
    return "\n".join([*lines, f":62F:{closing}", "-", ""])


def paid(amount="100000,", memo="DC2CYTZ9S 0912345678", *, mark="C", days="2108300830", reference="NONREF//R1"):
    return f"{days}{mark}{amount}NTRF{reference}", memo


def one(*movement):
    (row,) = read_mt940(message(*movement)).rows
    return row


def refused(text):
    with pytest.raises(Unreadable) as refusal:
        read_mt940(text)
    return refusal.value.reason


@pytest.mark.parametrize(
    ("mark", "direction"), [("C", IN), ("D", OUT), ("RC", OUT), ("RD", IN), ("CD", IN), ("DD", OUT), ("RCD", OUT)]
)
def test_the_mark_says_which_way_the_money_went_whatever_the_letter_of_its_currency(mark, direction):
    assert one(paid(mark=mark)).direction is direction


@pytest.mark.parametrize(
    ("written", "amount"), [("100000,", 100_000), ("100000,00", 100_000), ("100000,0", 100_000), ("100000.00", 100_000)]
)
def test_whole_dong_are_read(written, amount):
    assert one(paid(written)).amount == amount


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("100000,50", Reason.FRACTION),
        ("100000", Reason.UNREADABLE_AMOUNT),
        ("100.000,00", Reason.UNREADABLE_AMOUNT),
        ("0,", Reason.NO_AMOUNT),
        ("9" * 16 + ",", Reason.TOO_LARGE),
    ],
)
def test_an_amount_that_is_not_sure_is_refused_with_its_line(written, reason):
    statement = read_mt940(message(paid(), paid(written)))

    assert [(each.row, each.column, each.reason) for each in statement.refusals] == [(7, ":61:", reason)]
    assert len(statement.rows) == 1


@pytest.mark.parametrize(
    ("days", "booked_on"),
    [
        ("210830", date(2021, 8, 30)),
        ("2108300831", date(2021, 8, 31)),
        ("2112310101", date(2022, 1, 1)),
        ("2201011231", date(2021, 12, 31)),
        ("2402290229", date(2024, 2, 29)),
    ],
)
def test_the_day_of_booking_lies_beside_the_value_date_also_at_new_year(days, booked_on):
    assert one(paid(days=days)).booked_on == booked_on


@pytest.mark.parametrize("days", ["211330", "2108301330", "2108300230"])
def test_a_day_that_is_none_is_refused(days):
    (refusal,) = read_mt940(message(paid(days=days))).refusals

    assert refusal.reason is Reason.UNREADABLE_DATE


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("NONREF//BD01", "BD01"),
        ("FT21242//BD01", "BD01"),
        ("FT21242", "FT21242"),
        ("NONREF", ""),
        ("FT21242//", "FT21242"),
    ],
)
def test_the_banks_reference_comes_before_the_customers(written, reference):
    assert one(paid(reference=written)).reference == reference


def test_a_memo_is_joined_where_it_was_broken():
    wide = "x" * 65

    rows = read_mt940(message(paid(memo=f"{wide}\n012"), paid(memo=f"{wide}\n y"), paid(memo="Lan\nDi An"))).rows

    assert [row.memo for row in rows] == [f"{wide}012", f"{wide} y", "Lan Di An"]


def test_a_memo_may_go_on_with_a_hyphen_or_a_colon():
    assert one(paid(memo=f"{'x' * 65}\n-CTLNHIDI0-1/1\n:) 5")).memo == f"{'x' * 65}-CTLNHIDI0-1/1 :) 5"


def test_what_the_61_itself_says_is_the_memo_where_there_is_no_other():
    assert one(("2108300830C100000,NTRFNONREF\nLan 0912345678", "")).memo == "Lan 0912345678"


@pytest.mark.parametrize(
    "told",
    [
        "166?00CHUYEN TIEN?20DC2CYTZ9S 0912?21345678?31880074088853?32TRAN VAN?33 AN",
        "/EREF/X1/ORDP//NAME/TRAN VAN AN/ACCT/880074088853/REMI/DC2CYTZ9S 0912345678",
    ],
)
def test_memo_and_payer_are_found_under_their_codes(told):
    row = one(paid(memo=told))

    assert (row.memo, row.payer_name, row.payer_account) == ("DC2CYTZ9S 0912345678", "TRAN VAN AN", "880074088853")


@pytest.mark.parametrize(
    ("written", "number"),
    [("1013456789", "1013456789"), ("BFTVVNVX/1013456789", "1013456789"), ("1013456789VND", "1013456789"), ("", None)],
)
def test_the_account_is_read_without_bank_and_currency(written, number):
    assert read_mt940(message(paid(), account=written)).account_number == number


def test_the_bank_is_known_by_its_bic_in_the_envelope_or_before_the_account():
    wrapped = "{1:F01BIDVVNVXAXXX0000000000}{2:I940BIDVVNVXXXXXN}{4:\n" + message(paid()).replace("\n-\n", "\n-}\n")

    assert read_mt940(wrapped).bank_code == "BIDV"
    assert read_mt940(message(paid(), account="ICBVVNVX/1013456789")).bank_code == "CTG"
    assert read_mt940(message(paid())).bank_code is None


def test_lines_may_end_as_on_windows_and_overdrafts_are_below_nought():
    text = message(paid("100,"), opening="D210829VND500,00", closing="D210830VND400,").replace("\n", "\r\n")

    statement = read_mt940(text)

    assert (statement.opening, statement.closing) == (-500, -400)
    assert balances(statement).state is BalanceState.AGREES


def days(*, second_opening="C210830VND100,"):
    first = message(paid("100,"), closing="C210830VND100,")
    return first, message(
        paid("50,", mark="D", days="2108310831"), opening=second_opening, closing="C210831VND50,", number="2"
    )


def test_several_days_of_one_account_are_one_statement():
    for text in ("".join(days()), "".join(reversed(days())), "".join([*days(), days()[1]])):
        statement = read_mt940(text)

        assert (statement.opening, statement.closing, len(statement.rows)) == (0, 50, 2)
        assert (statement.period_from, statement.period_to) == (date(2021, 8, 30), date(2021, 8, 31))
        assert balances(statement).state is BalanceState.AGREES


def test_a_missing_day_between_two_shows_as_a_difference():
    statement = read_mt940("".join(days(second_opening="C210830VND150,")).replace("210831VND50,", "210831VND100,"))

    mismatch = balances(statement).mismatch
    assert mismatch is not None
    assert mismatch.kind is MismatchKind.CLOSING


def test_two_accounts_in_one_file_are_refused():
    assert refused(message(paid()) + message(paid(), account="2222222222")) is FaultReason.SEVERAL_STATEMENTS


def test_another_currency_is_refused():
    assert refused(message(paid(), opening="C210830USD0,", closing="C210830USD0,")) is FaultReason.FOREIGN_CURRENCY


@pytest.mark.parametrize("cut", [":62F:", "C210830VND0,\n-", ":60F:", ":25:"])
def test_a_message_without_its_end_or_head_was_cut_off(cut):
    text = message(paid())

    assert refused(text[: text.rindex(cut)]) is FaultReason.BROKEN


def test_an_intermediate_page_does_not_say_that_the_day_is_over():
    text = message(paid("100,"), closing="C210830VND100,").replace(":62F:", ":62M:")

    assert read_mt940(text).period_to is None
