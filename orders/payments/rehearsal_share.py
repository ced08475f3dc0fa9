"""One process's share of a rehearsal: it reads its own rows, claims, and writes its own decisions."""

import re
import resource
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import count
from pathlib import Path
from typing import NamedTuple

from orders.payments.matcher.decide import decided, first_looks
from orders.payments.matcher.facts import Decision, TransferFacts, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.wording import why
from orders.payments.rehearsal_files import read_transfers, transfer_facts
from orders.payments.rehearsal_rows import BLOCK

COLUMNS = ("transfer_id", "decision", "allocations", "candidates", "confidence", "why")
_BESIDE = "\0"  # the one character that no file may hold
_NEEDS_QUOTES = re.compile('[",\r\n]')
_VERDICTS = {verdict: verdict.value for verdict in Verdict}

Block = tuple[str, Counter[Verdict]]


class Rivals(NamedTuple):
    """Claims that others dispute, by place, with their transfers; ``placed`` is what the undisputed ones take."""

    claims: dict[int, Claim]
    facts: dict[int, TransferFacts]
    placed: dict[int, int]


class Share:
    """Every ``of``-th block of the transfers, from block ``index`` on. ``tell`` hears of rows done."""

    def __init__(
        self, desk: Desk, transfers: Path, *, index: int = 0, of: int = 1, tell: Callable[[int], object] = int
    ) -> None:
        self.desk, self.transfers, self.index, self.of, self.tell = desk, transfers, index, of, tell
        self.rows: dict[int, str] = {}  # of claims, in one piece, a third of the size: few are looked at again
        self.sights: dict[int, Sight] = {}  # of the others: all are
        self.lines: dict[int, str] = {}
        self.claims: dict[int, Claim] = {}

    def wishes(self) -> list[int]:
        """What each transfer would take alone: the households whose orders are claimed, once for each claim.

        A claim's line is made at once: most stay as they are.
        """
        wanted: list[int] = []
        for block in read_transfers(self.transfers, index=self.index, of=self.of):
            looks = first_looks(block.facts, self.desk)
            for place, row, look in zip(count(block.first), block.rows, looks):
                if isinstance(look, Sight):
                    self.sights[place] = look
                else:
                    self.rows[place] = _BESIDE.join(row)
                    self.claims[place] = look.claim
                    self.lines[place] = line(look.decision)
                    wanted += self._households(look.claim)
            self.tell(len(looks))
        return wanted

    def rivals(self, disputed: AbstractSet[int]) -> Rivals:
        """The claims on ``disputed`` households, and what the others take."""
        told = Rivals({}, {}, {})
        for place, claim in self.claims.items():
            if disputed.isdisjoint(self._households(claim)):
                told.placed.update(claim.shares)
            else:
                told.claims[place] = claim
                told.facts[place] = self._facts(place)
        self.claims.clear()
        return told

    def blocks(self, placed: Mapping[int, int], contested: Mapping[int, Claim | None]) -> Iterator[Block]:
        """The decisions, block by block, once all claims are settled and the ledger is ``placed``."""
        self.desk.ledger.placed = dict(placed)
        block: list[str] = []
        verdicts: Counter[Verdict] = Counter()
        for place in sorted((*self.rows, *self.sights)):
            if place in self.lines and place not in contested:
                verdicts[Verdict.MATCHED] += 1
                block.append(self.lines[place])
            else:
                sight = self.sights.pop(place, None) or Sight(self._facts(place), self.desk.book)
                decision = decided(sight, self.desk, claim=contested.get(place))
                verdicts[decision.verdict] += 1
                block.append(line(decision))
            if place % BLOCK == BLOCK - 1:
                yield "".join(block), verdicts
                self.tell(BLOCK)
                block, verdicts = [], Counter()
        yield "".join(block), verdicts

    def peak_mb(self) -> float:
        """The most memory that this process had, shared pages counted."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def _facts(self, place: int) -> TransferFacts:
        return transfer_facts(tuple(self.rows[place].split(_BESIDE)))

    def _households(self, claim: Claim) -> set[int]:
        return {self.desk.book.household(number) for number, _ in claim.shares}


def line(decision: Decision) -> str:
    """A line of DECISIONS.csv. Only what a person wrote may need quotes."""
    allocations = ";".join([f"{code}:{amount}" for code, amount in decision.allocations])
    candidates = ";".join([candidate.code for candidate in decision.candidates])
    return (
        f"{_quoted(decision.transfer_id)},{_VERDICTS[decision.verdict]},{_quoted(allocations)},{_quoted(candidates)},"
        f"{decision.confidence:.4f},{_quoted(why(decision))}\r\n"
    )


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
