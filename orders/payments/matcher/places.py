"""Which wards does a text name? By whole names in their order, never by a bag of words."""

import re

from people.wards import WARDS_2021

_BETWEEN = "[ ._-]{0,2}"  # nothing, where spaces were lost
_TITLE = r"(?:PHUONG|WARD|XA|[PFX])?[ .]{0,2}"
_GROUPS = {ward.key.replace(" ", "_"): ward.key for ward in WARDS_2021}
_NAMES = "|".join(
    f"(?P<{group}>{ward.replace(' ', _BETWEEN)}{'|TDH' if ward == 'TAN DONG HIEP' else ''})"
    for group, ward in sorted(_GROUPS.items(), key=lambda pair: -len(pair[1]))
)
_WARD = re.compile(rf"(?<![A-Z]){_TITLE}(?:{_NAMES})(?![A-Z])")
_CITY_BEFORE = re.compile(r"(?:^|[^A-Z])(?:TP|T P|THANH PHO|TX)[ .]{0,2}$")


def wards_named(text: str) -> dict[str, tuple[int, int]]:
    """The wards (2021, folded) that the folded ``text`` names, with their places."""
    found: dict[str, tuple[int, int]] = {}
    for match in _WARD.finditer(text):
        group = match.lastgroup or ""
        if not _CITY_BEFORE.search(text, max(0, match.start(group) - 14), match.start(group)):
            found.setdefault(_GROUPS[group], match.span(group))
    return found
