"""What somebody who looks for an order typed: a code with its slips, a phone in any form, the beginning of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kernel.phones import PhoneFault, modern, normalise
from kernel.text import search_key
from orders.reference import PREFIX, fitting_symbol, is_valid

_NOT_SYMBOLS = re.compile(r"[^0-9A-Z]+")
_BODY = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """Codes, phones and a name's search key, any of which may be meant; all empty where nothing was asked."""

    anything: bool
    codes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    name: str = ""


def understand(text: str) -> Asked:
    """Read a question. A valid code or a whole phone number is what it looks like; else slips are allowed for."""
    asked = text.strip()[:80]
    if not asked:
        return Asked(anything=False)
    phones = _phones(asked)
    name = search_key(asked) if any(char.isalpha() for char in asked) else ""
    return Asked(anything=True, codes=() if phones else _codes(asked), phones=phones, name=name)


def _phones(asked: str) -> tuple[str, ...]:
    try:
        return (normalise(asked),)
    except PhoneFault:
        digits = modern("".join(char for char in asked if char.isascii() and char.isdigit()))
        return (digits,) if len(digits) == 10 else ()


def _codes(asked: str) -> tuple[str, ...]:
    """The code that was typed, or every valid one that a single slip may have made of what was typed."""
    typed = _NOT_SYMBOLS.sub("", asked.upper())
    if len(typed) == _BODY:
        typed = PREFIX + typed
    if is_valid(typed):
        return (typed,)
    if len(typed) != len(PREFIX) + _BODY or not typed.startswith(PREFIX):
        return ()
    return tuple(sorted({code for code in (*_one_wrong(typed), *_swapped(typed)) if is_valid(code)}))


def _one_wrong(typed: str) -> list[str]:
    places = range(len(PREFIX), len(typed))
    return [typed[:at] + fitting_symbol(typed, at) + typed[at + 1 :] for at in places]


def _swapped(typed: str) -> list[str]:
    places = range(len(PREFIX), len(typed) - 1)
    return [typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in places]
