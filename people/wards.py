"""The wards of Dĩ An before and after 2025, and what a person means who types one."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from kernel.text import search_key


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward is known by (vintage, code): the codes were used again in 2025 for other areas."""

    vintage: int
    code: str
    name: str
    lat: float
    lon: float
    becomes: tuple[str, ...] = ()  # names of the 2025 wards that its area lies in, the larger part first

    @property
    def key(self) -> str:
        return search_key(self.name)


def _read(path: Path) -> tuple[tuple[Ward, ...], tuple[Ward, ...]]:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_ward(2021, row) for row in data["wards_2021"]), tuple(_ward(2025, row) for row in data["wards_2025"])


def _ward(vintage: int, row: dict[str, Any]) -> Ward:
    becomes = tuple(row[key] for key in ("becomes", "becomes_in_part") if key in row)
    return Ward(vintage, row["code"], row["name"], row["lat"], row["lon"], becomes)


WARDS_2021, WARDS_2025 = _read(Path(__file__).with_name("wards.json"))

_KEYS_2025 = frozenset(ward.key for ward in WARDS_2025)
_SPELLINGS = {
    spelling: ward
    for ward in WARDS_2021
    for spelling in (ward.key, ward.key.replace(" ", ""), "".join(word[0] for word in ward.key.split()))
}
# Names one letter away from ours that are places of their own.
_ELSEWHERE = frozenset({"BINH THANH"})
_NEW_CITY = r"(?:TP ?|T P |THANH PHO )?(?:HO CHI MINH|HCM|SAI GON)(?: CITY)?"
_NEW_TIMES = re.compile(rf"\b(?:2025|MOI|{_NEW_CITY})\b")
_OLD_TIMES = re.compile(r"\b(?:2021|CU)\b")
_COUNTRY = re.compile(r"(?:\b(?:TINH|T) )?\b(?:BINH DUONG|BD)\b|\b(?:VIET ?NAM|VN)$")
_TITLE = re.compile(r"^(?:PHUONG|WARD|XA|[PFX])(?: (?=.)|(?=DI|TAN|BINH|DONG|AN ?B))")
_CITY = re.compile(r"^(?:TP|T P|THANH PHO|THI XA|TX) ?DI ?AN$")
_AND_CITY = re.compile(r"(?<=.) (?:(?:TP|T P|THANH PHO|THI XA|TX) ?)?DI ?AN$")


def understand(text: str) -> tuple[Ward, ...]:
    """The 2021 wards that ``text`` may mean, in the order of WARDS_2021.

    One: it is clear. Several: ask which (a ward of 2025 covers several of 2021, a slip may be near to two, and the bare
    city is all of them). None: unknown. A name that both vintages know means the ward of 2021, unless the new city or
    the year is named with it.
    """
    key = search_key(text)
    old_times = _COUNTRY.sub(" ", _OLD_TIMES.sub(" ", key))
    name = " ".join(_NEW_TIMES.sub(" ", old_times).split())
    if _CITY.match(name):
        return WARDS_2021
    name = _AND_CITY.sub("", _TITLE.sub("", name))
    if _NEW_TIMES.search(key) and name in _KEYS_2025:
        return tuple(ward for ward in WARDS_2021 if name in map(search_key, ward.becomes))
    return _as_in_2021(name)


def _as_in_2021(name: str) -> tuple[Ward, ...]:
    if name in _SPELLINGS:
        return (_SPELLINGS[name],)
    if len(name) < 5 or name in _ELSEWHERE:
        return ()
    return tuple(w for w in WARDS_2021 if len(w.key) > 5 and OSA.distance(name, w.key, score_cutoff=1) <= 1)
