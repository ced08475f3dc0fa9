"""One transfer as the matcher sees it, and the orders that its memo points at."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from kernel.once import once
from kernel.text import search_key
from orders.payments.matcher.book import Book
from orders.payments.matcher.facts import Clue, ClueKind, TransferFacts
from orders.payments.matcher.names import ABSENT, Likeness, NameSeen, find_name
from orders.payments.matcher.places import wards_named
from orders.payments.matcher.reading import Mark, Reading, read
from orders.payments.matcher.slips import code_slips, phone_slips
from orders.payments.matcher.vocabulary import other_purpose
from orders.payments.memo import Parts, take_apart

_MOST_SLIPS = 4
_SHORTEST_CUT = 3
_NONE: Mapping[str, Mark] = {}
SPACED_FIRST = re.compile(r"^ *([A-Z]) (?=[A-Z])")  # a wallet's wrapper puts a space behind the first letter


class Said(NamedTuple):
    """What a memo says of a person: the name as it stands there, the clues from it, and those from wards beside it."""

    seen: NameSeen
    of_name: tuple[Clue, ...]
    of_purpose: tuple[Clue, ...]
    of_ward: dict[str, tuple[Clue, ...]]


def amount_clue(amount: int, book: Book) -> Clue:
    """The very sum that is owed."""
    return Clue(ClueKind.AMOUNT, str(amount), book.frequencies.total_bits(amount))


class Sight:
    """``wrapped``: a wrapper of some known route was taken off. What is looked for twice is found once."""

    def __init__(
        self, transfer: TransferFacts, book: Book, *, parts: Parts | None = None, reading: Reading | None = None
    ) -> None:
        parts = parts or take_apart(transfer.memo)
        self.transfer, self.book, self.wrapped = transfer, book, parts.wrapped
        self.reading = reading or read(
            transfer.memo, parts, transfer.payer_account or parts.account, known=book.by_code
        )
        # Phones of orders, exactly as they stand in the memo.
        phones = self.reading.phones
        self.phones_known = {mark.text: mark for mark in phones if mark.text in book.by_phone} if phones else _NONE
        self._payer = transfer.payer_name or parts.payer
        self.said: dict[str, Said] = {}  # by the name of an order
        self._names: dict[str, NameSeen] = {}
        self._wards: dict[tuple[int, int], dict[str, tuple[int, int]]] = {}
        self._purposes: dict[tuple[int, int], Mark | None] = {}

    @once
    def payer(self) -> str:
        """The payer's folded name; it may come from the wrapper."""
        return search_key(self._payer)

    @once
    def without_phones(self) -> str:
        """The rest without the phones of orders: whose they are is known, so no payer's name stands behind them."""
        text = self.reading.rest
        for mark in self.phones_known.values():
            text = f"{text[: mark.start]}{'#' * (mark.end - mark.start)}{text[mark.end :]}"
        return text

    @once
    def phones_near(self) -> dict[str, Mark]:
        """Phones of orders that are one slip away from digits of the memo, which are no order's phone themselves."""
        known = self.book.by_phone
        marks = [mark for mark in (*self.reading.phones, *self.reading.runs) if mark.text not in known]
        if not marks:
            return {}
        return {phone: mark for mark in marks[:_MOST_SLIPS] for phone in known.keys() & phone_slips(mark.text)}

    @once
    def codes_near(self) -> dict[int, Mark]:
        """Orders (by number) whose code is one slip away from what was read."""
        known = self.book.by_code
        marks = self.reading.near_codes[:_MOST_SLIPS]
        return {known[code]: mark for mark in marks for code in code_slips(mark.text) if code in known}

    @once
    def groups_near(self) -> dict[str, Mark]:
        """Groups whose code is one slip away from what was read."""
        known = self.book.by_group
        marks = self.reading.near_codes[:_MOST_SLIPS] if known else ()
        return {code: mark for mark in marks for code in code_slips(mark.text) if code in known}

    @once
    def phone_cut(self) -> Mark | None:
        """The digits that the memo ends in, where it may have been cut in the middle of a phone."""
        last = self.reading.digits[-1] if self.reading.digits and self.reading.rest else None
        if last is None or not _SHORTEST_CUT <= len(last.text) < 10 or self.reading.text[last.end :].strip():
            return None
        return last

    @once
    def very_sum(self) -> Clue:
        """The clue of an order that owes just what came."""
        return amount_clue(self.transfer.amount, self.book)

    def name(self, name: str) -> NameSeen:
        if name not in self._names:
            self._names[name] = find_name(name, self.reading)
        return self._names[name]

    def wards(self, seen: NameSeen = ABSENT) -> dict[str, tuple[int, int]]:
        """The wards that stand in the memo apart from the words that the name took."""
        if not self.reading.rest:
            return {}
        place = (seen.start, seen.end) if seen.likeness > 0 else (0, 0)
        if place not in self._wards:
            self._wards[place] = wards_named(self.reading.without(*place))
        return self._wards[place]

    def _without_names(self, start: int, end: int) -> str:
        """The rest without the name, nor the payer's, which a wrapper may hold once more: LOAN is a name, too."""
        text, name = self.reading.without(start, end), self.reading.rest[start:end]
        for known in filter(None, (name, name and self.payer)):
            text = text.replace(known, "#" * len(known))
        return text

    def _purpose_from(self, seen: NameSeen) -> re.Match[str] | None:
        """THI HANH AN DAN SU is a court's business, though THI HANH may be half of a name.

        HOC PHI is no misspelt HO PHI, but the LOAN in a misspelt TRAN LOAN is no loan.
        """
        if seen.likeness is Likeness.LIKE:
            found = other_purpose(self.reading.rest)
            within = found and found.start() >= seen.start and found.end() <= seen.end
            return None if within and found and found.span() != (seen.start, seen.end) else found
        if seen.likeness is not Likeness.PART:
            return None
        if (found := other_purpose(self.reading.rest)) and found.start() < seen.start < found.end():
            return found  # THIEN NGUYEN THANG 8 is no NGUYEN THANG
        found = other_purpose("#" * seen.start + self.reading.rest[seen.start :])
        return found if found and found.start() == seen.start and found.end() > seen.end else None

    def purpose(self, seen: NameSeen = ABSENT) -> Mark | None:
        """What says that the money is for something else; a word of the name itself says nothing."""
        place = (seen.start, seen.end) if seen.likeness > 0 else (0, 0)
        if place not in self._purposes:
            text = self._without_names(*place)
            found = other_purpose(text) or self._purpose_from(seen)
            if not found and SPACED_FIRST.match(self.reading.rest):
                found = other_purpose(SPACED_FIRST.sub(r" \1", text))
            self._purposes[place] = Mark(found.group(), found.start(), found.end()) if found else None
        return self._purposes[place]
