"""One transfer as the matcher sees it, and the orders that its memo points at."""

import re
from dataclasses import dataclass, field

from kernel.text import search_key
from orders.payments.matcher.book import Book
from orders.payments.matcher.facts import TransferFacts
from orders.payments.matcher.names import ABSENT, NameSeen, find_name
from orders.payments.matcher.places import WARD_WORDS, wards_named
from orders.payments.matcher.reading import Mark, Reading, read
from orders.payments.matcher.slips import code_slips, phone_slips
from orders.payments.matcher.vocabulary import OTHER_PURPOSE, PURPOSE_STARTS
from orders.payments.memo import take_apart

_MOST_SLIPS = 4
_SPACED_FIRST = re.compile(r"^ *([A-Z]) (?=[A-Z])")  # a wallet's wrapper puts a space behind the first letter


@dataclass(slots=True)
class Sight:
    """``payer`` is folded; it may come from the wrapper. ``wrapped``: a wrapper of some known route was taken off."""

    transfer: TransferFacts
    reading: Reading
    payer: str
    wrapped: bool
    _names: dict[str, NameSeen] = field(default_factory=dict)
    _wards: dict[tuple[Mark, ...], dict[str, tuple[int, int]]] = field(default_factory=dict)

    def name(self, name: str) -> NameSeen:
        if name not in self._names:
            self._names[name] = find_name(name, self.reading.words, WARD_WORDS)
        return self._names[name]

    def wards(self, seen: NameSeen = ABSENT) -> dict[str, tuple[int, int]]:
        """The wards that stand in the memo apart from the words that the name took."""
        used = seen.used if seen.likeness > 0 else ()
        if used not in self._wards:
            self._wards[used] = wards_named([word for word in self.reading.words if word not in used])
        return self._wards[used]

    def purpose(self, seen: NameSeen = ABSENT) -> Mark | None:
        """What says that the money is for something else; a word of the name itself says nothing."""
        text = self.reading.text
        spaced = _SPACED_FIRST.match(text)
        if not spaced and PURPOSE_STARTS.isdisjoint([word.text for word in self.reading.words]):
            return None
        for mark in seen.used if seen.likeness > 0 else ():
            text = text[: mark.start] + "#" * (mark.end - mark.start) + text[mark.end :]
        found = OTHER_PURPOSE.search(text)
        if not found and spaced:
            found = OTHER_PURPOSE.search(_SPACED_FIRST.sub(r" \1", text))
        return Mark(found.group(), found.start(), found.end()) if found else None


def look(transfer: TransferFacts, book: Book) -> Sight:
    parts = take_apart(transfer.memo)
    reading = read(transfer.memo, parts, transfer.payer_account or parts.account, known=book.by_code)
    return Sight(transfer, reading, search_key(transfer.payer_name or parts.payer), parts.wrapped)


def near_codes(sight: Sight, book: Book) -> dict[int, Mark]:
    """Orders whose code is one slip away from what was read."""
    return {
        book.by_code[code]: mark
        for mark in sight.reading.near_codes[:_MOST_SLIPS]
        for code in code_slips(mark.text)
        if code in book.by_code
    }


def phones_known(sight: Sight, book: Book) -> dict[str, Mark]:
    return {mark.text: mark for mark in sight.reading.phones if mark.text in book.by_phone}


def phones_near(sight: Sight, book: Book) -> dict[str, Mark]:
    """Phones of orders that are one slip away from digits of the memo, which are no order's phone themselves."""
    marks = [mark for mark in (*sight.reading.phones, *sight.reading.runs) if mark.text not in book.by_phone]
    return {phone: mark for mark in marks[:_MOST_SLIPS] for phone in phone_slips(mark.text) if phone in book.by_phone}
