"""A look-up that spares a long pattern misses nothing that the pattern finds when it is tried everywhere."""

import csv
from collections.abc import Callable
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

    def isdisjoint(self, words: list[str]) -> bool:
        return False


def texts() -> list[str]:
    with (CORPUS / "transfers.csv").open(encoding="utf-8", newline="") as file:
        memos = [fold(row["memo"]) for row in csv.DictReader(file)]
    return [*memos, *(memo.replace(" ", "") for memo in memos), *(memo.replace(" ", ".P") for memo in memos)]


def place_of_purpose(text: str) -> tuple[int, int] | None:
    found = other_purpose(text)
    return found.span() if found else None


@pytest.mark.parametrize(
    ("module", "starts", "look"),
    [(vocabulary, "_PURPOSE_STARTS", place_of_purpose), (places, "_STARTS", wards_named)],
)
def test_words_are_found_wherever_they_stand(
    module: object, starts: str, look: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = [look(text) for text in texts()]
    monkeypatch.setattr(module, starts, Everything())

    assert quick == [look(text) for text in texts()]
    assert sum(bool(found) for found in quick) > 100
