"""Which drawing stands for which goods, and how the drawings of a combo are put together where it has no picture."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kernel.text import search_key

NEUTRAL = "basket"
WIDTH, HEIGHT = 160, 100
_FILE = Path(__file__).with_suffix(".toml")
_WORDS = re.compile(r"[^\W_]+")


class Placed(NamedTuple):
    """A drawing and where it stands in a tile of ``WIDTH`` × ``HEIGHT``."""

    drawing: str
    x: int
    y: int
    size: int


# For one drawing, for two, and so on: what a combo names first stands largest and in front, so it is drawn last.
ARRANGEMENTS: tuple[tuple[tuple[int, int, int], ...], ...] = (
    ((44, 14, 72),),
    ((24, 20, 66), (88, 36, 50)),
    ((50, 26, 66), (10, 18, 48), (104, 18, 46)),
    ((44, 30, 62), (6, 38, 46), (104, 40, 48), (82, 6, 40)),
    ((48, 34, 60), (6, 44, 46), (106, 46, 46), (28, 6, 42), (86, 6, 42)),
    ((48, 36, 58), (4, 48, 44), (110, 48, 44), (14, 6, 40), (60, 2, 38), (104, 6, 40)),
)


def drawing_of(name: str) -> str:
    """The drawing for an item's name; the neutral one for what nobody has drawn."""
    with_tones, without = _phrases()
    toned = _WORDS.findall(unicodedata.normalize("NFC", name).lower())
    return _first(toned, with_tones) or _first(search_key(name).split(), without) or NEUTRAL


def arranged(names: Iterable[str]) -> list[Placed]:
    """The drawings of a combo's items, each once, from the rearmost to the one in front."""
    drawings = list(dict.fromkeys(map(drawing_of, names))) or [NEUTRAL]
    if len(drawings) > 1:
        drawings = [drawing for drawing in drawings if drawing != NEUTRAL]
    places = ARRANGEMENTS[min(len(drawings), len(ARRANGEMENTS)) - 1]
    return [Placed(drawing, *place) for drawing, place in zip(drawings, places, strict=False)][::-1]


@cache
def listed() -> dict[str, list[str]]:
    """Drawing → the words that it stands for, in the order of the file."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _phrases() -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    """The words with their tones, and without: each → its drawing."""
    with_tones: dict[tuple[str, ...], str] = {}
    without: dict[tuple[str, ...], str] = {}
    for drawing, phrases in listed().items():
        for phrase in phrases:
            with_tones[tuple(phrase.split())] = drawing
            without.setdefault(tuple(search_key(phrase).split()), drawing)
    return with_tones, without


def _first(words: list[str], phrases: Mapping[tuple[str, ...], str]) -> str | None:
    longest = max(map(len, phrases))
    for start in range(len(words)):
        for length in range(longest, 0, -1):
            if found := phrases.get(tuple(words[start : start + length])):
                return found
    return None
