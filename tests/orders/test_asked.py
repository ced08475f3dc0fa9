"""What is typed into the desk's search: codes with slips, phones in any form, beginnings of names."""

import pytest

from orders.asked import understand
from orders.queries import find_orders
from tests import make


@pytest.mark.parametrize(
    "asked",
    [
        "DCKHV6B9D",
        "dc khv6 b9d",
        "DC-KHV6B9D",
        "khv6b9d",
        "DCKHV6B9E",  # one symbol wrong
        "DCKH6VB9D",  # two swapped
        "DCKHV6B0D",  # a nought, which no code has
        "+84 327.219.097",
        "84327219097",
        "327 219 097",
        "0327219097",
        "nguyen anh",
        "Nguyễn  ÁNH",
    ],
)
def test_an_order_is_found_by_what_people_type(session, asked):
    wanted = make.order(code="DCKHV6B9D", name="Nguyễn Ánh Hoa", phone="0327219097")
    make.order(name="Hoa Nguyễn Ánh", phone="0327219098")

    assert find_orders(session, understand(asked)) == [wanted]


@pytest.mark.parametrize("asked", ["DCKHV", "ánh hoa", "32721", "%", "DC"])
def test_half_of_it_finds_nobody_else(session, asked):
    make.order(code="DCKHV6B9D", name="Nguyễn Ánh Hoa", phone="0327219097")
    assert find_orders(session, understand(asked)) == []


def test_nothing_asked_is_no_question():
    assert not understand("   ").anything
    assert understand("?").anything
