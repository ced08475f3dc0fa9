"""The shop's search: all words must be found, without tones; typed tones come first; near words only where none fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from kernel.text import fold, search_key
from shop.models import Combo

LONGEST = 80  # letters of a question
NEAR = 75.0  # of 100: one slip in a word of four letters
_WORDS = re.compile(r"[^\W_]+")
_NO_MATCH = 99


@dataclass(frozen=True, slots=True)
class Found:
    """The combos that fit, best first. ``near``: nothing fits, these are like it."""

    combos: Sequence[Combo]
    near: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that can be found: as written in small letters, folded, and how far from the combo's name (0: in it)."""

    written: str
    folded: str
    away: int


def find(combos: Sequence[Combo], asked: str) -> Found:
    """All of ``combos`` where nothing is asked, in their own order."""
    wanted = _WORDS.findall(_small(asked[:LONGEST]))
    if not wanted:
        return Found(() if asked.strip() else combos)
    words = {combo.id: list(_words(combo)) for combo in combos}
    ranked = {combo.id: _rank(wanted, words[combo.id]) for combo in combos}
    fitting = [combo for combo in combos if ranked[combo.id] is not None]
    if fitting:
        return Found(sorted(fitting, key=lambda combo: (ranked[combo.id] or (), combo.position)))
    likeness = {combo.id: _likeness(wanted, words[combo.id]) for combo in combos}
    near = [combo for combo in combos if likeness[combo.id] >= NEAR]
    return Found(sorted(near, key=lambda combo: (-likeness[combo.id], combo.position)), near=bool(near))


def _small(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _words(combo: Combo) -> Iterator[_Word]:
    parts = [(combo.name, 0), *((item.name, 1) for item in combo.items), (combo.group, 2), (combo.code, 2)]
    for text, away in parts:
        for word in _WORDS.findall(_small(text)):
            yield _Word(word, search_key(word), away)


def _rank(wanted: Sequence[str], words: Sequence[_Word]) -> tuple[int, int] | None:
    """How well all wanted words fit (less is better), or None: worst fit first, then how far from the name."""
    best = [min((_fit(each, word), word.away) for word in words) for each in wanted]
    if any(fit == _NO_MATCH for fit, _away in best):
        return None
    return max(fit for fit, _away in best), sum(away for _fit, away in best)


def _fit(wanted: str, word: _Word) -> int:
    """0 the very word with its tones, 1 the same without tones, 2 its beginning as written, 3 its beginning."""
    if wanted == word.written:
        return 0
    folded = fold(wanted)
    if folded == word.folded:
        return 1
    if word.written.startswith(wanted):
        return 2
    return 3 if word.folded.startswith(folded) else _NO_MATCH


def _likeness(wanted: Sequence[str], words: Sequence[_Word]) -> float:
    """Of the word that is least like anything in the combo. Too short a word is like everything: it must fit."""
    return min(max(_like(search_key(each), word.folded) for word in words) for each in wanted)


def _like(wanted: str, word: str) -> float:
    return fuzz.ratio(wanted, word) if len(wanted) > 2 else 100.0 * word.startswith(wanted)
