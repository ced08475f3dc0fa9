"""The order code and its check symbol."""

import csv
from pathlib import Path

from orders.reference import ALPHABET, fitting_symbol, is_valid, new_code

SAMPLE = Path(__file__).parents[1] / "samples/corpus/orders.csv"


def test_every_code_of_the_sample_is_valid() -> None:
    with SAMPLE.open(encoding="utf-8") as rows:
        assert all(is_valid(row["code"]) for row in csv.DictReader(rows))


def test_new_codes_are_valid_and_differ() -> None:
    codes = {new_code() for _ in range(2000)}

    assert len(codes) == 2000
    assert all(map(is_valid, codes))


def test_every_single_wrong_symbol_is_caught() -> None:
    code = "DCKHV6B9D"

    for place in range(2, 9):
        wrong = {code[:place] + symbol + code[place + 1 :] for symbol in ALPHABET} - {code}
        assert not any(map(is_valid, wrong))


def test_one_symbol_alone_mends_a_wrong_code_at_each_place() -> None:
    for symbol in "27Z0O":
        wrong = "DCKHV" + symbol + "B9D"
        for place in range(2, 9):
            mended = [s for s in ALPHABET if is_valid(wrong[:place] + s + wrong[place + 1 :])]
            assert "".join(mended) == fitting_symbol(wrong, place)


def test_every_swap_of_neighbours_is_caught() -> None:
    for code in (new_code() for _ in range(500)):
        for i in range(2, 8):
            swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
            assert swapped == code or not is_valid(swapped)


def test_other_forms_are_no_codes() -> None:
    assert not any(
        map(is_valid, ["", "DC", "dckhv6b9d", "DCKHV6B9", "DCKHV6B9DD", "XXKHV6B9D", "DCKHV0B9D", "DCKHV6B9D\n"])
    )
