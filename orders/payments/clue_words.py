"""The matcher's clues in the clerk's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from kernel.money import format_dong
from kernel.web import show_moment
from orders.payments.matcher.facts import ClueKind as K
from orders.wording import STATES

WORDS: dict[K, LazyString] = {
    K.CODE: _l("order code"),
    K.CODE_SLIP: _l("order code with one slip"),
    K.PHONE: _l("phone number"),
    K.PHONE_SLIP: _l("phone number with one slip"),
    K.PHONE_CUT: _l("the beginning of the phone number"),
    K.NAME: _l("name"),
    K.NAME_PART: _l("part of the name"),
    K.NAME_LIKE: _l("a name much like it"),
    K.NAME_OTHER: _l("another name"),
    K.PAYER: _l("the payer’s name"),
    K.ALIAS: _l("the payer’s account has paid for this phone before"),
    K.WARD: _l("ward"),
    K.WARD_OTHER: _l("another ward"),
    K.AMOUNT: _l("exactly what is owed"),
    K.AMOUNT_SUM: _l("exactly what several orders owe"),
    K.AMOUNT_LESS: _l("less than is owed"),
    K.AMOUNT_MORE: _l("more than is owed"),
    K.TIME_BEFORE: _l("paid before the order was placed"),
    K.CLOSED: _l("the order is not open"),
    K.DISGUISED: _l("hidden or look-alike characters in the memo"),
    K.UNKNOWN_CODE: _l("the code of no order"),
    K.CONTRADICTION: _l("clues to different orders"),
    K.OTHER_PURPOSE: _l("the memo speaks of something else"),
    K.UNEXPLAINED: _l("part of the memo is unexplained"),
    K.ANOTHER_ADDRESS: _l("the same person at another address"),
    K.SEVERAL_FIT: _l("several orders fit as well"),
    K.PAYER_OWN_ORDER: _l("the payer has an order of their own"),
    K.NOT_FIRM: _l("not enough to go by"),
}

_SHOWN: dict[str, Callable[[str], str]] = {
    **dict.fromkeys((K.AMOUNT, K.AMOUNT_SUM, K.AMOUNT_LESS, K.AMOUNT_MORE), lambda read: format_dong(int(read))),
    K.TIME_BEFORE: lambda read: show_moment(datetime.fromisoformat(read)),
    K.CLOSED: lambda read: str(STATES[read]),
}
"""What does not stand in the memo word for word, as people write it."""


@dataclass(frozen=True, slots=True)
class CluePhrase:
    """One clue for a page: its words, what it read, and its weight in bits (against, if below zero)."""

    kind: str
    words: str
    read: str
    weight: float

    @property
    def against(self) -> bool:
        return self.weight < 0


def phrase(clue: Mapping[str, Any]) -> CluePhrase:
    """A stored clue in words; a kind that this version does not know is shown by its name."""
    kind, read = clue["kind"], clue["read"]
    words = WORDS[K(kind)] if kind in set(K) else kind
    return CluePhrase(kind, str(words), _SHOWN[kind](read) if kind in _SHOWN else read, clue["weight"])
