"""An amount is read for sure or refused, never guessed."""

import pytest

from orders.payments.feeds.amounts import CellFault, Grouping, grouping, read_amount
from orders.payments.feeds.statement import Reason

DOTS = Grouping(".", proven=True)
COMMAS = Grouping(",", proven=True)
TORN = Grouping(None, proven=True)
UNPROVEN = Grouping(",", proven=False)


def reason_of(cell, written=COMMAS):
    with pytest.raises(CellFault) as refusal:
        read_amount(cell, written)
    return refusal.value.reason


@pytest.mark.parametrize("written", [DOTS, COMMAS, TORN])
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1\u00a0250\u00a0000", 1_250_000),
        ("1\u202f250", 1_250),
        ("1250000", 1_250_000),
        ("1250000.00", 1_250_000),
        ("1250000,00", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.0", 1_250_000),
        ("1,250.00", 1_250),
        ("250", 250),
        ("  250 ", 250),
        ("0", 0),
        ("0.00", 0),
        ("000", 0),
        ("+1250000VND", 1_250_000),
        ("-1.250.000", -1_250_000),
        ("−1.250.000", -1_250_000),
        ("- 250", -250),
        ("(1.250.000)", -1_250_000),
        ("( 1,250,000.00 VND )", -1_250_000),
        ("(250) VND", -250),
        ("1.250.000-", -1_250_000),
        ("1.250.000 +", 1_250_000),
        ("250 VND-", -250),
        ("250 VND", 250),
        ("VND 250", 250),
        ("250đ", 250),
        ("1.250.000 ₫", 1_250_000),
        ("250 đồng", 250),
        ("250 VNĐ", 250),
    ],
)
def test_an_amount_that_reads_one_way_only_is_read_in_any_file(text, amount, written):
    assert read_amount(text, written) == amount


@pytest.mark.parametrize(("text", "written"), [("1.250", DOTS), ("1,250", COMMAS), ("+300,000VND", UNPROVEN)])
def test_one_group_is_read_as_the_file_writes_groups(text, written):
    assert read_amount(text, written) in {1_250, 300_000}


@pytest.mark.parametrize(("text", "written"), [("1.250", COMMAS), ("1,250", DOTS), ("1.250", TORN), ("1,250", TORN)])
def test_one_group_against_the_file_is_ambiguous(text, written):
    assert reason_of(text, written) is Reason.AMBIGUOUS_AMOUNT


@pytest.mark.parametrize("cell", ["", "  ", "-", "\u00a0", "VND"])
def test_an_empty_cell_is_no_amount(cell):
    assert read_amount(cell, COMMAS) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1,25", Reason.FRACTION),
        ("1250000.50", Reason.FRACTION),
        ("1.250.000,5", Reason.FRACTION),
        (1.5, Reason.FRACTION),
        ("abc", Reason.UNREADABLE_AMOUNT),
        ("1.25.000", Reason.UNREADABLE_AMOUNT),
        ("1.250,000", Reason.UNREADABLE_AMOUNT),
        ("1.250.00", Reason.UNREADABLE_AMOUNT),
        ("1250.000", Reason.UNREADABLE_AMOUNT),
        ("0.250", Reason.UNREADABLE_AMOUNT),
        ("(-1.250.000)", Reason.UNREADABLE_AMOUNT),
        ("(1.250.000", Reason.UNREADABLE_AMOUNT),
        ("-1.250.000-", Reason.UNREADABLE_AMOUNT),
        ("()", Reason.UNREADABLE_AMOUNT),
        ("1e6", Reason.UNREADABLE_AMOUNT),
        ("100k", Reason.UNREADABLE_AMOUNT),
        ("100 USD", Reason.UNREADABLE_AMOUNT),
        ("=100", Reason.UNREADABLE_AMOUNT),
        ("١٠٠", Reason.UNREADABLE_AMOUNT),
        ("1.250.000\n500", Reason.UNREADABLE_AMOUNT),
        (True, Reason.UNREADABLE_AMOUNT),
        (float("nan"), Reason.UNREADABLE_AMOUNT),
        (float("inf"), Reason.TOO_LARGE),
        (1e15, Reason.TOO_LARGE),
        ("9" * 16, Reason.TOO_LARGE),
        ("9" * 5000, Reason.TOO_LARGE),
    ],
)
def test_anything_else_is_refused_with_its_reason(cell, reason):
    assert reason_of(cell) is reason


@pytest.mark.parametrize(("cell", "amount"), [(100000, 100_000), (400000.0, 400_000), (-5000.0, -5_000), (0.0, 0)])
def test_a_number_is_an_amount(cell, amount):
    assert read_amount(cell, DOTS) == amount


def test_a_small_number_among_grouped_texts_may_be_a_thousand_times_more():
    assert reason_of(250.0, DOTS) is Reason.AMBIGUOUS_AMOUNT
    assert read_amount(250.0, UNPROVEN) == 250


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.250.000", "250,00", "x", ""], DOTS),
        (["1,250,000", "250"], COMMAS),
        (["250.00"], COMMAS),
        (["1.250", "1 250 000", 5.0], Grouping(".", proven=False)),
        ([], Grouping(".", proven=False)),
        (["1.250.000", "1,250,000"], TORN),
    ],
)
def test_a_file_proves_how_it_writes_thousands(cells, expected):
    assert grouping(cells, ".") == expected
