"""What stands in an MT940's :86:: free text as Vietnamese banks write it, or text under codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orders.payments.feeds.wraps import unwrapped

_NUMBERED = re.compile(r"\d{3}(?P<sign>[?>])\d{2}")
_NAMED = re.compile(r"/(?P<code>REMI|ORDP|BENM|NAME|ACCT|IBAN|EREF|CNTP|RREF|PREF|MARF|TRTP|BIC|CSID|ISDT|PURP|UDTR)/")
_MEMO = {*(f"{n}" for n in range(20, 30)), *(f"{n}" for n in range(60, 64))}
_ACCOUNT, _NAME = {"31"}, {"32", "33"}


@dataclass(frozen=True)
class Details:
    """Whose money it was is told by few."""

    memo: str
    payer_name: str = ""
    payer_account: str = ""


def details(text: str, width: int | None) -> Details:
    """``width``: where the file breaks its lines."""
    if found := _NUMBERED.match(text):
        return _numbered(text, found["sign"])
    if text.startswith("/") and _NAMED.match(text):
        return _named(unwrapped(text, width))
    return Details(unwrapped(text, width))


def _numbered(text: str, sign: str) -> Details:
    """``166?00NAME OF THE KIND?20memo?21goes on?31account?32payer``: the numbered parts have a width of their own."""
    parts = re.split(rf"{re.escape(sign)}(\d{{2}})", text.replace("\n", ""))[1:]
    told = list(zip(parts[::2], parts[1::2], strict=False))

    def under(numbers: set[str]) -> str:
        return "".join(value for number, value in told if number in numbers).strip()

    return Details(under(_MEMO), under(_NAME), under(_ACCOUNT))


def _named(text: str) -> Details:
    """``/EREF/…/ORDP//NAME/payer/REMI/memo``."""
    parts = _NAMED.split(text)[1:]
    told: dict[str, str] = {}
    for code, value in zip(parts[::2], parts[1::2], strict=False):
        told.setdefault(code, value.strip(" /"))
    return Details(told.get("REMI", "") or text, told.get("NAME", ""), told.get("ACCT", "") or told.get("IBAN", ""))
