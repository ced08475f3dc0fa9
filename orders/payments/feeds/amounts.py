"""Amounts as banks write them, read for sure or refused: whole đồng, or the reason why not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kernel.sheets import Cell
from orders.payments.feeds.statement import Reason

MOST = 10**15  # đồng; no account of an office holds it
_LONGEST = 30  # characters of an amount that is worth counting
_BLANKS = str.maketrans("\u00a0\u2007\u2009\u202f\t", "     ", "\u200b\ufeff")
_UNGROUPED = str.maketrans("", "", "., ")
_CURRENCY = re.compile(r"^(?:VND|VNĐ|₫)\s*|\s*(?:VND|VNĐ|ĐỒNG|DONG|Đ|₫)$", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?(?P<whole>[1-9]\d{0,2}(?:(?P<group>[., ])\d{3}(?:(?P=group)\d{3})*)|\d+)"
    r"(?:(?P<point>[.,])(?P<rest>\d{1,2}))?",
    re.ASCII,
)
_ACCOUNTING = re.compile(r"\((?P<in_brackets>[^()+-]+)\)")
_SIGN_BEHIND = re.compile(r"(?P<before>[^()+-]*\d[^()+-]*?) ?(?P<sign>[+-])")

_DECIMAL = re.compile(r"(?P<whole>\d+)(?:[.,](?P<rest>\d*))?", re.ASCII)


class CellFault(ValueError):
    """A cell that cannot be read for sure."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Grouping:
    """How a file writes thousands: ``sign`` is ``.`` or ``,``, or None where the file contradicts itself.

    ``proven``: a text in the file reads one way only, such as ``1.250.000`` or ``1250,00``.
    """

    sign: str | None
    proven: bool


def grouping(cells: Iterable[Cell], usual: str) -> Grouping:
    """The grouping that the amounts of a file prove; ``usual`` is its layout's, for a file that proves nothing.

    What a file does everywhere comes before what is usual.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    proven = {sign for text in texts if (sign := _proof(text))}
    if not proven:
        return Grouping(_only_sign(texts) or usual or None, proven=False)
    return Grouping(proven.pop() if len(proven) == 1 else None, proven=True)


def _only_sign(texts: Iterable[str]) -> str | None:
    """The sign before three figures, if the file has only one: there is no đồng with three decimals."""
    signs = {number["group"] for text in texts if (number := _number(text)) and number["group"] in {".", ","}}
    return signs.pop() if len(signs) == 1 else None


def _proof(text: str) -> str | None:
    number = _number(text)
    if number is None or not (number["group"] or number["point"]):
        return None
    if number["point"]:
        if number["rest"].strip("0"):
            return None  # no amount of đồng, so no example of how this file writes them
        return "," if number["point"] == "." else "."
    several = number["whole"].count(number["group"]) > 1
    return number["group"] if several and number["group"] != " " else None


@lru_cache(maxsize=4096, typed=True)  # the sums of combos come again and again
def read_amount(cell: Cell, written: Grouping) -> int | None:
    """Signed whole đồng, or None for an empty cell. Raises `CellFault` for whatever does not read one way only."""
    if cell == "":
        return None
    amount = _from_text(cell, written) if isinstance(cell, str) else _from_number(cell, written)
    if amount is not None and abs(amount) >= MOST:
        raise CellFault(Reason.TOO_LARGE)
    return amount


def read_decimal(text: str) -> int:
    """Whole đồng in a number without groups, as messages between machines have it: ``1250000,`` or ``1250000.00``."""
    found = _DECIMAL.fullmatch(text)
    if not found:
        raise CellFault(Reason.UNREADABLE_AMOUNT)
    if (found["rest"] or "").strip("0"):
        raise CellFault(Reason.FRACTION)
    if len(found["whole"]) > _LONGEST or int(found["whole"]) >= MOST:
        raise CellFault(Reason.TOO_LARGE)
    return int(found["whole"])


def _number(text: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(text) or _NUMBER.fullmatch(_bare(text))


def _bare(text: str) -> str:
    """Without currency, the sign in front: accountants put a sum that went out in brackets, others its sign behind."""
    text = _CURRENCY.sub("", text.translate(_BLANKS).replace("−", "-").strip())
    if found := _ACCOUNTING.fullmatch(text):
        return "-" + _CURRENCY.sub("", found["in_brackets"].strip())
    if found := _SIGN_BEHIND.fullmatch(text):
        return found["sign"] + _CURRENCY.sub("", found["before"])
    return text


def _from_text(text: str, written: Grouping) -> int | None:
    number = _number(text)
    if number is None and _bare(text) in {"", "-"}:
        return None
    if number is None or (number["point"] and number["point"] == number["group"]):
        raise CellFault(Reason.UNREADABLE_AMOUNT)
    if (number["rest"] or "").strip("0"):
        raise CellFault(Reason.FRACTION)
    if len(number["whole"]) > _LONGEST:
        raise CellFault(Reason.TOO_LARGE)
    once = number["group"] in {".", ","} and number["whole"].count(number["group"]) == 1
    if once and not number["point"] and number["group"] != written.sign:
        raise CellFault(Reason.AMBIGUOUS_AMOUNT)  # 1,250 where commas are decimal points: 1250, or 1.25?
    return int(number["sign"] + number["whole"].translate(_UNGROUPED))


def _from_number(cell: Cell, written: Grouping) -> int:
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise CellFault(Reason.UNREADABLE_AMOUNT)
    if abs(cell) >= MOST:
        raise CellFault(Reason.TOO_LARGE)
    if math.isnan(cell):
        raise CellFault(Reason.UNREADABLE_AMOUNT)
    if cell != int(cell):
        raise CellFault(Reason.FRACTION)
    # Among texts such as 1.250.000, a spreadsheet in another language has taken 250.000 for the number 250.
    if written.proven and 0 < abs(cell) < 1000:
        raise CellFault(Reason.AMBIGUOUS_AMOUNT)
    return int(cell)
