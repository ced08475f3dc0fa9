"""The tables of an HTML page, such as banks save under the name of .xls. Nothing is fetched, nothing run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from kernel.sheets import Bounds, Line, SheetFault, SheetReason, decode

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_OURS = {"windows-1258": "cp1258", "cp1258": "cp1258", "utf-16": "utf-16"}
_UNSEEN = {"style", "script", "title", "xml"}
_LINE_ENDS = {"br", "p", "div"}
_MOST_SPANNED = 100
_BOUNDS = Bounds()


def html_tables(raw: bytes, bounds: Bounds = _BOUNDS) -> Iterator[Sequence[Line]]:
    """The innermost tables, and all rows of the page after each other, where a bank draws one table a row."""
    if raw[:20_000_000].lower().count(b"<tr") > bounds.rows:
        raise SheetFault(SheetReason.TOO_MANY_ROWS)
    reader = _Reader(bounds)
    reader.feed(_text(raw))
    reader.close()
    reader.end()
    if len(reader.found) > 1:
        yield [line for lines in reader.found for line in lines]
    else:
        yield from reader.found


def _text(raw: bytes) -> str:
    named = _CHARSET.search(raw[:4096])
    encoding = _OURS.get(named[1].decode("ascii", "replace").lower()) if named else None
    return decode(raw, told=encoding)


@dataclass
class _Table:
    lines: list[Line] = field(default_factory=list)
    hanging: dict[int, int] = field(default_factory=dict)
    """Column → how many more rows a cell from above reaches into."""
    row: Line | None = None
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)


class _Reader(HTMLParser):
    """Forgiving as browsers are: rows and cells end where the next begins."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[Line]] = []
        self._bounds = bounds
        self._open: list[_Table] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._open.append(_Table())
        elif self._open and tag == "tr":
            self._end_row(self._open[-1])
            self._open[-1].row = []
        elif self._open and tag in {"td", "th"}:
            self._begin_cell(self._open[-1], dict(attrs))
        elif tag in _LINE_ENDS:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._open:
            self._end_table()
        elif self._open and tag in {"tr", "thead", "tbody", "tfoot"}:
            self._end_row(self._open[-1])
        elif self._open and tag in {"td", "th"}:
            self._end_cell(self._open[-1])

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell is not None and not self._unseen:
            self._open[-1].cell.append(data)

    def end(self) -> None:
        """A file that stops within a table was cut off."""
        if self._open:
            raise SheetFault(SheetReason.BROKEN)

    def _begin_cell(self, table: _Table, attributes: dict[str, str | None]) -> None:
        self._end_cell(table)
        table.row = [] if table.row is None else table.row
        table.spans = _span(attributes.get("colspan")), _span(attributes.get("rowspan"))
        table.cell = []

    def _end_cell(self, table: _Table) -> None:
        if table.cell is None or table.row is None:
            return
        _fill(table)
        wide, deep = table.spans
        for place in range(len(table.row), len(table.row) + wide):
            if deep > 1:
                table.hanging[place] = deep - 1
        table.row += [_tidy("".join(table.cell)), *[""] * (wide - 1)]
        table.cell = None
        if len(table.row) > self._bounds.columns:
            raise SheetFault(SheetReason.TOO_MANY_COLUMNS)
        if len(str(table.row[-wide])) > self._bounds.cell:
            raise SheetFault(SheetReason.CELL_TOO_LONG)

    def _end_row(self, table: _Table) -> None:
        self._end_cell(table)
        if table.row is None:
            return
        _fill(table)
        table.lines.append(table.row)
        table.row = None

    def _end_table(self) -> None:
        table = self._open.pop()
        self._end_row(table)
        if self._open and self._open[-1].cell is not None and not _is_table(table.lines):
            self.handle_data(" ".join(str(cell) for line in table.lines for cell in line if cell))
        elif table.lines:
            self.found.append(table.lines)


def _is_table(lines: Sequence[Line]) -> bool:
    """A single row within another table's cell only arranges words."""
    return len(lines) > 1


def _fill(table: _Table) -> None:
    """Places that a cell from above takes are empty in this row."""
    while table.row is not None and table.hanging.get(len(table.row), 0) > 0:
        table.hanging[len(table.row)] -= 1
        table.row.append("")


def _span(text: str | None) -> int:
    number = int(text) if text and text.strip().isdecimal() and len(text.strip()) <= 3 else 1
    return min(max(number, 1), _MOST_SPANNED)


def _tidy(text: str) -> str:
    """Lines of a cell, without the blanks of the page's source."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
