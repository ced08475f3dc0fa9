"""What orders still owe while the transfers of one run are decided."""

from orders.payments.matcher.book import Book


class Ledger:
    """The book's sums, less what this run has placed so far."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.placed: dict[int, int] = {}

    def owed(self, number: int) -> int:
        """Whole đồng still to pay; nothing for an order that is paid, expired or cancelled."""
        asked = self.book.asked[number]
        return asked - self.placed.get(number, 0) if asked else 0

    def due(self, number: int) -> int:
        """The sum that a payer of this order would send: what is owed, or its total once nothing is."""
        return self.owed(number) or self.book.orders[number].total

    def place(self, number: int, amount: int) -> None:
        self.placed[number] = self.placed.get(number, 0) + amount
