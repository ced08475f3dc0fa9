"""The few orders that a clerk should see: whatever the memo points at, else whose name it or the payer bears."""

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from itertools import accumulate, chain

from orders.payments.matcher.book import HEAD
from orders.payments.matcher.firmness import Desk
from orders.payments.matcher.namesakes import FEW, Turn
from orders.payments.matcher.reading import Mark, Reading
from orders.payments.matcher.sight import Sight

_MOST_POINTED = 40
_MOST_WORDS = 24
_LONGEST_NAME = 6  # words
_JOINED_FROM = 8  # letters, for a word that may be a whole name


@dataclass(slots=True)
class Pointed:
    """What points at an order. A name is looked for in any case."""

    code: Mark | None = None
    code_slip: Mark | None = None
    phone: Mark | None = None
    phone_slip: Mark | None = None
    group: Mark | None = None
    group_slip: Mark | None = None


NOTHING = Pointed()
"""Of an order that is here for a name or an account."""


def gather(sight: Sight, desk: Desk) -> dict[int, Pointed]:
    """Orders by number in the book, each with what points at it."""
    found = _pointed(sight, desk)
    if not found or not any(points.code or points.phone or points.group for points in found.values()):
        for number in (*_named(sight, desk), *_paid_before(sight, desk)):
            found.setdefault(number, NOTHING)
    return found


def _pointed(sight: Sight, desk: Desk) -> dict[int, Pointed]:
    found: dict[int, Pointed] = {}
    book = desk.book
    for mark in sight.reading.codes:
        if mark.text in book.by_code:
            found.setdefault(book.by_code[mark.text], Pointed()).code = mark
    for number in list(found):
        # The code may have been copied from last time: the household's other orders are shown with it.
        found |= {n: Pointed() for n in book.of_phone(book.orders[number].phone)[:_MOST_POINTED] if n not in found}
    for number, mark in sight.codes_near.items():
        found.setdefault(number, Pointed()).code_slip = mark
    if book.by_group:
        _point_at_groups(sight, desk, found)
    for phone, mark in sight.phones_known.items():
        for number in book.of_phone(phone)[:_MOST_POINTED]:
            found.setdefault(number, Pointed()).phone = mark
    return found or _nearly_pointed(sight, desk)


def _point_at_groups(sight: Sight, desk: Desk, found: dict[int, Pointed]) -> None:
    """The orders of groups whose code is in the memo, those that wait first."""
    for mark in sight.reading.codes:
        for number in _most_of(mark.text, desk, found):
            found.setdefault(number, Pointed()).group = mark
    for code, mark in sight.groups_near.items():
        for number in _most_of(code, desk, found):
            found.setdefault(number, Pointed()).group_slip = mark


def _most_of(code: str, desk: Desk, found: dict[int, Pointed]) -> list[int]:
    members = sorted(desk.book.by_group.get(code, ()), key=lambda number: desk.ledger.owed(number) <= 0)
    return members[: max(0, _MOST_POINTED - len(found))]


def _nearly_pointed(sight: Sight, desk: Desk) -> dict[int, Pointed]:
    near = sight.phones_near.items()
    return {n: Pointed(phone_slip=mark) for phone, mark in near for n in desk.book.of_phone(phone)[:_MOST_POINTED]}


def _named(sight: Sight, desk: Desk) -> list[int]:
    """Orders of the names in the memo and of the payer: those with the very sum, and the youngest, first."""
    book, amount = desk.book, sight.transfer.amount
    names = book.by_name.keys() & names_in(sight.reading, sight.payer, heads=book.heads)
    exact = {name: numbers for name in names if (numbers := book.namesakes(name).of_sum(amount))}
    if sum(map(len, exact.values())) > FEW:
        return _likeliest(exact, sight, desk)
    if exact or not names:
        return [*chain.from_iterable(exact.values())]
    first = nsmallest(FEW, chain.from_iterable(book.namesakes(name).first_codes for name in names))
    return [book.by_code[code] for code in first]


def _likeliest(exact: Mapping[str, Collection[int]], sight: Sight, desk: Desk) -> list[int]:
    """Of many orders of the very sum, by the name, those that still owe it, what was ordered last before it was paid
    first.
    """
    latest, orders = sight.transfer.latest, desk.book.orders
    lasts = [desk.ledger.owing(name, sight.transfer.amount).last(FEW, before=latest) for name in exact]
    if len(lasts) == 1 and lasts[0]:
        return lasts[0]
    owing = [*chain.from_iterable(lasts)]
    return Turn.of(owing or chain.from_iterable(exact.values()), orders).last(FEW, before=latest)


def _paid_before(sight: Sight, desk: Desk) -> Iterator[int]:
    """Orders of the phones that the payer's account has paid for before, where the very sum comes again."""
    for phone in sight.transfer.aliases:
        orders = desk.book.of_phone(phone)[:_MOST_POINTED]
        yield from (number for number in orders if desk.ledger.owed(number) == sight.transfer.amount)


def names_in(reading: Reading, payer: str, *, heads: Container[str] | None = None) -> set[str]:
    """Each run of two to six words, joined, that might be a whole name; and single ones that spaces were lost in.

    ``heads``: how names begin, if only those that begin so are wanted.
    """
    words = [word.text for word in reading.words[:_MOST_WORDS]]
    letters, ends = "".join(words), [0, *accumulate(map(len, words))]
    names = {word for word in words if len(word) >= _JOINED_FROM}
    for first, start in enumerate(ends[:-2]):
        whole = ends[first + 2 : first + 1 + _LONGEST_NAME]
        if heads is not None and letters[start : start + HEAD] not in heads:
            if whole[0] - start >= HEAD:
                continue
            whole = [end for end in whole if end - start < HEAD]  # no longer than a head
        names.update([letters[start:end] for end in whole])
    if payer:
        names.add(payer.replace(" ", ""))
    return names
