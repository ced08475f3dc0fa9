"""Which rows are evidence: the tables that the chain seals, and those of their columns that never change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

Trim = Callable[[Any], Any]
"""From a JSON value what never changes of it."""


@dataclass(frozen=True)
class Evidence:
    """Rows of ``table``, told apart by their ``id``. ``forms``: the columns that are sealed beside it.

    A column that comes later makes another form: add it at the end, and links sealed before are read as they were.
    """

    table: str
    forms: tuple[tuple[str, ...], ...]
    trims: Mapping[str, Trim] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The number of the form that is sealed now, from 1."""
        return len(self.forms)

    def columns(self, form: int) -> tuple[str, ...]:
        return ("id", *self.forms[form - 1])


def of(table: str, columns: str, **trims: Trim) -> Evidence:
    """A table with one form so far."""
    return Evidence(table, (tuple(columns.split()),), trims)


def install(app: Flask, listed: Sequence[Evidence]) -> None:
    """Tell the chain what ``app`` keeps as evidence."""
    app.extensions["evidence"] = tuple(listed)


def every_evidence() -> tuple[Evidence, ...]:
    listed: tuple[Evidence, ...] = current_app.extensions["evidence"]
    return listed
