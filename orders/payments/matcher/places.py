"""Which wards does the memo name? By whole names in their order, never by a bag of words."""

import re

from orders.payments.matcher.reading import Mark
from people.wards import WARDS_2021

_TITLE = r"(?:PHUONG |WARD |XA |[PFX] ?)?"
_NAMES = {
    spelling: ward.key
    for ward in WARDS_2021
    for spelling in (ward.key, ward.key.replace(" ", ""), "P" + ward.key.replace(" ", ""))
} | {initials: ward.key for ward in WARDS_2021 if len(initials := "".join(w[0] for w in ward.key.split())) == 3}
_LONGEST_FIRST = sorted(_NAMES, key=len, reverse=True)
_WARD = re.compile(rf"(?<![A-Z])(?:{_TITLE})({'|'.join(_LONGEST_FIRST)})(?![A-Z])")
_CITY_BEFORE = re.compile(r"(?:^| )(?:TP|T P|THANH PHO|TX) $")
WARD_WORDS = frozenset(
    word for ward in WARDS_2021 for word in (*ward.key.split(), *(s for s in _NAMES if " " not in s))
)


def wards_named(words: list[Mark]) -> dict[str, tuple[int, int]]:
    """The wards (2021, folded) that the words name, with their places. Words apart in the memo name none together."""
    line, places = _line(words)
    found: dict[str, tuple[int, int]] = {}
    for match in _WARD.finditer(line):
        if not _CITY_BEFORE.search(line[: match.start(1)]):
            found.setdefault(_NAMES[match.group(1)], (places[match.start(1)], places[match.end(1) - 1] + 1))
    return found


def _line(words: list[Mark]) -> tuple[str, list[int]]:
    """The words in one line, parted by a space, or by a bar where more than four symbols lie between them."""
    line: list[str] = []
    places: list[int] = []
    end = None
    for word in words:
        if end is not None:
            line.append(" " if word.start - end <= 4 else "|")
            places.append(end)
        line += word.text
        places += range(word.start, word.end)
        end = word.end
    return "".join(line), places
