"""One worker's share of a rehearsal: it reads its own rows, claims, and writes its own decisions."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from orders.payments.matcher.decide import decide, first_look
from orders.payments.matcher.facts import Decision, TransferFacts, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.wording import why
from orders.payments.rehearsal_files import read_transfers

COLUMNS = ("transfer_id", "decision", "allocations", "candidates", "confidence", "why")
_NEEDS_QUOTES = re.compile('[",\r\n]')
BLOCK = 1000  # rows; shares take turns by the block


class Share:
    """Every ``of``-th block of the transfers, from block ``index`` on."""

    def __init__(self, desk: Desk, transfers: Path, *, index: int = 0, of: int = 1) -> None:
        self.desk, self.transfers, self.index, self.of = desk, transfers, index, of
        self.facts: dict[int, TransferFacts] = {}
        self.lines: dict[int, str] = {}

    def claims(self) -> dict[int, Claim]:
        """What each of the share's transfers would take alone. Its line is made at once: most stay as they are."""
        claims = {}
        for place, transfer in read_transfers(self.transfers, wanted=self._is_mine):
            self.facts[place] = transfer
            if bid := first_look(transfer, self.desk):
                claims[place] = bid.claim
                self.lines[place] = line(bid.decision)
        return claims

    def told(self, places: Collection[int]) -> dict[int, TransferFacts]:
        """The share's own among the transfers at ``places``."""
        return {place: self.facts[place] for place in places if place in self.facts}

    def blocks(
        self, placed: Mapping[int, int], contested: Mapping[int, Claim | None]
    ) -> Iterator[tuple[str, Counter[Verdict]]]:
        """The decisions, block by block, once all claims are settled and the ledger is ``placed``."""
        self.desk.ledger.placed = dict(placed)
        block: list[str] = []
        verdicts: Counter[Verdict] = Counter()
        for place, transfer in self.facts.items():
            if place in self.lines and place not in contested:
                verdicts[Verdict.MATCHED] += 1
                block.append(self.lines[place])
            else:
                decision = decide(transfer, self.desk, claim=contested.get(place))
                verdicts[decision.verdict] += 1
                block.append(line(decision))
            if place % BLOCK == BLOCK - 1:
                yield "".join(block), verdicts
                block, verdicts = [], Counter()
        yield "".join(block), verdicts

    def _is_mine(self, place: int) -> bool:
        return place // BLOCK % self.of == self.index


def line(decision: Decision) -> str:
    """A line of DECISIONS.csv. Only what a person wrote may need quotes."""
    transfer_id, *middle, words = row(decision)
    return f"{_quoted(transfer_id)},{','.join(middle)},{_quoted(words)}\r\n"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell


def row(decision: Decision) -> tuple[str, ...]:
    return (
        decision.transfer_id,
        decision.verdict.value,
        ";".join([f"{code}:{amount}" for code, amount in decision.allocations]),
        ";".join([candidate.code for candidate in decision.candidates]),
        f"{decision.confidence:.4f}",
        why(decision),
    )
