"""A quantity that somebody types is read as people write it, or refused."""

import pytest

from shop.quantities import QuantityFault, Unit, parse_quantity


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("37 kg", (37_000, Unit.GRAM, "")),
        ("37kg", (37_000, Unit.GRAM, "")),
        ("0,5 kg", (500, Unit.GRAM, "")),
        ("500 g", (500, Unit.GRAM, "")),
        ("1.250 g", (1_250, Unit.GRAM, "")),
        ("1.250,5 kg", (1_250_500, Unit.GRAM, "")),
        ("2 l", (2_000, Unit.MILLILITRE, "")),
        ("12 quả", (12, Unit.PIECE, "quả")),
        (" 12 ", (12, Unit.PIECE, "")),
    ],
)
def test_it_is_read_as_people_write_it(text, read):
    assert parse_quantity(text) == read


@pytest.mark.parametrize(
    "text", ["", "0", "0 kg", "kg", "-3 kg", "1,2,3 kg", "37 kg cá", "3 quả (to)", "1.5 kg", "0,0001 kg"]
)
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(QuantityFault):
        parse_quantity(text)
