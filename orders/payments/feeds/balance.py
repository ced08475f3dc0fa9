"""Whether a statement adds up: opening + movements = closing, from row to row and in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orders.payments.feeds.statement import Direction, Refusal, Row, Statement


class BalanceState(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNSTATED = "unstated"  # the file gives nothing to compare


class MismatchKind(StrEnum):
    RUNNING = "running"
    CLOSING = "closing"
    TOTAL_IN = "total_in"
    TOTAL_OUT = "total_out"


@dataclass(frozen=True)
class Mismatch:
    """Where it does not add up: ``expected`` follows from the movements, ``found`` stands in the file at ``row``."""

    kind: MismatchKind
    row: int | None
    expected: int
    found: int


@dataclass(frozen=True)
class Balance:
    """The sums of a statement; ``opening`` and ``closing`` as stated, else as the rows' own balances imply."""

    state: BalanceState
    mismatch: Mismatch | None  # the first, in the order of time
    opening: int | None
    incoming: int
    outgoing: int
    closing: int | None
    newest_first: bool


def balances(statement: Statement) -> Balance:
    """Add the statement up, in whichever order of rows fits better. Links across a refused row prove nothing."""
    lines: list[Row | Refusal] = sorted([*statement.rows, *statement.refusals], key=_place)
    ways = [_walk(lines, statement), _walk(lines[::-1], statement)]
    backwards = _is_better(ways[1], ways[0], statement)
    walk = ways[backwards]
    mismatches = walk.mismatches + _totals(statement)
    compared = walk.compared + (statement.total_in is not None) + (statement.total_out is not None)
    agreed = BalanceState.AGREES if compared else BalanceState.UNSTATED
    return Balance(
        state=BalanceState.DIFFERS if mismatches else agreed,
        mismatch=mismatches[0] if mismatches else None,
        opening=walk.opening,
        incoming=_sum(statement, Direction.IN),
        outgoing=_sum(statement, Direction.OUT),
        closing=walk.last if statement.closing is None else statement.closing,
        newest_first=backwards,
    )


@dataclass(frozen=True)
class _Walk:
    """One pass through the lines in the order of time."""

    mismatches: list[Mismatch]
    compared: int
    opening: int | None
    last: int | None


def _walk(lines: Sequence[Row | Refusal], statement: Statement) -> _Walk:
    known = opening = statement.opening
    mismatches: list[Mismatch] = []
    compared = 0
    for place, line in enumerate(lines):
        if isinstance(line, Refusal):
            known = None
            continue
        if known is not None:
            known += line.signed
        if line.balance is None:
            continue
        if place == 0 and opening is None:
            opening = line.balance - line.signed
        if known is not None:
            compared += 1
            mismatches += _unless_equal(MismatchKind.RUNNING, line.number, known, line.balance)
        known = line.balance
    if known is not None and statement.closing is not None:
        compared += 1
        mismatches += _unless_equal(MismatchKind.CLOSING, None, known, statement.closing)
    return _Walk(mismatches, compared, opening, known)


def _is_better(backwards: _Walk, forwards: _Walk, statement: Statement) -> bool:
    if len(backwards.mismatches) != len(forwards.mismatches):
        return len(backwards.mismatches) < len(forwards.mismatches)
    times = [_time(row) for row in statement.rows]
    return bool(times) and times[0] > times[-1]


def _time(row: Row) -> tuple[date, float]:
    return row.booked_on, row.booked_at.timestamp() if row.booked_at else 0.0


def _totals(statement: Statement) -> list[Mismatch]:
    if statement.refusals:
        return []
    mismatches = []
    for kind, direction, stated in (
        (MismatchKind.TOTAL_IN, Direction.IN, statement.total_in),
        (MismatchKind.TOTAL_OUT, Direction.OUT, statement.total_out),
    ):
        if stated is not None:
            mismatches += _unless_equal(kind, None, _sum(statement, direction), stated)
    return mismatches


def _unless_equal(kind: MismatchKind, row: int | None, expected: int, found: int) -> list[Mismatch]:
    return [] if expected == found else [Mismatch(kind, row, expected, found)]


def _sum(statement: Statement, direction: Direction) -> int:
    return sum(row.amount for row in statement.rows if row.direction is direction)


def _place(line: Row | Refusal) -> int:
    return line.number if isinstance(line, Row) else line.row
