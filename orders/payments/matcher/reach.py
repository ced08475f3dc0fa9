"""What a memo asks for: the codes, phones and names under which its orders are to be looked up.

The live system knows no order beforehand. Whatever deciding would ask a book of all orders for stands in these keys, so
a book of the orders found under them decides alike (a test compares the two).
"""

from collections.abc import Container

from kernel.text import search_key
from orders.payments.matcher.candidates import names_in
from orders.payments.matcher.facts import TransferFacts
from orders.payments.matcher.reading import Reading, read
from orders.payments.matcher.slips import code_slips, phone_slips
from orders.payments.memo import take_apart

MOST_SLIPS = 4


class _Asking(set[str]):
    """Codes in use, as far as they are known; remembers what else was asked for."""

    def __init__(self, known: Container[str]) -> None:
        super().__init__()
        self.known = known

    def __contains__(self, code: object) -> bool:
        self.add(str(code))
        return code in self.known


class Reach:
    """The keys of one transfer. ``known`` are codes of orders that have been found already."""

    def __init__(self, transfer: TransferFacts, *, known: Container[str] = ()) -> None:
        parts, asking = take_apart(transfer.memo), _Asking(known)
        self.transfer = transfer
        self.reading: Reading = read(transfer.memo, parts, transfer.payer_account or parts.account, known=asking)
        self.reads_alike = not asking
        """Whether it is read so whatever codes are in use."""
        self.payer = search_key(transfer.payer_name or parts.payer)
        self.codes = {*asking, *(mark.text for mark in self.reading.codes)}
        """Exactly as they may stand in the memo."""
        self.phones = {mark.text for mark in self.reading.phones}
        self.phones.update(transfer.aliases)

    @property
    def payers_name(self) -> str:
        return self.payer.replace(" ", "")

    def slips(self, *, phones: Container[str]) -> tuple[set[str], set[str]]:
        """Codes and phones that one slip turns into what stands in the memo; ``phones`` are those of orders."""
        codes = {code for mark in self.reading.near_codes[:MOST_SLIPS] for code in code_slips(mark.text)}
        strange = [mark for mark in (*self.reading.phones, *self.reading.runs) if mark.text not in phones]
        return codes, {phone for mark in strange[:MOST_SLIPS] for phone in phone_slips(mark.text)}

    def names(self) -> set[str]:
        """Runs of the memo's words that may be somebody's whole name, joined."""
        return set(names_in(self.reading, self.payer))
