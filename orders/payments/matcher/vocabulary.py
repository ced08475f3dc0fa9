"""Words of memos that are no names: what stands around an order, and what says that the money is for something else."""

import re
import tomllib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import OSA

_LISTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))

BANKS = frozenset(word for line in _LISTS["banks"] for word in line.split())
ORDER_WORDS = frozenset(word for line in _LISTS["order_words"] for word in line.split()) | BANKS
ALSO_NAMES = frozenset(word for line in _LISTS["also_names"] for word in line.split())
SURNAMES = frozenset(word for line in _LISTS["surnames"] for word in line.split())
LETTERS = re.compile(r"[A-Z]+")
# What may stand first of a phrase, whatever spaces were lost, and with what each goes on, if it is not all of it:
# looked up before the long pattern is tried.
_WHOLE_PURPOSES = frozenset(phrase.replace(" ", "") for phrase in _LISTS["other_purposes"])
_IN_TWO = frozenset(
    ("".join(words[:size]), "".join(words[size:end]))
    for words in map(str.split, _LISTS["other_purposes"])
    for size in range(1, len(words))
    for end in range(size + 1, len(words) + 1)
)
_PURPOSE_STARTS = _WHOLE_PURPOSES.union(start for start, _ in _IN_TWO)
_PURPOSES = "|".join(phrase.replace(" ", "[ ._-]?") for phrase in _LISTS["other_purposes"])
_OTHER_PURPOSE = re.compile(rf"(?:{_PURPOSES})(?![A-Z])")
_SQUEEZED = tuple(joined for phrase in _LISTS["other_purposes"] if len(joined := phrase.replace(" ", "")) >= 6)
_NEARLY = tuple(joined for phrase in _LISTS["other_purposes"] if len(joined := phrase.replace(" ", "")) >= 5)
_RUN_ON = ("UNGHO", *_SQUEEZED)
_RUNS_ON_FROM = 9  # letters; shorter words are looked for whole
_ZERO = re.compile(r"(?<=[A-Z])0(?!\d)|(?<!\d)0(?=[A-Z])")  # UNG H0


def may_begin_a_purpose(word: str) -> bool:
    """Whether a purpose may stand where this word stands."""
    return word in _PURPOSE_STARTS or len(word) >= _RUNS_ON_FROM


def other_purpose(text: str) -> re.Match[str] | None:
    """The first words of the folded ``text`` that say what else the money is for."""
    if "0" in text:
        text = _ZERO.sub("O", text)
    words = LETTERS.findall(text)
    if not _may_hold_a_purpose(words):
        return None
    at = 0
    for word in words:
        at = text.index(word, at)
        if word in _PURPOSE_STARTS and (found := _OTHER_PURPOSE.match(text, at)):
            return found
        if len(word) >= _RUNS_ON_FROM and word.startswith(_RUN_ON) and word not in BANKS:
            return LETTERS.match(text, at)
        at += len(word)
    return None


def purpose_in(words: Sequence[str]) -> re.Match[str] | None:
    """``other_purpose`` of words in a row."""
    return other_purpose(" ".join(words)) if _may_hold_a_purpose(words) else None


def _may_hold_a_purpose(words: Sequence[str]) -> bool:
    """Most memos have no word of a purpose, or one that goes on as none does: CHUYEN TIEN MUA RAU."""
    return (
        max(map(len, words), default=0) >= _RUNS_ON_FROM
        or not _WHOLE_PURPOSES.isdisjoint(words)
        or not _IN_TWO.isdisjoint(pairwise(words))
    )


def squeezed_purpose(letters: str) -> str:
    """A purpose among ``letters``, the words of a memo without the spaces, which a bank may have set elsewhere."""
    return next((phrase for phrase in _SQUEEZED if phrase in letters), "")


def nearly_purpose(letters: str) -> str:
    """The purpose that ``letters``, words without their spaces, hold, or miss by one slip: UHBAOLU, UNGHP, UNHHO."""
    if held := next((phrase for phrase in _NEARLY if phrase in letters), ""):
        return held
    return next((phrase for phrase in _NEARLY if OSA.distance(letters, phrase, score_cutoff=1) <= 1), "")
