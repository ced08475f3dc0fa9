"""Words of memos that are no names: what stands around an order, and what says that the money is for something else."""

import re
import tomllib
from pathlib import Path

_LISTS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))

BANKS = frozenset(word for line in _LISTS["banks"] for word in line.split())
ORDER_WORDS = frozenset(word for line in _LISTS["order_words"] for word in line.split()) | BANKS
ALSO_NAMES = frozenset(word for line in _LISTS["also_names"] for word in line.split())
SURNAMES = frozenset(word for line in _LISTS["surnames"] for word in line.split())
LETTERS = re.compile(r"[A-Z]+")
# A phrase begins with one of these, whatever spaces were lost: looked up before the long pattern is tried.
_PURPOSE_STARTS = frozenset(
    "".join(words[: size + 1]) for words in map(str.split, _LISTS["other_purposes"]) for size in range(len(words))
)
_PURPOSES = "|".join(phrase.replace(" ", "[ ._-]?") for phrase in _LISTS["other_purposes"])
_OTHER_PURPOSE = re.compile(rf"(?:{_PURPOSES})(?![A-Z])")
_SQUEEZED = tuple(joined for phrase in _LISTS["other_purposes"] if len(joined := phrase.replace(" ", "")) >= 6)


def other_purpose(text: str) -> re.Match[str] | None:
    """The first words of the folded ``text`` that say what else the money is for."""
    for letters in LETTERS.finditer(text):
        if letters.group() in _PURPOSE_STARTS and (found := _OTHER_PURPOSE.match(text, letters.start())):
            return found
    return None


def squeezed_purpose(letters: str) -> str:
    """A purpose among ``letters``, the words of a memo without the spaces, which a bank may have set elsewhere."""
    return next((phrase for phrase in _SQUEEZED if phrase in letters), "")
