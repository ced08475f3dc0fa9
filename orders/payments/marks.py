"""Which parts of a memo were read: by which clue, and what the bank wrote around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from orders.payments.clue_words import CluePhrase
from orders.payments.memo import take_apart


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the memo: the clues that read it, those of them that end with it, and whether it is the bank's."""

    text: str
    clues: tuple[CluePhrase, ...] = ()
    ending: tuple[CluePhrase, ...] = ()
    banks: bool = False

    @property
    def words(self) -> str:
        return ", ".join(dict.fromkeys(clue.words for clue in self.clues))


def marks(memo: str, clues: Sequence[CluePhrase]) -> list[Piece]:
    """The memo cut wherever a clue or the bank's wrapper begins or ends: each letter once, in order."""
    parts = take_apart(memo)
    read = [(clue, *clue.span) for clue in clues if clue.span and 0 <= clue.span[0] < clue.span[1] <= len(memo)]
    places = {0, len(memo), parts.start, parts.end, *(place for _clue, *span in read for place in span)}
    cuts = sorted(places)
    return [
        Piece(
            memo[start:end],
            tuple(clue for clue, first, last in read if first <= start and end <= last),
            tuple(clue for clue, first, last in read if first <= start and end == last),
            banks=end <= parts.start or start >= parts.end,
        )
        for start, end in pairwise(cuts)
    ]
