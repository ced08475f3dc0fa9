"""The few orders that a clerk should see: whatever the memo, or the payer's name, points at."""

from collections.abc import Iterator
from dataclasses import dataclass

from orders.payments.matcher.book import Book
from orders.payments.matcher.firmness import Desk
from orders.payments.matcher.reading import Mark
from orders.payments.matcher.sight import Sight, near_codes, phones_known, phones_near

_MOST_NAMED = 40  # of one name; NGUYEN THI LAN has hundreds
_MOST_WORDS = 24
_NAME_WORDS = range(2, 7)


@dataclass(slots=True)
class Pointed:
    """What points at an order. A name is looked for in any case."""

    code: Mark | None = None
    code_slip: Mark | None = None
    phone: Mark | None = None
    phone_slip: Mark | None = None


def gather(sight: Sight, desk: Desk) -> dict[int, Pointed]:
    """Orders by number in the book, each with what points at it."""
    book = desk.book
    found: dict[int, Pointed] = {}
    for mark in sight.reading.codes:
        if mark.text in book.by_code:
            found.setdefault(book.by_code[mark.text], Pointed()).code = mark
    for number, mark in near_codes(sight, book).items():
        found.setdefault(number, Pointed()).code_slip = mark
    for phone, mark in phones_known(sight, book).items():
        for number in book.of_phone(phone):
            found.setdefault(number, Pointed()).phone = mark
    for phone, mark in phones_near(sight, book).items():
        for number in book.of_phone(phone):
            found.setdefault(number, Pointed()).phone_slip = mark
    for number in _of_the_household(book, found) | _named(sight, desk):
        found.setdefault(number, Pointed())
    return found


def _of_the_household(book: Book, found: dict[int, Pointed]) -> set[int]:
    """Other orders of a phone whose order's code is given: the code may have been copied from last time."""
    return {n for number, points in found.items() if points.code for n in book.of_phone(book.orders[number].phone)}


def _named(sight: Sight, desk: Desk) -> set[int]:
    """Orders of the names in the memo and of the payer, those with the very sum first, the youngest first."""
    numbers = {n for name in _names_in(sight) for n in desk.book.by_name.get(name, ())}
    if len(numbers) <= _MOST_NAMED:
        return numbers
    amount = sight.transfer.amount

    def remoteness(number: int) -> tuple[bool, bool, float]:
        order = desk.book.orders[number]
        early = order.placed_at > sight.transfer.latest
        return desk.ledger.owed(number) != amount, early, -order.placed_at.timestamp()

    return set(sorted(numbers, key=remoteness)[:_MOST_NAMED])


def _names_in(sight: Sight) -> Iterator[str]:
    """Each run of two to six words, joined, that might be a whole name."""
    words = [word.text for word in sight.reading.words[:_MOST_WORDS]]
    for first in range(len(words)):
        for size in _NAME_WORDS:
            if first + size <= len(words):
                yield "".join(words[first : first + size])
    yield from (word for word in words if len(word) >= 8)
    if sight.payer:
        yield sight.payer.replace(" ", "")
