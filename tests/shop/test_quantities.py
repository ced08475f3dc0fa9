"""Items as people write them, taken apart and shown again."""

import json

import pytest

from office.seed import COMBOS
from shop.quantities import Item, QuantityFault, Unit, parse_item, show_quantity


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("rau muống 0,5 kg", Item("rau muống", 500, Unit.GRAM, "")),
        ("thịt ba rọi 300 g", Item("thịt ba rọi", 300, Unit.GRAM, "")),
        ("trứng gà 10 quả", Item("trứng gà", 10, Unit.PIECE, "quả")),
        ("sữa 180 ml 8 hộp", Item("sữa 180 ml", 8, Unit.PIECE, "hộp")),
        ("dầu ăn 1 l", Item("dầu ăn", 1000, Unit.MILLILITRE, "")),
        ("bí xanh 1 trái (~0,8 kg)", Item("bí xanh", 1, Unit.PIECE, "trái", "~0,8 kg")),
    ],
)
def test_the_last_number_with_a_unit_is_the_quantity(text, item):
    assert parse_item(text) == item


@pytest.mark.parametrize(
    "text", ["", "rau muống", "10 quả", "rau 0 kg", "rau 0,0001 kg", "trứng 1,5 quả", "rau 1.5 kg"]
)
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(QuantityFault):
        parse_item(text)


@pytest.mark.parametrize(
    ("quantity", "unit", "measure", "shown"),
    [
        (500, Unit.GRAM, "", "500 g"),
        (1000, Unit.GRAM, "", "1 kg"),
        (1250, Unit.GRAM, "", "1,25 kg"),
        (1_234_500, Unit.GRAM, "", "1.234,5 kg"),
        (750, Unit.MILLILITRE, "", "750 ml"),
        (10, Unit.PIECE, "quả", "10 quả"),
        (12_000, Unit.PIECE, "quả", "12.000 quả"),
    ],
)
def test_a_quantity_is_shown_as_on_a_market_stall(quantity, unit, measure, shown):
    assert show_quantity(quantity, unit, measure) == shown


def test_every_item_of_the_listed_combos_is_read():

    for combo in json.loads(COMBOS.read_text(encoding="utf-8"))["combos"]:
        for text in combo["items"].split(";"):
            assert parse_item(text).quantity > 0
