"""One process's share of a rehearsal: it reads its own rows, claims, and writes its own decisions."""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from kernel.memory import peak_mb
from orders.payments.matcher.answers import asked
from orders.payments.matcher.decide import Bid, decide, first_looks
from orders.payments.matcher.facts import Decision, TransferFacts, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.ledger import Sums
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.wording import why
from orders.payments.rehearsal_files import Block as Transfers
from orders.payments.rehearsal_files import transfers_of

COLUMNS = ("transfer_id", "decision", "allocations", "candidates", "confidence", "why")
_BESIDE = "\0"  # the one character that no file may hold
_NEEDS_QUOTES = re.compile('[",\r\n]')
_VERDICTS = {verdict: verdict.value for verdict in Verdict}

Block = tuple[int, str]
"""Lines that stand together, by the place of the first."""


class Wish(NamedTuple):
    """A claim, and the row that the transfer came from, in one piece."""

    claim: Claim
    row: str


class Wishes(NamedTuple):
    """Of each household whether orders of it are claimed (1 or 0), and whether they are more than once."""

    claimed: bytearray
    twice: bytearray


class Rival(NamedTuple):
    """A claim on orders of a household of which others claim some, too, in plain values: another process reads it."""

    place: int
    tier: int
    shares: tuple[tuple[int, int], ...]
    row: str


class Rivals(NamedTuple):
    """Disputed claims, and what the undisputed ones take of each order, by its number."""

    disputed: list[Rival]
    placed: "array[int]"


class Share:
    """Some blocks of the transfers. ``tell`` hears of rows done."""

    def __init__(self, desk: Desk, transfers: Iterator[Transfers], *, tell: Callable[[int], object] = int) -> None:
        self.desk, self.transfers, self.tell = desk, transfers, tell
        self.claims: dict[int, Wish] = {}
        size = len(desk.book.orders)
        self.wished = Wishes(bytearray(size), bytearray(size))
        self.claimants: tuple[array[int], array[int]] = array("q"), array("q")  # places, and households claimed there
        self.placed = array("q", bytes(8 * size))
        self.lines: dict[int, list[str]] = {}  # block by block, by the place of the first; "" for one without a claim
        self.sights: dict[int, Sight] = {}  # of those: all are looked at again
        self.disputed: dict[int, Wish] = {}

    def wishes(self) -> Wishes:
        """What each transfer would take alone. A claim's line is made at once: most stay as they are."""
        for block in self.transfers:
            looks = [*first_looks(block.facts, self.desk, parts=block.parts)]
            self.lines[block.first] = [line(look.decision) if isinstance(look, Bid) else "" for look in looks]
            for place, row, look in zip(count(block.first), zip(*block.columns, strict=True), looks):
                if isinstance(look, Sight):
                    self.sights[place] = look
                else:
                    self._wish(place, Wish(look.claim, _BESIDE.join(row)))
            self.tell(len(looks))
        return self.wished

    def _wish(self, place: int, wish: Wish) -> None:
        self.claims[place] = wish
        (claimed, twice), (places, households) = self.wished, self.claimants
        for number, amount in wish.claim.shares:
            self.placed[number] = amount
        for household in self._households(wish.claim):
            twice[household] = claimed[household]
            claimed[household] = 1
            places.append(place)
            households.append(household)

    def rivals(self, disputed: bytes) -> Rivals:
        """The claims on ``disputed`` households (1 where one is), and what the others take."""
        claimed = zip(*self.claimants, strict=True)
        self.disputed = {place: self.claims[place] for place, household in claimed if disputed[household]}
        for claim, _row in self.disputed.values():
            for number, _amount in claim.shares:
                self.placed[number] = 0
        self.claims = {}
        told = [Rival(place, int(claim.tier), claim.shares, row) for place, (claim, row) in self.disputed.items()]
        return Rivals(told, self.placed)

    def decide(self, sums: Sums, contested: Mapping[int, Claim | None]) -> Counter[Verdict]:
        """The decisions, once all claims are settled and the ledger holds ``sums``: how many of which kind."""
        self.desk.ledger.sums = sums
        verdicts: Counter[Verdict] = Counter()
        for first, lines in self.lines.items():
            places = range(first, first + len(lines))
            decisions = self._asked(places) | self._anew(places, contested)
            for place, decision in decisions.items():
                lines[place - first] = line(decision)
            verdicts.update(decision.verdict for decision in decisions.values())
            verdicts[Verdict.MATCHED] += len(lines) - len(decisions)
            self.tell(len(lines))
            lines[:] = ["".join(lines)]
        return verdicts

    def blocks(self) -> Iterator[Block]:
        """The lines of the decisions, block by block."""
        for first, lines in self.lines.items():
            yield first, "".join(lines)

    def _as_wished(self, place: int, contested: Mapping[int, Claim | None]) -> bool:
        """Whether a claim was granted whole, and nobody else was given anything of the same orders."""
        claim, placed = self.disputed[place].claim, self.desk.ledger.placed
        return contested[place] == claim and all(placed(number) == amount for number, amount in claim.shares)

    def _asked(self, places: Iterable[int]) -> dict[int, Decision]:
        """Of those without a claim."""
        sights = {place: self.sights.pop(place) for place in places if place in self.sights}
        return dict(zip(sights, asked([*sights.values()], self.desk), strict=True))

    def _anew(self, places: Iterable[int], contested: Mapping[int, Claim | None]) -> dict[int, Decision]:
        """Of those that do not get what they wished for."""
        others = [place for place in places if place in self.disputed and not self._as_wished(place, contested)]
        rows = facts_of(self.disputed[place].row for place in others)
        return {
            place: decide(facts, self.desk, claim=contested[place]) for place, facts in zip(others, rows, strict=True)
        }

    def _households(self, claim: Claim) -> tuple[int, ...]:
        if len(claim.shares) == 1:  # as most
            return (self.desk.book.household(claim.shares[0][0]),)
        return tuple({self.desk.book.household(number) for number, _ in claim.shares})

    def peak_mb(self) -> float:
        """The most memory that this process had."""
        return peak_mb()


def facts_of(rows: Iterable[str]) -> list[TransferFacts]:
    """What rows say that were put in one piece."""
    cells = [tuple(row.split(_BESIDE)) for row in rows]
    return transfers_of([*zip(*cells, strict=True)]) if cells else []


def line(decision: Decision) -> str:
    """A line of DECISIONS.csv. Only what a person wrote may need quotes."""
    allocations = ";".join([f"{code}:{amount}" for code, amount in decision.allocations])
    candidates = ";".join([candidate.code for candidate in decision.candidates])
    because = why(decision)
    written = _row(decision, decision.transfer_id, allocations, candidates, because)
    if written.count(",") >= len(COLUMNS) or '"' in written or "\n" in written or "\r" in written:
        written = _row(decision, *map(_quoted, (decision.transfer_id, allocations, candidates, because)))
    return written + "\r\n"


def _row(decision: Decision, transfer_id: str, allocations: str, candidates: str, because: str) -> str:
    verdict = _VERDICTS[decision.verdict]
    return f"{transfer_id},{verdict},{allocations},{candidates},{decision.confidence:.4f},{because}"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _NEEDS_QUOTES.search(cell) else cell
