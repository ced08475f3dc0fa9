"""What orders still owe while the transfers of one run are decided."""

from array import array
from collections.abc import Iterable
from operator import add
from typing import NamedTuple

from orders.payments.matcher.book import Book
from orders.payments.matcher.namesakes import Turn


class Sums(NamedTuple):
    """Whole đồng by the order's number. Arrays: one read tells what an order owes, and a process tells another fast."""

    left: "array[int]"
    placed: "array[int]"


class Ledger:
    """The book's sums, less what this run has placed so far."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._left, self._placed = array("q", book.asked), array("q", bytes(8 * len(book.orders)))
        self._owing: dict[tuple[str, int], Turn] = {}

    def owed(self, number: int) -> int:
        """Whole đồng still to pay; nothing for an order that is paid, expired or cancelled."""
        return self._left[number]

    def due(self, number: int) -> int:
        """The sum that a payer of this order would send: what is owed, or its total once nothing is."""
        return self._left[number] or self.book.orders[number].total

    def placed(self, number: int) -> int:
        """What this run has placed on an order, whatever its state."""
        return self._placed[number]

    def owing(self, name: str, amount: int) -> Turn:
        """The orders of a name (without spaces) that still owe just this. Sorted once, while nothing is placed."""
        key = name, amount
        if key not in self._owing:
            numbers = self.book.namesakes(name).of_sum(amount)
            self._owing[key] = Turn.of([n for n in numbers if self._left[n] == amount], self.book.orders)
        return self._owing[key]

    def place(self, number: int, amount: int) -> None:
        self._placed[number] += amount
        if self.book.asked[number]:
            self._left[number] -= amount
        self._owing.clear()

    def place_all(self, amounts: Iterable[int]) -> None:
        """``place`` on every order, in the order of their numbers: 0 where nothing is."""
        amounts = array("q", amounts)
        self._placed = array("q", map(add, self._placed, amounts))
        asked = zip(self.book.asked, self._left, amounts, strict=True)
        self._left = array("q", [left - amount if owed else left for owed, left, amount in asked])
        self._owing.clear()

    @property
    def sums(self) -> Sums:
        """All of it, for another process that is at work on the same book."""
        return Sums(self._left, self._placed)

    @sums.setter
    def sums(self, sums: Sums) -> None:
        self._left, self._placed = sums
        self._owing = {}
