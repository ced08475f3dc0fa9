"""What runs in the sandbox: a file becomes a statement or the reason why not, both as JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kernel.sheets import Line, SheetFault, decode, read_csv, read_workbook
from orders.payments.feeds import facts
from orders.payments.feeds.facts import Label
from orders.payments.feeds.kinds import Kind, kind_of
from orders.payments.feeds.layouts import Column, Heading, find_heading
from orders.payments.feeds.movements import Table, sort_lines, table
from orders.payments.feeds.statement import FaultReason, Statement, Unreadable


def parse(path: str) -> dict[str, Any]:
    """``{"statement": …}`` or ``{"fault": reason}`` for the file at ``path``."""
    try:
        return {"statement": read_table(*_only_table(Path(path))).to_json()}
    except Unreadable as fault:
        return {"fault": fault.reason.value}
    except SheetFault as fault:
        return {"fault": _WHOLE_FILE.get(fault.reason.value, FaultReason.BROKEN).value}


_WHOLE_FILE = {reason.value: reason for reason in FaultReason} | {"not_text": FaultReason.NOT_A_TABLE}


def _only_table(path: Path) -> tuple[Sequence[Line], Heading]:
    """The one table of movements in the file."""
    found = [(lines, heading) for lines in _tables(path) if (heading := find_heading(lines))]
    if len(found) > 1:
        raise Unreadable(FaultReason.SEVERAL_STATEMENTS)
    if not found:
        raise Unreadable(FaultReason.UNKNOWN_LAYOUT)
    return found[0]


def _tables(path: Path) -> Iterator[Sequence[Line]]:
    if kind_of(path) is Kind.WORKBOOK:
        yield from (sheet.rows for sheet in read_workbook(path))
    else:
        yield read_csv(decode(path.read_bytes()))


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
