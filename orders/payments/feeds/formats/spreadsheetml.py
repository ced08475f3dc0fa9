"""The sheets of a workbook in Excel's XML of 2003, which some banks save under the name of .xls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from kernel.sheets import Bounds, Cell, Line, SheetFault, SheetReason
from orders.payments.feeds.formats.xml import all_at, children, name_of

_BOUNDS = Bounds()
_NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"


def spreadsheet_tables(root: Element, bounds: Bounds = _BOUNDS) -> Iterator[Sequence[Line]]:
    """None, if it is another kind of XML. Raises `SheetFault`."""
    if name_of(root) == "Workbook":
        yield from (_lines(table, bounds) for table in all_at(root, "Worksheet/Table"))


def _lines(table: Element, bounds: Bounds) -> list[Line]:
    lines: list[Line] = []
    for row in children(table, "Row"):
        at = _index(row, len(lines))
        if at >= bounds.rows:
            raise SheetFault(SheetReason.TOO_MANY_ROWS)
        lines += [[] for _ in range(len(lines), at)]
        lines.append(_line(row, bounds))
    return lines


def _line(row: Element, bounds: Bounds) -> Line:
    line: Line = []
    for cell in children(row, "Cell"):
        at = _index(cell, len(line))
        if at >= bounds.columns:
            raise SheetFault(SheetReason.TOO_MANY_COLUMNS)
        line += [""] * (at - len(line))
        line += [_value(cell), *[""] * min(_number(cell, "MergeAcross"), bounds.columns)]
    return line


def _index(element: Element, usual: int) -> int:
    """Where it says it stands, counted from 0; without a word, behind the one before."""
    return max(_number(element, "Index") - 1, usual) if element.get(f"{_NAMESPACE}Index") else usual


def _number(element: Element, name: str) -> int:
    text = element.get(f"{_NAMESPACE}{name}", "")
    return int(text) if text.isdecimal() and len(text) <= 7 else 0


def _value(cell: Element) -> Cell:
    data = next(iter(children(cell, "Data")), None)
    if data is None:
        return ""
    text = "".join(data.itertext()).strip()
    kind = data.get(f"{_NAMESPACE}Type", "String")
    if kind == "DateTime":
        return text.removesuffix("Z").split(".")[0]
    try:
        return float(text) if kind == "Number" and text else text
    except ValueError:
        return text
