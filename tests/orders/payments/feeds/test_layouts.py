"""A layout is known by its headings, however they are written and wherever they stand."""

import pytest

from orders.payments.feeds.columns import Column
from orders.payments.feeds.heading import HEADING_WITHIN, find_heading
from orders.payments.feeds.layouts import AGRIBANK, LAYOUTS, VIETCOMBANK
from tests.orders.payments.feeds import files

BOTH = {layout.name: list(layout.headings.values()) for layout in LAYOUTS}


def found(*lines):
    heading = find_heading([list(line) for line in lines])
    return heading and (heading.layout.name, heading.index)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@pytest.mark.parametrize(
    "written",
    [
        lambda vietnamese, english: f"{vietnamese}/ {english}",
        lambda vietnamese, english: f"{vietnamese}\n{english}",
        lambda vietnamese, english: f"{english} ({vietnamese})",
        lambda vietnamese, english: vietnamese,
        lambda vietnamese, english: english,
        lambda vietnamese, english: vietnamese.upper(),
        lambda vietnamese, english: f" {english}:",
    ],
)
def test_headings_are_known_in_either_language_or_both(layout, written):
    line = [written(*names) for names in layout.headings.values()]

    assert found(line) == (layout.name, 0)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_columns_may_stand_in_any_order_among_others(layout):
    line = ["STT", *(english for _, english in reversed(layout.headings.values())), "Chi nhánh/ Branch"]

    heading = find_heading([line])

    assert heading is not None
    assert heading.layout is layout
    assert list(heading.places.values()) == list(range(len(layout.headings), 0, -1))


def test_headings_without_their_accents_are_known():
    assert found(["Ngay/Date", "Ghi chu/Remark", "No/Dr", "Co/Cr", "So du/Balance", "So tham chieu/Ref. no"])


def test_headings_in_decomposed_letters_are_known():
    assert found(["Nga\u0300y/Date", "Ghi chu\u0301/Remark", "No\u031b\u0323/Dr", "Co\u0301/Cr"])


@pytest.mark.parametrize(("above", "known"), [(0, True), (HEADING_WITHIN - 1, True), (HEADING_WITHIN, False)])
def test_the_headings_may_stand_below_other_rows_up_to_a_bound(above, known):
    lines = [["NGÂN HÀNG", ""]] * above + [files.AGRIBANK]

    assert bool(found(*lines)) is known


@pytest.mark.parametrize("missing", [Column.DATE, Column.DEBIT, Column.CREDIT, Column.MEMO])
def test_without_an_essential_column_nothing_is_known(missing):
    line = [english for column, (_, english) in VIETCOMBANK.headings.items() if column is not missing]

    assert found(line) is None


def test_without_balance_and_reference_the_layout_is_still_known():
    assert found(["Date", "Remark", "Dr", "Cr"]) == ("agribank", 0)


def test_a_column_headed_twice_is_not_guessed():
    assert found([*files.AGRIBANK, "Có/Cr"]) is None


def test_no_two_layouts_are_headed_alike():
    for language in (0, 1):
        for layout in LAYOUTS:
            assert found([names[language] for names in layout.headings.values()])[0] == layout.name


def test_numbers_and_long_texts_are_no_headings():
    assert found([1.0, True, "Date" * 100, "Remark", "Dr", "Cr"]) is None
    assert AGRIBANK.headings.keys() <= set(Column)
