"""Labelled files as examples: orders.csv, transfers.csv and truth.csv of a folder, decided as in a rehearsal."""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from orders.payments.fitting.examples import Example, vector
from orders.payments.matcher.answers import weighed
from orders.payments.matcher.decide import Bid, desk_of, first_looks, settle
from orders.payments.matcher.facts import TransferFacts
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.score import Scored, pointed_by
from orders.payments.matcher.sight import Sight
from orders.payments.rehearsal_faults import CellFault, Wrong
from orders.payments.rehearsal_files import read_book, read_transfers
from orders.payments.rehearsal_rows import read_rows

COLUMNS = ("transfer_id", "truth", "must", "tops")
_MUST = ("any", "any_or_review", "review", "none", "hopeless")
_EVERY_SO_OFTEN = 200


class Truth(NamedTuple):
    """``ways``: the allocations that are right, each by code; ``first``: orders that a human should see first."""

    ways: tuple[dict[str, int], ...]
    first: frozenset[str]
    must: str

    @property
    def known(self) -> bool:
        """Whether anybody has said what the transfer pays: an order, or none."""
        return bool(self.ways or self.first) or self.must == "none"

    @property
    def one_of(self) -> bool:
        """Whether one of several orders is meant, and nobody can tell which."""
        return not self.ways and len(self.first) > 1

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for way in self.ways for code in way) or self.first


def examples_of(folder: Path, *, told: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Example]:
    """An example for each transfer of which the truth is known. A faulty file raises FileFault."""
    desk = desk_of(read_book(folder / "orders.csv"))
    desk.book.prepare()
    transfers = [facts for block in read_transfers(folder / "transfers.csv") for facts in block.facts]
    truths = read_truth(folder / "truth.csv", codes=desk.book.by_code.keys(), transfers={t.id for t in transfers})
    looks = enumerate(first_looks(transfers, desk))
    claims = {place: look.claim for place, look in looks if isinstance(look, Bid)}
    granted = claims | settle(claims, dict(enumerate(transfers)), desk=desk)
    before = Desk(desk.book, Ledger(desk.book), desk.weights)
    for place, transfer in enumerate(transfers):
        if place % _EVERY_SO_OFTEN == 0:
            told(place, len(transfers))
        truth = truths.get(transfer.id)
        if truth and truth.known:
            claim = granted.get(place)
            yield (_matched(transfer, before, claim=claim, truth=truth) if claim else _asked(transfer, desk, truth))


def _asked(transfer: TransferFacts, desk: Desk, truth: Truth) -> Example:
    scored = weighed([Sight(transfer, desk.book)], desk)[0][1]
    return replace(_example(transfer, desk, scored=scored, codes=truth.codes), one_of=truth.one_of)


def _matched(transfer: TransferFacts, before: Desk, *, claim: Claim, truth: Truth) -> Example:
    """Its candidates as they were before anything was placed. It is right if each order got what the truth says."""
    given = {before.book.orders[number].code: share for number, share in claim.shares}
    scored = weighed([Sight(transfer, before.book)], before)[0][1]
    example = _example(transfer, before, scored=scored, codes=truth.codes)
    right = example.right if given in truth.ways else frozenset[int]()
    return replace(example, right=right, asked=False, tier=claim.tier)


def _example(transfer: TransferFacts, desk: Desk, *, scored: list[Scored], codes: frozenset[str]) -> Example:
    size = -desk.book.frequencies.log_size
    candidates = tuple(vector(one.clues, desk.weights, fixed=size) for one in scored)
    right = frozenset(place for place, one in enumerate(scored) if desk.book.orders[one.number].code in codes)
    return Example(transfer.id, candidates, right, pointed_by(scored[0].clues) if scored else "name")


def read_truth(path: Path, *, codes: Container[str], transfers: Container[str]) -> dict[str, Truth]:
    """TRUTH.csv by transfer. Alternatives are parted by ``|``, orders that are paid together by ``;``."""

    def truth(row: Sequence[str]) -> tuple[str, Truth]:
        transfer_id, ways, must, tops = row
        if transfer_id not in transfers:
            raise CellFault("transfer_id", Wrong.NO_TRANSFER, transfer_id)
        if must not in _MUST:
            raise CellFault("must", Wrong.CHOICE, must, ", ".join(_MUST))
        told = Truth(tuple(_way(way) for way in _split(ways)), frozenset(_split(tops)), must)
        for code in sorted(told.codes):
            if code not in codes:
                raise CellFault("truth" if told.ways else "tops", Wrong.NO_ORDER, code)
        return transfer_id, told

    return dict(read_rows(path, COLUMNS, optional=(), make=truth))


def _split(text: str) -> list[str]:
    return [part for part in text.split("|") if part]


def _way(text: str) -> dict[str, int]:
    found = re.findall(r"([^:;]+):([0-9]{1,13})(?:;|$)", text)
    if ";".join(":".join(pair) for pair in found) != text:
        raise CellFault("truth", Wrong.SHARES, text)
    return {code: int(amount) for code, amount in found}
