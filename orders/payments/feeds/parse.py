"""What runs in the sandbox: a file becomes a statement or the reason why not, both as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from kernel.sheets import Line, SheetFault, decode
from orders.payments.feeds import facts
from orders.payments.feeds.facts import Label
from orders.payments.feeds.formats.camt053 import is_camt053, read_camt053
from orders.payments.feeds.formats.mt940 import read_mt940
from orders.payments.feeds.formats.spreadsheetml import spreadsheet_tables
from orders.payments.feeds.formats.tables import tables
from orders.payments.feeds.formats.xml import root_of
from orders.payments.feeds.kinds import Kind, kind_of
from orders.payments.feeds.layouts import Column, Heading, find_heading
from orders.payments.feeds.movements import Table, sort_lines, table
from orders.payments.feeds.statement import FaultReason, Statement, Unreadable


def parse(path: str) -> dict[str, Any]:
    """``{"statement": …}`` or ``{"fault": reason}`` for the file at ``path``."""
    try:
        return {"statement": _read(Path(path)).to_json()}
    except Unreadable as fault:
        return {"fault": fault.reason.value}
    except SheetFault as fault:
        return {"fault": _WHOLE_FILE.get(fault.reason.value, FaultReason.BROKEN).value}


_WHOLE_FILE = {reason.value: reason for reason in FaultReason} | {"not_text": FaultReason.NOT_A_TABLE}


def _read(path: Path) -> Statement:
    kind = kind_of(path)
    if kind is Kind.MT940:
        return read_mt940(decode(path.read_bytes()))
    if kind is Kind.XML:
        return _from_xml(root_of(path.read_bytes()))
    return read_table(*_only_table(tables(path, kind)))


def _from_xml(root: Element) -> Statement:
    if is_camt053(root):
        return read_camt053(root)
    return read_table(*_only_table(spreadsheet_tables(root)))


def _only_table(found: Iterable[Sequence[Line]]) -> tuple[Sequence[Line], Heading]:
    """The one table of movements in the file."""
    headed = [(lines, heading) for lines in found if (heading := find_heading(lines))]
    if len(headed) > 1:
        raise Unreadable(FaultReason.SEVERAL_STATEMENTS)
    if not headed:
        raise Unreadable(FaultReason.UNKNOWN_LAYOUT)
    return headed[0]


def read_table(lines: Sequence[Line], heading: Heading) -> Statement:
    """The statement in ``lines``, whose columns are headed by ``heading``."""
    read_as = table(lines, heading)
    movements = sort_lines(lines, read_as)
    around = [*lines[: heading.index], *movements.notes]
    period_from, period_to = facts.period(around)
    total_in, total_out, last_balance = _totals(movements.notes, read_as)
    closing = facts.stated(around, Label.CLOSING, read_as.grouping)
    return Statement(
        layout=heading.layout.name,
        bank_code=heading.layout.bank_code,
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


def _totals(notes: Sequence[Line], read_as: Table) -> tuple[int | None, int | None, int | None]:
    """Credits, debits and balance as the last row of totals gives them."""
    for line in reversed(notes):
        if any(found.label is Label.TOTAL for found in facts.labels(line)):
            cells = (read_as.cell(line, column) for column in (Column.CREDIT, Column.DEBIT, Column.BALANCE))
            total_in, total_out, balance = (facts.amount(cell, read_as.grouping) for cell in cells)
            return total_in, total_out, balance
    return None, None, None
