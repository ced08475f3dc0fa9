"""A bank's wrapper taken apart: what the payer wrote, and what the bank wrote around it.

Each route is a head, a tail, or both; they are declared one by one, and a memo of a route that nobody declared is all body.
Nothing outside the body is evidence about an order.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# A bank's clock; the wrapper's stamps carry no zone.
_BANK_TIME = timezone(timedelta(hours=7))


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
    """Spaces of a wrapper may be swallowed or doubled at a wrap column; its case may be lost."""
    return re.compile(text.replace(" ", r"\s*"), re.IGNORECASE)


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
            ("vietcombank from napas", r"\d{6}\.\d{6}\.\d{6}\.(?: Vietcombank: \d{6,16}:| IBFT\b)?"),
            ("bidv napas", r"\d{6,16} TKThe : (?P<account>\d{4,20}) , tai [A-Z ]{2,20}\."),
            ("agribank momo", r"\d{9,13} (?P<wallet>0\d{9}) (?=[^\d]{2,70}chuyen tien qua MoMo)"),
        ),
        "P": (
            (
                "vietcombank from momo",
                r"PARTNER\. DIRECT[_ ]?DEBITS[_ ]?VCB\. MSE\.[\d ]{4,20}\. \d{8}\. \d{8,13}-"
                r"(?P<wallet>(?:0|84)\d{9})[_\- ]",
            ),
            ("vietcombank from zalopay", r"PARTNER\. DIRECT[_ ]?DEBITS[_ ]?VCB\. ZLP\.[\d ]{4,20}\. \d{8}\."),
        ),
        "C": (
            ("vietinbank 247", r"CT nhanh 247 den:"),
            ("vietinbank napas", r"Chuyen tien den tu NAPAS Noi dung:"),
            ("vietinbank", r"CT DEN: (?=[A-Z]*\d)[A-Z0-9]{12,16}\b"),
        ),
        "R": (("bidv", r"REM Tfr Ac: (?P<account>\d{4,20}) O@L[_ ]?\d{6}[_ ]?\d{6}[_ ]?0[_ ]?0[_ ]?\d{8}[_ ]?"),),
        "Q": (("qr", r"QR\b - "),),
    }.items()
}
_MB_APP = _pattern(r"(?P<payer>[^\d.,;|]{0,70}?)\bQ[A-Z0-9]{6,20} \sAPPMB\d \d\s")
# A tail may be cut anywhere after the words that open it.
TAILS: tuple[re.Pattern[str], ...] = tuple(
    _pattern(pattern)
    for pattern in (
        r"\.? \bCT tu\b",
        r"-? CTLNHIDI",
        r"; thoi gian\b",
        r"-? Ma (?:giao dich|GD)\b",
        r"\bGD \d{6}-\d{6}",
        r"\bFT\d{3,16} CKN\b",
        r"\bFT\d{3,16} $",
        r"-\d{6}-\d\d:\d\d",
        r"\bchuyen tien qua MoMo",
        r"\([A-Z0-9]{6,10}\) $",
    )
)
_FROM = _pattern(r"\.? CT tu (?P<account>\d[\d ]{3,24}\d\b)? (?P<payer>[^\d.,;|]{2,70}?)(?:\s toi\b.*| tai\b.*)?$")
_COUNTERPARTY = _pattern(r".*TGTT- (?P<payer>[^\d.,;|]{2,70})$")
_CLOSING = re.compile(r"CT\s*tu|CTLNH|thoi\s*gian|\bMa\s*g|GD\s*\d|FT\d|\d-\d\d:|qua\s*MoMo|\(\w+\)\s*$", re.IGNORECASE)
_LONGEST_HEAD = 160
_LONGEST_TAIL = 320


def take_apart(memo: str) -> Parts:
    """Find the body. Heads and tails are independent, so a cut or damaged wrapper still loses what is left of it."""
    start, route, named = _after_head(memo)
    end = _before_tails(memo, start, named)
    if route == "agribank mobile" and (inner := memo[start:end].rstrip()).endswith(")"):
        end = start + len(inner) - 1
    return Parts(start, end, route, wrapped=bool(route) or end < len(memo), **named)


def _after_head(memo: str) -> tuple[int, str, dict[str, str]]:
    margin = len(memo) - len(memo.lstrip())
    opening = memo[margin : margin + 1].upper()
    for route, pattern in HEADS.get("0" if opening.isdigit() else opening, ()):
        if found := pattern.match(memo, margin, _LONGEST_HEAD):
            return found.end(), route, _named(found)
    if "APPMB" in memo and (found := _MB_APP.match(memo, margin, _LONGEST_HEAD)):
        return found.end(), "mb app", _named(found)
    return 0, "", {}


def _before_tails(memo: str, start: int, named: dict[str, str]) -> int:
    floor, end = max(start, len(memo) - _LONGEST_TAIL), len(memo)
    if not _CLOSING.search(memo, floor):
        return end
    for pattern in TAILS:
        if found := pattern.search(memo, floor, end):
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
                moment = datetime(year + 2000 * short_year, month, day, hour, minute, second, tzinfo=_BANK_TIME)
            except ValueError:
                continue
            return moment.astimezone(UTC)
    return None


def narrowed(memo: str, earliest: datetime, *, latest: datetime) -> tuple[datetime, datetime]:
    """The interval of a booking, narrowed to the wrapper's stamp where that lies within it."""
    stamp = stamp_of(memo)
    return (stamp, stamp) if stamp and earliest <= stamp <= latest else (earliest, latest)
