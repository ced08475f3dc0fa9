"""Where a hundred people bear one name: which of their orders a clerk is shown."""

import random
from datetime import timedelta

import pytest

from orders.payments.matcher.book import Book
from orders.payments.matcher.candidates import gather, names_in
from orders.payments.matcher.decide import open_desk
from orders.payments.matcher.facts import Status
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.namesakes import Turn
from orders.payments.matcher.reading import read
from orders.payments.matcher.sight import Sight
from orders.payments.memo import take_apart
from tests.orders.payments.matcher.facts import NOON, decided, noise, order, transfer

LAN = "NGUYENTHILAN"


def namesakes(hours, **changes):
    return [order(hours=ago, phone=f"09{number:08d}", **changes) for number, ago in enumerate(hours)]


@pytest.mark.parametrize(
    ("hours", "most", "expected"),
    [
        ((-3, -2, -1, 1), 2, (-1, -2)),
        ((-3, -2, -1, 1), 3, (-1, -2, -3)),
        ((-2, -1, 1, 2, 3), 4, (-1, -2, 3, 2)),
        ((-1, 1, 2), 8, (-1, 2, 1)),
        ((1, 2, 3), 2, (3, 2)),
        ((0, 1), 1, (0,)),
        ((), 3, ()),
    ],
    ids=["enough", "just enough", "too few", "all", "none before", "at the moment", "nobody"],
)
def test_those_placed_last_before_a_payment_come_first_then_those_placed_last_of_all(hours, most, expected):
    orders = namesakes(hours)
    turn = Turn.of(random.Random(1).sample(range(len(orders)), len(orders)), orders)

    shown = turn.last(most, before=NOON)

    assert [(orders[number].placed_at - NOON) / timedelta(hours=1) for number in shown] == list(expected)


def test_a_name_alone_shows_the_orders_that_still_owe_the_sum_the_latest_before_it_first():
    paid = namesakes([-0.5] * 12, status=Status.PAID)
    open_ones = namesakes([-number for number in range(1, 13)])

    (decision,) = decided([*paid, *open_ones], transfer("Nguyen Thi Lan chuyen tien"))

    latest = sorted(open_ones, key=lambda one: one.placed_at, reverse=True)
    assert [candidate.code for candidate in decision.candidates] == [one.code for one in latest[:5]]


def test_what_another_transfer_paid_makes_room_for_the_next():
    orders = namesakes([-number for number in range(1, 13)])
    coded = [transfer(one.code) for one in orders[:3]]

    *_, decision = decided(orders, *coded, transfer("Nguyen Thi Lan chuyen tien"))

    assert [candidate.code for candidate in decision.candidates] == [one.code for one in orders[3:8]]


def test_where_all_of_a_name_have_been_paid_the_latest_are_shown():
    orders = namesakes([-number for number in range(1, 13)])
    desk = open_desk(orders)
    desk.ledger.place_all([300_000] * 12)

    shown = gather(Sight(transfer("Nguyen Thi Lan chuyen tien"), desk.book), desk)

    assert list(shown) == list(range(8))


def test_who_owes_is_worked_out_anew_once_something_is_placed():
    book = Book(namesakes([-3, -2, -1]))
    ledger = Ledger(book)

    before = ledger.owing(LAN, 300_000).numbers
    ledger.place(1, 100_000)
    between = ledger.owing(LAN, 300_000).numbers
    ledger.place(1, -100_000)

    assert (before, between, ledger.owing(LAN, 300_000).numbers) == ([0, 1, 2], [0, 2], [0, 1, 2])


def test_a_closed_order_owes_nothing_whatever_is_placed_on_it():
    ledger = Ledger(Book([order(status=Status.EXPIRED), order()]))

    ledger.place_all([50_000, 50_000])

    assert [ledger.owed(0), ledger.owed(1)] == [0, 250_000]
    assert [ledger.placed(0), ledger.placed(1)] == [50_000, 50_000]
    assert (ledger.due(0), ledger.due(1)) == (300_000, 250_000)


def test_another_process_goes_on_with_the_same_sums():
    book = Book([order(), order()])
    one, other = Ledger(book), Ledger(book)
    other.owing(LAN, 300_000)
    one.place(0, 300_000)

    other.sums = one.sums

    assert (other.owed(0), list(other.owing(LAN, 300_000).numbers)) == (0, [1])


MEMOS = [
    "NGUYEN THI LAN CHUYEN TIEN",
    "tien di cho cua NGUYENTHILAN",
    "N GUYEN THI LAN mua combo",
    "chuyen khoan LETHIHOA va NGUYEN THI  LAN",
    "phamvan son PHAM VAN SON Da",
    "tien combo cua Y A phuong An Binh",
    "",
]


@pytest.mark.parametrize("memo", MEMOS, ids=lambda memo: memo or "nothing")
def test_looking_only_where_names_begin_misses_none(memo):
    book = Book([*noise(), order(), order(name="Lê Thị Hoa"), order(name="Ý A")])
    reading = read(memo, take_apart(memo), "", known=())

    everywhere = names_in(reading, "LE THI HOA") & book.by_name.keys()

    assert ("YA" in everywhere) == ("Y A" in memo)
    assert names_in(reading, "LE THI HOA", heads=book.heads) & book.by_name.keys() == everywhere
