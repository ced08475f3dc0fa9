"""The tables of cells in a file, of whatever kind it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kernel.sheets import Line, decode, read_csv, read_workbook
from orders.payments.feeds.formats.html import html_tables
from orders.payments.feeds.kinds import Kind


def tables(path: Path, kind: Kind) -> Iterator[Sequence[Line]]:
    """Each sheet or table of its own. Raises `SheetFault`."""
    if kind is Kind.WORKBOOK:
        yield from (sheet.rows for sheet in read_workbook(path))
    elif kind is Kind.HTML:
        yield from html_tables(path.read_bytes())
    else:
        yield read_csv(decode(path.read_bytes()))
