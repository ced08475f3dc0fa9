"""The way in: an uploaded file becomes a statement, or a refusal in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kernel.errors import MarketError
from kernel.sandbox import Crashed, SandboxFault, TooMuchAnswer, TooMuchMemory, TooSlow, run_limited
from orders.payments.feeds.mapping import Look
from orders.payments.feeds.parse import parse
from orders.payments.feeds.statement import FaultReason, Statement
from orders.payments.feeds.wording import fault_words

log = logging.getLogger(__name__)

MB = 1024 * 1024
MOST_BYTES = 20 * MB  # an XLSX of 200,000 rows packs into about 16 MB
MEMORY_MB = 640  # 200,000 rows take 440
ANSWER_MB = 128
CPU_SECONDS = 4  # and 2 more for each MB: 100,000 rows, 6 MB as XLSX and 18 MB as CSV, take about 7
WALL_TO_CPU = 4  # a busy machine is no reason to refuse

_FAULTS = {
    TooMuchMemory: FaultReason.SWOLLEN,
    TooSlow: FaultReason.TOO_SLOW,
    TooMuchAnswer: FaultReason.TOO_MANY_ROWS,
    Crashed: FaultReason.CRASHED,
}


class StatementFault(MarketError):
    """A file that is no statement we can read. ``reason`` is its code, the message its words."""

    status = 422

    def __init__(self, reason: FaultReason, filename: str) -> None:
        super().__init__(fault_words(reason, filename))
        self.reason = reason


class NeedsMapping(StatementFault):
    """A table whose columns nobody has named yet. ``look`` is what to show to who may."""

    def __init__(self, filename: str, look: Look) -> None:
        super().__init__(FaultReason.UNMAPPED, filename)
        self.look = look


@dataclass(frozen=True)
class Reading:
    """What a file says; ``look``: its table, where a person may say otherwise which column is what."""

    statement: Statement
    look: Look | None = None


Mappings = Mapping[str, Mapping[str, Any]]
"""Fingerprint of headings → what a clerk said of the columns below them, as JSON."""


def read_statement(path: Path, *, filename: str, mappings: Mappings | None = None) -> Statement:
    """The statement in the file at ``path``, parsed in the sandbox. ``filename``, as the clerk knows it, is for words.

    Raises `StatementFault` for the whole file; single rows that cannot be read stand in the statement's refusals.
    """
    return read_file(path, filename=filename, mappings=mappings).statement


def read_file(path: Path, *, filename: str, mappings: Mappings | None = None) -> Reading:
    """As `read_statement`; with a look at the table, where its layout is not a known bank's."""
    if path.stat().st_size > MOST_BYTES:
        raise StatementFault(FaultReason.TOO_LARGE, filename)
    try:
        return _reading(_parsed_in_the_sandbox(path, mappings or {}), filename)
    except SandboxFault as fault:
        log.warning("The parser gave no answer: %s", fault.detail)
        raise StatementFault(_FAULTS[type(fault)], filename) from fault
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # the answer of a parser that was taken over
        raise StatementFault(FaultReason.CRASHED, filename) from error


def _reading(answer: dict[str, Any], filename: str) -> Reading:
    look = Look.from_json(answer["look"]) if answer.get("look") else None
    if answer.get("fault") == FaultReason.UNMAPPED and look:
        raise NeedsMapping(filename, look)
    if "fault" in answer:
        raise StatementFault(FaultReason(answer["fault"]), filename)
    return Reading(Statement.from_json(answer["statement"]), look)


def _parsed_in_the_sandbox(path: Path, mappings: Mappings) -> dict[str, Any]:
    cpu_seconds = CPU_SECONDS + 2 * path.stat().st_size // MB
    return run_limited(
        parse,
        str(path.resolve()),
        mappings,
        memory_mb=MEMORY_MB,
        cpu_seconds=cpu_seconds,
        wall_seconds=cpu_seconds * WALL_TO_CPU,
        answer_mb=ANSWER_MB,
    )
