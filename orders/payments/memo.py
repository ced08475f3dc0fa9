"""A bank's wrapper taken apart: what the payer wrote, and what the bank wrote around it.

Each route is a head, a tail, or both; ``routes`` declares them one by one, and a memo of another route
is all body. Nothing outside the body is evidence about an order.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from orders.payments.routes import COUNTERPARTY, FROM, HEADS, MB_APP, TAILS

# A bank's clock; the wrapper's stamps carry no zone.
BANK_TIME = timezone(timedelta(hours=7))


class Parts(NamedTuple):
    """``memo[start:end]`` is the body. What the bank added is named where it could be read, else empty."""

    start: int
    end: int
    route: str = ""
    payer: str = ""
    account: str = ""
    wallet: str = ""
    wrapped: bool = False


_LONGEST_HEAD = 160
_LONGEST_TAIL = 320


@lru_cache(maxsize=8192)  # a run asks several times of each memo, soon after each other
def take_apart(memo: str) -> Parts:
    """Find the body. Heads and tails are independent, so a cut or damaged wrapper still loses what is left of it."""
    return take_each_apart([memo])[0]


def take_each_apart(memos: Sequence[str]) -> list[Parts]:
    """``take_apart`` of many, step by step, with nothing remembered."""
    capitals = [*map(_capitals, memos)]
    heads = [*map(_after_head, capitals)]
    ends = [
        _before_tails(text, start, route, named) for text, (start, route, named) in zip(capitals, heads, strict=True)
    ]
    return [_parts(memo, head, end) for memo, head, end in zip(memos, heads, ends, strict=True)]


def _parts(memo: str, head: tuple[int, str, dict[str, str]], end: int) -> Parts:
    start, route, named = head
    if route == "agribank mobile" and (inner := memo[start:end].rstrip()).endswith(")"):
        end = start + len(inner) - 1
    return Parts(
        *(start, end, route, named.get("payer", ""), named.get("account", ""), named.get("wallet", "")),
        wrapped=bool(route) or end < len(memo),
    )


def _capitals(memo: str) -> str:
    """Letter for letter: ß and its like, which grow, stay as they are. Only the ends, which are searched, count."""
    if len(capitals := memo.upper()) == len(memo):
        return capitals
    middle = memo[_LONGEST_HEAD : -_LONGEST_TAIL - 1]
    ends = (memo[:_LONGEST_HEAD], memo[len(middle) + _LONGEST_HEAD :])
    head, tail = ("".join([c.upper() if len(c.upper()) == 1 else c for c in end]) for end in ends)
    return head + middle + tail


def _after_head(memo: str) -> tuple[int, str, dict[str, str]]:
    margin = len(memo) - len(memo.lstrip())
    opening = memo[margin : margin + 1]
    for route, pattern in HEADS.get("0" if opening.isdigit() else opening, ()):
        if found := pattern.match(memo, margin, _LONGEST_HEAD):
            return found.end(), route, _named(found)
    if ("APP" in memo or "PMB" in memo) and (found := MB_APP.match(memo, margin, _LONGEST_HEAD)):
        return found.end(), "mb app", _named(found)
    return 0, "", {}


def _before_tails(memo: str, start: int, route: str, named: dict[str, str]) -> int:
    end = len(memo)
    floor = max(start, end - _LONGEST_TAIL)
    letters = memo[floor:].replace(" ", "")
    for trigger, of_route, pattern in TAILS:
        if trigger in letters and of_route in ("", route) and (found := pattern.search(memo, floor, end)):
            if "CTTU" in letters or "TGTT" in letters:
                told = FROM.match(memo, found.start(), end) or COUNTERPARTY.match(memo, found.start(), end)
                named |= {key: text for key, text in (_named(told) if told else {}).items() if key not in named}
            end = found.start()
    return end


def _named(found: re.Match[str]) -> dict[str, str]:
    if not found.lastindex:
        return {}
    return {
        key: (" " if key == "payer" else "").join(text.split())
        for key, text in found.groupdict().items()
        if text and text.strip()
    }


_STAMPS = (
    (re.compile(r"^\s*\d{6}\.(\d\d)(\d\d)(\d\d)\.(\d\d)(\d\d)(\d\d)\."), True),
    (re.compile(r"-(\d\d)(\d\d)(\d\d)[- ](\d\d):(\d\d):(\d\d)"), True),
    (re.compile(r"GD:\s*(\d\d)/(\d\d)/(\d{4})\s*(\d\d):(\d\d):(\d\d)", re.IGNORECASE), False),
)


def stamp_of(memo: str) -> datetime | None:
    """The moment that the wrapper names, to the second, in UTC."""
    for pattern, short_year in _STAMPS:
        if found := pattern.search(memo):
            day, month, year, hour, minute, second = map(int, found.groups())
            try:
                moment = datetime(year + 2000 * short_year, month, day, hour, minute, second, tzinfo=BANK_TIME)
            except ValueError:
                continue
            return moment.astimezone(UTC)
    return None


def narrowed(memo: str, earliest: datetime, *, latest: datetime) -> tuple[datetime, datetime]:
    """The interval of a booking, narrowed to the wrapper's stamp where that lies within it."""
    stamp = stamp_of(memo)
    return (stamp, stamp) if stamp and earliest <= stamp <= latest else (earliest, latest)
