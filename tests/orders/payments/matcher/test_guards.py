"""A look-up that spares a long pattern misses nothing that the pattern finds when it is tried everywhere."""

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from kernel.text import fold
from orders.payments.matcher import places, vocabulary
from orders.payments.matcher.places import wards_named
from orders.payments.matcher.vocabulary import other_purpose

CORPUS = Path(__file__).parents[3] / "samples/corpus"


class Everything:
    def __contains__(self, word: str) -> bool:
        return True


def texts() -> list[str]:
    with (CORPUS / "transfers.csv").open(encoding="utf-8", newline="") as file:
        memos = [fold(row["memo"]) for row in csv.DictReader(file)]
    spaced = [*memos, *(memo.replace(" ", "") for memo in memos), *(memo.replace(" ", ".P") for memo in memos)]
    return [*spaced, *purposes()]


def purposes() -> list[str]:
    """Each purpose, whatever stands between its words, and the beginning of each, among other words."""
    phrases = [phrase.split() for phrase in vocabulary._LISTS["other_purposes"]]
    written = [
        "".join(f"{word}{gap}" for word, gap in zip(words, (*gaps, ""), strict=True))
        for words in phrases
        for gaps in product(("", " ", "-", ", "), repeat=min(len(words) - 1, 3))
        if len(gaps) == len(words) - 1
    ]
    cut = [" ".join(words[:size]) for words in phrases for size in range(1, len(words))]
    return [text for part in (*written, *cut) for text in (part, f"LAN {part} RAU", f"CHUYEN {part}X")]


def place_of_purpose(text: str) -> tuple[int, int] | None:
    found = other_purpose(text)
    return found.span() if found else None


@pytest.mark.parametrize(
    ("module", "always", "look"),
    [
        (vocabulary, {"_PURPOSE_STARTS": Everything(), "_may_hold_a_purpose": bool}, place_of_purpose),
        (places, {"_STARTS": Everything()}, wards_named),
    ],
    ids=["purposes", "wards"],
)
def test_words_are_found_wherever_they_stand(
    module: object, always: dict[str, object], look: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = [look(text) for text in texts()]
    for name, value in always.items():
        monkeypatch.setattr(module, name, value)

    assert quick == [look(text) for text in texts()]
    assert sum(bool(found) for found in quick) > 100
