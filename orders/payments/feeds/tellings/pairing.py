"""Which tellings of one feed are transfers that another feed has told before; what is in doubt. Plain Python.

    reference, and memos that agree        → the same
    memo and day                           → the same; as many twins as either feed tells
    one memo within the other, one pair    → the same
    the same, but several pairs; one reference under unlike memos; one order's code or phone under unlike
    memos; one memo at an hour of one day and under the date of the next → a person looks at both

What nothing joins is a transfer of its own. Within a group of equal tellings each joins the first that its own feed has
not told yet, so their number is the largest that any feed tells, whatever came first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from orders.payments.feeds.tellings.told import Told, contradict, holds, same_text

_DAY = timedelta(days=1)
_MOST_LOOKED_AT = 50  # of those under one key: where more are alike, more looking makes nothing clearer
MOST_SHOWN = 5


class Why(StrEnum):
    """Why a telling is in doubt. ``CHANGED``: its number is known, with another amount or account."""

    CHANGED = "changed"
    SEVERAL = "several"
    REFERENCE = "reference"
    UNLIKE = "unlike"
    NEXT_DAY = "next_day"


class Standing(NamedTuple):
    """A transfer that the feed at hand has not told yet, as another one told it."""

    transfer_id: int
    told: Told


@dataclass(frozen=True)
class Paired:
    """By the telling's key: the transfer that it is, or why it is in doubt and which transfers it may be."""

    joined: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, tuple[Why, list[int]]] = field(default_factory=dict)


def pair(tellings: Sequence[Told], standing: Sequence[Standing]) -> Paired:
    """Pair the tellings of one feed with what stands. Answers nothing of those that are transfers of their own."""
    pairing = _Pairing(standing)
    if standing:
        pairing.by_reference(tellings)
        pairing.by_text(tellings)
        pairing.by_holding(tellings)
        pairing.in_doubt(tellings)
    return pairing.paired


class _Pairing:
    def __init__(self, standing: Sequence[Standing]) -> None:
        self.paired = Paired()
        self._taken: set[int] = set()
        self._under: dict[tuple[str, date], list[Standing]] = defaultdict(list)
        self._first_free: dict[tuple[str, date], int] = defaultdict(int)
        for each in sorted(standing, key=lambda each: each.transfer_id):
            for key in each.told.keys:
                self._under[key, each.told.booked_on].append(each)

    def by_reference(self, tellings: Sequence[Told]) -> None:
        for told in self._open(tellings):
            found = [each for each in self._near(told, "r") if same_text(told, each.told) or _agrees(told, each.told)]
            if found:
                self._join(told, min(found, key=lambda each: (not same_text(told, each.told), each.transfer_id)))

    def by_text(self, tellings: Sequence[Told]) -> None:
        for told in self._open(tellings):
            alike = (each for each in self._of_its_day(told, "m") if not contradict(told, each.told))
            if found := next(alike, None):
                self._join(told, found)

    def by_holding(self, tellings: Sequence[Told]) -> None:
        """Only where it is the one pair that there is, from both sides."""
        may_be = {told.key: _ids(self._holding(told)) for told in self._open(tellings)}
        claimed = Counter(transfer_id for ids in may_be.values() for transfer_id in ids)
        for key, ids in may_be.items():
            if len(ids) == 1 and claimed[ids[0]] == 1:
                self._take(key, ids[0])
            elif ids:
                self.paired.doubtful[key] = (Why.SEVERAL, ids[:MOST_SHOWN])

    def in_doubt(self, tellings: Sequence[Told]) -> None:
        for told in self._open(tellings):
            for why, found in (
                (Why.REFERENCE, list(self._near(told, "r"))),
                (Why.UNLIKE, [each for each in self._of_its_day(told, "t") if not contradict(told, each.told)]),
                (Why.NEXT_DAY, [each for each in self._of_next_days(told) if _over_night(told, each.told)]),
            ):
                if found:
                    self.paired.doubtful[told.key] = (why, _ids(found)[:MOST_SHOWN])
                    break

    def _open(self, tellings: Sequence[Told]) -> list[Told]:
        paired = self.paired
        return [told for told in tellings if told.key not in paired.joined and told.key not in paired.doubtful]

    def _join(self, told: Told, found: Standing) -> None:
        self._take(told.key, found.transfer_id)

    def _take(self, key: str, transfer_id: int) -> None:
        self.paired.joined[key] = transfer_id
        self._taken.add(transfer_id)

    def _holding(self, told: Told) -> list[Standing]:
        near = [each for kind in ("t", "p") for each in self._of_its_day(told, kind)]
        return [each for each in near if holds(told, each.told) and not contradict(told, each.told)]

    def _near(self, told: Told, kind: str) -> Iterator[Standing]:
        for day in (told.booked_on, told.booked_on - _DAY, told.booked_on + _DAY):
            yield from self._at(told, kind, day)

    def _of_its_day(self, told: Told, kind: str) -> Iterator[Standing]:
        return self._at(told, kind, told.booked_on)

    def _of_next_days(self, told: Told) -> Iterator[Standing]:
        for kind in ("m", "t", "p"):
            for day in (told.booked_on - _DAY, told.booked_on + _DAY):
                yield from self._at(told, kind, day)

    def _at(self, told: Told, kind: str, day: date) -> Iterator[Standing]:
        """What is free under the telling's keys on that day. Those in front that are taken are passed once for all."""
        for key in told.keys_of(kind):
            listed = self._under.get((key, day), [])
            first = self._first_free[key, day]
            while first < len(listed) and listed[first].transfer_id in self._taken:
                first += 1
            self._first_free[key, day] = first
            looked_at = islice(listed, first, first + _MOST_LOOKED_AT)
            yield from (each for each in looked_at if each.transfer_id not in self._taken)


def _agrees(one: Told, other: Told) -> bool:
    """Memos that do not speak against one reference: one within the other, or one that is not there."""
    return holds(one, other) or "" in one.bodies or "" in other.bodies


def _over_night(one: Told, other: Told) -> bool:
    """One memo at an hour, and under the date of the day after it where no hour is told: paid after a cut-off.

    At any hour: an early twin may have been taken for the late one before.
    """
    first, second = sorted((one, other), key=lambda told: told.booked_on)
    hours = first.tells_the_hour and not second.tells_the_hour
    return hours and not contradict(one, other) and (same_text(one, other) or holds(one, other))


def _ids(found: Collection[Standing]) -> list[int]:
    return sorted({each.transfer_id for each in found})
