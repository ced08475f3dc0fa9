"""What a judgement may be: a claim on orders, or a doubt that a human is to settle; and what it is judged by."""

from dataclasses import dataclass
from typing import NamedTuple

from orders.payments.matcher.book import Book
from orders.payments.matcher.facts import ClueKind, Tier
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.names import NameSeen
from orders.payments.matcher.weights import Weights

MIDDLE_WORDS = frozenset({"THI", "VAN"})


class Claim(NamedTuple):
    """What each order (by its number in the book) would be given, and how firmly the memo names it."""

    tier: Tier
    shares: tuple[tuple[int, int], ...]


class Doubt(NamedTuple):
    """Why a human is to look; ``read`` is what raises it. ``proposed`` are orders that may be meant together."""

    kind: ClueKind
    read: str = ""
    span: tuple[int, int] | None = None
    proposed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """The orders, what they still owe, and what clues weigh."""

    book: Book
    ledger: Ledger
    weights: Weights

    def person(self, number: int) -> str:
        return self.book.names[number]


class Household(NamedTuple):
    """``members`` are all orders of one phone; ``meant`` those whose name and ward the memo does not exclude."""

    tier: Tier
    members: tuple[int, ...]
    meant: tuple[int, ...]
    seen: NameSeen
    ward_agrees: bool


def same_person(one: str, other: str) -> bool:
    """Whether two folded names are one person's: equal, or one of them has dropped its THI or VAN."""
    if one == other:
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    return len(short) < len(long) and short == [word for word in long if word not in MIDDLE_WORDS]
