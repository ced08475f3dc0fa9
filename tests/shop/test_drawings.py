"""Every item that is sold has a drawing; what nobody has drawn is shown by the neutral one."""

import json
import re

import pytest

from kernel.settings import ROOT
from shop.drawings import ARRANGEMENTS, HEIGHT, NEUTRAL, WIDTH, arranged, drawing_of, listed
from shop.quantities import parse_item

COMBOS = json.loads((ROOT / "shop" / "combos.json").read_text(encoding="utf-8"))["combos"]
SOLD = sorted({parse_item(text).name for combo in COMBOS for text in combo["items"].split(";")})
SPRITE = (ROOT / "static" / "vendor" / "goods" / "goods.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SOLD)
def test_what_is_sold_has_a_drawing(name):
    assert drawing_of(name) != NEUTRAL


def test_the_sprite_holds_just_what_is_named():
    assert set(re.findall(r'<symbol id="([a-z-]+)" viewBox="0 0 32 32">', SPRITE)) == listed().keys() | {NEUTRAL}


def test_no_word_stands_for_two_drawings():
    words = [word for words in listed().values() for word in words]

    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    ("name", "drawing"),
    [
        ("Cà chua", "tomato"),
        ("cà rốt Đà Lạt", "carrot"),
        ("cá lóc", "fish"),
        ("CA LOC", "eggplant"),  # without tones nobody can tell
        ("ca chua", "tomato"),
        ("trứng gà", "egg"),
        ("thịt gà", "poultry-leg"),
        ("thịt heo xay", "minced-meat"),
        ("hành lá", "scallion"),
        ("hành tím", "onion"),
        ("nước rửa chén", "lotion-bottle"),
        ("sữa tươi 180 ml", "milk"),
        ("đậu hũ", "tofu"),
        ("dau hu", "tofu"),
        ("dưa hấu", "watermelon"),
        ("mắm cá linh", "fish-sauce"),
    ],
)
def test_the_longest_words_at_the_earliest_place_decide(name, drawing):
    assert drawing_of(name) == drawing


@pytest.mark.parametrize("name", ["", "xyz", "pin AA", "Ω", "nến"])
def test_an_unknown_thing_is_shown_by_the_neutral_drawing(name):
    assert drawing_of(name) == NEUTRAL


@pytest.mark.parametrize("many", range(13))
def test_a_tile_shows_each_drawing_once_and_the_first_in_front_as_the_largest(many):
    names = list(listed()["leafy-green"][:1]) + [words[0] for words in list(listed().values())[1:many]]

    tile = arranged(names[:many])

    assert len(tile) == max(1, min(many, len(ARRANGEMENTS)))
    assert len({each.drawing for each in tile}) == len(tile)
    if many:
        assert tile[-1].drawing == "leafy-green"
        assert tile[-1].size == max(each.size for each in tile)


def test_like_goods_are_drawn_once_and_unknown_ones_only_alone():
    assert [each.drawing for each in arranged(["rau muống", "cải ngọt", "pin AA"])] == ["leafy-green"]
    assert [each.drawing for each in arranged(["pin AA"])] == [NEUTRAL]


def test_nothing_is_drawn_outside_of_the_tile():
    for x, y, size in (place for places in ARRANGEMENTS for place in places):
        assert 0 <= x <= WIDTH - size
        assert 0 <= y <= HEIGHT - size
