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
    K.GROUP: _l("the code of its group"),
    K.GROUP_SLIP: _l("the code of its group with one slip"),
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
    K.GROUP_SUM: _l("not what the group owes"),
    K.PAYER_OWN_ORDER: _l("the payer has an order of their own"),
    K.NOT_FIRM: _l("no sure code or phone"),
}

REASONS: dict[K, LazyString] = {
    K.NAME_OTHER: _l("The memo gives another name than the order."),
    K.WARD_OTHER: _l("The memo gives another ward than the order."),
    K.AMOUNT_LESS: _l("Less was paid than is owed."),
    K.AMOUNT_MORE: _l("More was paid than is owed."),
    K.TIME_BEFORE: _l("It was paid before the order was placed."),
    K.CLOSED: _l("The order that it means is paid already, or no longer open."),
    K.DISGUISED: _l("The memo holds hidden or look-alike characters, as somebody would who imitates an order."),
    K.UNKNOWN_CODE: _l("The memo gives an order code that does not exist here."),
    K.CONTRADICTION: _l("The memo points at the orders of different people."),
    K.OTHER_PURPOSE: _l("The memo says that the money is for something else."),
    K.UNEXPLAINED: _l("The memo holds words that no order explains."),
    K.ANOTHER_ADDRESS: _l("The same person has such orders at different addresses."),
    K.SEVERAL_FIT: _l("Several orders fit, and nothing tells which is meant."),
    K.GROUP_SUM: _l("The memo names a group, and the sum is not what its open orders owe together:"),
    K.PAYER_OWN_ORDER: _l("Somebody else pays, perhaps for an order of their own."),
    K.NOT_FIRM: _l("No code and no phone names one order for sure; a name or an amount alone does not decide."),
}
"""Why a human is asked, in a sentence."""

_CLOSED = {
    "paid": _l("The order that it means is paid already."),
    "expired": _l("The order that it means has expired."),
    "cancelled": _l("The order that it means is cancelled."),
}

_SHOWN: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        (K.AMOUNT, K.AMOUNT_SUM, K.AMOUNT_LESS, K.AMOUNT_MORE, K.GROUP_SUM), lambda read: format_dong(int(read))
    ),
    K.TIME_BEFORE: lambda read: show_moment(datetime.fromisoformat(read)),
    K.CLOSED: lambda read: str(STATES[read]),
}
"""What does not stand in the memo word for word, as people write it."""


_TOPICS = {
    K.PAYER: "name",
    K.UNKNOWN_CODE: "code",
    K.GROUP: "code",
    K.GROUP_SLIP: "code",
    K.CONTRADICTION: "phone",
    **{kind: kind.value.split("_")[0] for kind in (K.CODE, K.CODE_SLIP, K.PHONE, K.PHONE_SLIP, K.PHONE_CUT)},
    **{
        kind: kind.value.split("_")[0]
        for kind in (K.NAME, K.NAME_PART, K.NAME_LIKE, K.NAME_OTHER, K.WARD, K.WARD_OTHER)
    },
}
"""What a clue is about, for the look of its mark."""


@dataclass(frozen=True, slots=True)
class CluePhrase:
    """One clue for a page: its words, what it read and where, and its weight in bits (against, if below zero)."""

    kind: str
    words: str
    read: str
    weight: float
    span: tuple[int, int] | None = None

    @property
    def against(self) -> bool:
        return self.weight < 0

    @property
    def topic(self) -> str:
        return _TOPICS.get(K(self.kind), "other") if self.kind in set(K) else "other"

    @property
    def bits(self) -> str:
        """``+7,0``, as people in Vietnam write it."""
        return f"{self.weight:+.1f}".replace(".", ",").replace("-", "−")


def phrase(clue: Mapping[str, Any]) -> CluePhrase:
    """A stored clue in words; a kind that this version does not know is shown by its name."""
    kind = clue["kind"]
    if kind == K.CONTRADICTION and clue.get("weight"):
        return _phrase(clue, str(_l("the phone of another order")))
    return _phrase(clue, str(WORDS[K(kind)]) if kind in set(K) else kind)


def reason(clue: Mapping[str, Any]) -> CluePhrase:
    """A stored reason for asking a human, as a sentence."""
    kind = clue["kind"]
    if kind == K.CLOSED and clue.get("read") in _CLOSED:
        return CluePhrase(kind, str(_CLOSED[clue["read"]]), "", clue.get("weight", 0.0))
    return _phrase(clue, str(REASONS[K(kind)])) if kind in set(REASONS) else phrase(clue)


def _phrase(clue: Mapping[str, Any], words: str) -> CluePhrase:
    start, end = clue.get("span") or (0, 0)
    read = clue.get("read", "")
    span = (start, end) if start < end else None
    return CluePhrase(clue["kind"], words, _shown(clue["kind"], read), clue.get("weight", 0.0), span)


def _shown(kind: str, read: str) -> str:
    try:
        return _SHOWN[kind](read) if read and kind in _SHOWN else read
    except (KeyError, ValueError):  # as a later version may write it
        return read
