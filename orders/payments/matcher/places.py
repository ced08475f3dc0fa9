"""Which wards does a text name? By whole names in their order, never by a bag of words."""

import re

from orders.payments.matcher.vocabulary import LETTERS
from people.wards import WARDS_2021

_BETWEEN = "[ ._-]{0,2}"  # nothing, where spaces were lost
_TITLES = ("", "PHUONG", "WARD", "XA", "P", "F", "X")
_GROUPS = {ward.key.replace(" ", "_"): ward.key for ward in WARDS_2021}
# DH, TB, TDH: they name no ward for certain, and explain themselves.
_INITIALS = {ward.key: "".join(word[0] for word in ward.key.split()) for ward in WARDS_2021}
WARD_INITIALS = frozenset(_INITIALS.values())
_NAMES = "|".join(
    f"(?P<{group}>{ward.replace(' ', _BETWEEN)}{'|TDH' if ward == 'TAN DONG HIEP' else ''})"
    for group, ward in sorted(_GROUPS.items(), key=lambda pair: -len(pair[1]))
)
_WARD = re.compile(rf"(?:{'|'.join(_TITLES[1:])})?(?:{_NAMES})(?![A-Z])")
# What stands first in a ward's name, whatever spaces were lost: looked up before the long pattern is tried.
_STARTS = frozenset(
    title + "".join(words[: size + 1])
    for words in (*(ward.key.split() for ward in WARDS_2021), ["TDH"])
    for size in range(len(words))
    for title in _TITLES
)
_CITY_BEFORE = re.compile(r"(?:^|[^A-Z])(?:TP|T P|THANH PHO|TX)[ .]{0,2}$")


def wards_named(text: str) -> dict[str, tuple[int, int]]:
    """The wards (2021, folded) that the folded ``text`` names, with their places."""
    found: dict[str, tuple[int, int]] = {}
    end = 0
    for letters in LETTERS.finditer(text):
        if letters.group() in _STARTS and letters.start() >= end and (match := _WARD.match(text, letters.start())):
            group, end = match.lastgroup or "", match.end()
            if not _CITY_BEFORE.search(text, max(0, match.start(group) - 14), match.start(group)):
                found.setdefault(_GROUPS[group], match.span(group))
    return found
