"""What runs in the sandbox: a file becomes a statement or the reason why not, both as JSON values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from kernel.sheets import Line, SheetFault, decode
from orders.payments.feeds import facts
from orders.payments.feeds.columns import Column
from orders.payments.feeds.directions import made_clear
from orders.payments.feeds.facts import Label
from orders.payments.feeds.formats.camt053 import camt053_in, read_camt053
from orders.payments.feeds.formats.mt940 import read_mt940
from orders.payments.feeds.formats.spreadsheetml import spreadsheet_tables
from orders.payments.feeds.formats.tables import tables
from orders.payments.feeds.formats.xml import root_of
from orders.payments.feeds.heading import Heading, find_heading
from orders.payments.feeds.kinds import Kind, kind_of
from orders.payments.feeds.mapping import ColumnMapping, find_mapped, look_at
from orders.payments.feeds.movements import sort_lines
from orders.payments.feeds.statement import FaultReason, Statement, Unreadable
from orders.payments.feeds.table import Table, table


def parse(path: str, mapped: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """``{"statement": …}`` or ``{"fault": reason}`` for the file at ``path``.

    ``mapped``: what clerks have said of columns, by the headings' fingerprint. ``look`` is added where a clerk may say
    which column is what.
    """
    try:
        return _read(Path(path), [ColumnMapping.from_json(key, told) for key, told in (mapped or {}).items()])
    except Unreadable as fault:
        return {"fault": fault.reason.value}
    except SheetFault as fault:
        return {"fault": _WHOLE_FILE.get(fault.reason.value, FaultReason.BROKEN).value}


_WHOLE_FILE = {reason.value: reason for reason in FaultReason} | {"not_text": FaultReason.NOT_A_TABLE}


def _read(path: Path, mappings: Collection[ColumnMapping]) -> dict[str, Any]:
    kind = kind_of(path)
    if kind is Kind.MT940:
        return {"statement": read_mt940(decode(path.read_bytes())).to_json()}
    if kind is not Kind.XML:
        return _from_tables(list(tables(path, kind)), mappings)
    root = root_of(path.read_bytes())
    if (message := camt053_in(root)) is not None:
        return {"statement": read_camt053(message).to_json()}
    return _from_tables(list(spreadsheet_tables(root)), mappings)


def _from_tables(found: Sequence[Sequence[Line]], mappings: Collection[ColumnMapping]) -> dict[str, Any]:
    """The one table of movements in the file; with a look at it, unless its bank's layout is known."""
    headed = [(lines, heading) for lines in found if (heading := _heading(lines, mappings))]
    if len(headed) > 1:
        raise Unreadable(FaultReason.SEVERAL_STATEMENTS)
    if headed:
        lines, heading = headed[0]
        statement = {"statement": read_table(lines, heading).to_json()}
        return statement if heading.is_whole else statement | {"look": look_at([lines], heading)}
    if look := look_at(found):
        return {"fault": FaultReason.UNMAPPED.value, "look": look}
    raise Unreadable(FaultReason.UNKNOWN_LAYOUT)


def _heading(lines: Sequence[Line], mappings: Collection[ColumnMapping]) -> Heading | None:
    if mapped := find_mapped(lines, mappings):
        return mapped
    heading = find_heading(lines)
    return made_clear(lines, heading) if heading else None


def read_table(lines: Sequence[Line], heading: Heading) -> Statement:
    """The statement in ``lines``, whose columns are headed by ``heading``."""
    read_as = table(lines, heading)
    movements = sort_lines(lines, read_as)
    around = [*lines[: heading.index], *movements.notes]
    facts.check_currency(around)
    period_from, period_to = facts.period(around)
    total_in, total_out, last_balance = _totals(movements.notes, read_as)
    closing = facts.stated(around, Label.CLOSING, read_as.grouping)
    return Statement(
        layout=heading.layout.name,
        bank_code=_bank(lines, heading),
        account_number=facts.account_number(around),
        holder=facts.holder(around),
        period_from=period_from,
        period_to=period_to,
        opening=facts.stated(around, Label.OPENING, read_as.grouping),
        closing=last_balance if closing is None else closing,
        total_in=total_in,
        total_out=total_out,
        rows=tuple(movements.rows),
        refusals=tuple(movements.refusals),
    )


def _bank(lines: Sequence[Line], heading: Heading) -> str | None:
    """The bank that is named above the table, else the one whose layout it is, if all of that is there."""
    named = facts.bank_named(lines[: heading.index])
    return named or (heading.layout.bank_code if heading.is_whole else "") or None


def _totals(notes: Sequence[Line], read_as: Table) -> tuple[int | None, int | None, int | None]:
    """Credits, debits and balance as the last row of totals gives them."""
    for line in reversed(notes):
        if any(found.label is Label.TOTAL for found in facts.labels(line)):
            cells = (read_as.cell(line, column) for column in (Column.CREDIT, Column.DEBIT, Column.BALANCE))
            total_in, total_out, balance = (facts.amount(cell, read_as.grouping) for cell in cells)
            return total_in, total_out, balance
    return None, None, None
