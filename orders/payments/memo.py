"""A bank's wrapper taken apart: what the payer wrote, and what the bank wrote around it.

Each route is a head, a tail, or both; they are declared one by one, and a memo of another route
is all body. Nothing outside the body is evidence about an order.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# A bank's clock; the wrapper's stamps carry no zone.
BANK_TIME = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Parts:
    """``memo[start:end]`` is the body. What the bank added is named where it could be read, else empty."""

    start: int
    end: int
    route: str = ""
    payer: str = ""
    account: str = ""
    wallet: str = ""
    wrapped: bool = False


def _pattern(text: str) -> re.Pattern[str]:
    """For a memo in capitals. Spaces of a wrapper may be swallowed or doubled at a wrap column."""
    return re.compile(text.replace(" ", r"\s*"))


_MOMO = (
    r"PARTNER\. DIRECT[_ ]?DEBITS[_ ]?VCB\. MSE\.[\d ]{4,20}\. \d{8}\. \d{8,13}-"
    r"(?P<wallet>(?:0|84)\d{9})[_\- ]"
)
# By the first letter that a wrapper opens with, so that a memo is tried against few; "0" stands for any digit.
HEADS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    opening: tuple((route, _pattern(pattern)) for route, pattern in heads)
    for opening, heads in {
        "M": (
            ("vietcombank app", r"MBVCB \. [\d ]{6,16}\.(?: \d{4} BFTVG2[A-Z0-9]{6,10}\.| \d{6}\.(?!\d{6}\.))?"),
            ("agribank mobile", r"MB \( \d{4,8} \) \("),
            ("agribank zalopay", r"MA[_ ]?GD: \d*\|CASZLP\|\d{6,20}"),
        ),
        "0": (
            ("vietcombank from wallet", r"\d{6}\.\d{6}\.\d{6}\. \d{9,13}-(?P<wallet>(?:0|84)\d{9})[-_]"),
            ("vietcombank from napas", r"\d{6}\.\d{6}\.\d{6}\.(?: VIETCOMBANK: \d{6,16}:| IBFT\b)?"),
            ("bidv napas", r"\d{6,16} TKTHE : (?P<account>\d{4,20}) , TAI [A-Z ]{2,20}\."),
            ("agribank momo", r"\d{9,13} (?P<wallet>0\d{9}) (?=[^\d]{2,70}CHUYEN TIEN QUA MOMO)"),
        ),
        "P": (
            ("vietcombank from momo", _MOMO),
            ("vietcombank from zalopay", r"PARTNER\. DIRECT[_ ]?DEBITS[_ ]?VCB\. ZLP\.[\d ]{4,20}\. \d{8}\."),
        ),
        "C": (
            ("vietinbank 247", r"CT NHANH 247 DEN:"),
            ("vietinbank napas", r"CHUYEN TIEN DEN TU NAPAS NOI DUNG:"),
            ("vietinbank", r"CT DEN: (?=[A-Z]*\d)[A-Z0-9]{12,16}\b"),
        ),
        "R": (("bidv", r"REM TFR AC: (?P<account>\d{4,20}) O@L[_ ]?\d{6}[_ ]?\d{6}[_ ]?0[_ ]?0[_ ]?\d{8}[_ ]?"),),
        "Q": (("qr", r"QR\b - "),),
    }.items()
}
_MB_APP = _pattern(r"(?P<payer>[^\d.,;|]{0,70}?)\bQ[A-Z0-9]{6,20} \sAPPMB\d \d\s")
# Each tail with what has to stand in the memo for it. It may be cut anywhere after the words that open it.
TAILS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (trigger, _pattern(pattern))
    for trigger, pattern in (
        ("CT", r"\.? \bCT TU\b"),
        ("CTLN", r"-? CTLNHIDI"),
        ("GIAN", r"; THOI GIAN\b"),
        ("MA", r"-? \bMA (?:GIAO DICH|GD)\b"),
        ("GD", r"\bGD \d{6}-\d{6}"),
        ("CKN", r"\bFT\d{3,16} CKN\b"),
        ("FT", r"\bFT\d{3,16} $"),
        (":", r"-\d{6}-\d\d:\d\d"),
        ("MOMO", r"\bCHUYEN TIEN QUA MOMO"),
        (")", r"\([A-Z0-9]{6,10}\) $"),
    )
)
_FROM = _pattern(r"\.? CT TU (?P<account>\d[\d ]{3,24}\d\b)? (?P<payer>[^\d.,;|]{2,70}?)(?:\s TOI\b.*| TAI\b.*)?$")
_COUNTERPARTY = _pattern(r".*TGTT- (?P<payer>[^\d.,;|]{2,70})$")
_LONGEST_HEAD = 160
_LONGEST_TAIL = 320


def take_apart(memo: str) -> Parts:
    """Find the body. Heads and tails are independent, so a cut or damaged wrapper still loses what is left of it."""
    capitals = memo.upper()
    if len(capitals) != len(memo):  # ß and its like grow; where they stand, places would shift
        capitals = "".join(c.upper() if len(c.upper()) == 1 else c for c in memo)
    start, route, named = _after_head(capitals)
    end = _before_tails(capitals, start, named)
    if route == "agribank mobile" and (inner := memo[start:end].rstrip()).endswith(")"):
        end = start + len(inner) - 1
    return Parts(start, end, route, wrapped=bool(route) or end < len(memo), **named)


def _after_head(memo: str) -> tuple[int, str, dict[str, str]]:
    margin = len(memo) - len(memo.lstrip())
    opening = memo[margin : margin + 1]
    for route, pattern in HEADS.get("0" if opening.isdigit() else opening, ()):
        if found := pattern.match(memo, margin, _LONGEST_HEAD):
            return found.end(), route, _named(found)
    if "APPMB" in memo and (found := _MB_APP.match(memo, margin, _LONGEST_HEAD)):
        return found.end(), "mb app", _named(found)
    return 0, "", {}


def _before_tails(memo: str, start: int, named: dict[str, str]) -> int:
    end = len(memo)
    floor = max(start, end - _LONGEST_TAIL)
    for trigger, pattern in TAILS:
        if memo.find(trigger, floor, end) >= 0 and (found := pattern.search(memo, floor, end)):
            told = _FROM.match(memo, found.start(), end) or _COUNTERPARTY.match(memo, found.start(), end)
            named |= {key: text for key, text in (_named(told) if told else {}).items() if key not in named}
            end = found.start()
    return end


def _named(found: re.Match[str]) -> dict[str, str]:
    return {key: " ".join(text.split()) for key, text in found.groupdict().items() if text and text.strip()}


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
