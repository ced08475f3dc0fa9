"""Money: whole đồng, as Vietnamese people write and read them."""

from __future__ import annotations

import re

_WHOLE = re.compile(r"\d{1,3}(?:[. ,]\d{3})+|\d+")
_THOUSANDS = re.compile(r"(\d{1,9})\s*k", re.IGNORECASE)


class MoneyFault(ValueError):
    """What was typed is not a whole number of đồng."""


def format_number(number: int) -> str:
    """``100000`` → ``100.000``, in whatever language the words around it are."""
    return f"{number:,}".replace(",", ".")


def format_dong(amount: int) -> str:
    """``100000`` → ``100.000 ₫`` (dot groups, no-break space U+00A0)."""
    return f"{format_number(amount)}\u00a0₫"


def parse_dong(text: str) -> int:
    """Whole đồng from ``100000``, ``100.000``, ``100,000``, ``100k``, with or without ₫/đ/VND. Decimals are refused."""
    bare = re.sub(r"(?:₫|đ|vnd|dong|đồng)\s*$", "", text.strip().replace("\u00a0", " "), flags=re.IGNORECASE).strip()
    if thousands := _THOUSANDS.fullmatch(bare):
        return int(thousands[1]) * 1000
    if not _WHOLE.fullmatch(bare):
        raise MoneyFault(text)
    return int(re.sub(r"\D", "", bare))
