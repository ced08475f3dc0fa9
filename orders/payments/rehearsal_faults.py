"""What can be wrong with a rehearsal's files: as values that cross to another process; ``fault_words`` words them."""

import csv
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import NamedTuple

_CELL = re.compile(r'(?:"(?:[^"]|"")*+"|[^",\r\n][^,\r\n]*+)?')
_LINE_BREAK = re.compile("\r\n|\r|\n")
_OTHER_DELIMITERS = ";\t|"
_NO_TEXT = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as ``surrogateescape`` reads them


class Wrong(StrEnum):
    """What is wrong with a cell, a row, or a file."""

    TWICE = "twice"
    EMPTY = "empty"
    NO_COLUMN = "no column"
    COLUMN_TWICE = "column twice"
    WIDTH = "width"
    DELIMITER = "delimiter"
    CHOICE = "choice"
    SUM = "sum"
    MOMENT = "moment"
    DATE = "date"
    YEAR = "year"
    NOT_UTF8 = "not UTF-8"
    NUL = "NUL"
    QUOTE = "quote"
    TOO_LONG = "too long"
    UNREADABLE = "unreadable"
    NO_FILE = "no file"
    NO_TRANSFER = "no transfer"
    NO_ORDER = "no order"
    SHARES = "shares"


class CellFault(Exception):
    """``value`` is what stands there, ``expected`` what may."""

    def __init__(self, column: str, wrong: Wrong, value: str = "", expected: str = "") -> None:
        super().__init__(column, wrong, value, expected)
        self.column, self.wrong, self.value, self.expected = column, wrong, value, expected


class FileFault(ValueError):
    """A file that cannot be read: which, where (a row is named by its first line), and why."""

    def __init__(self, path: Path, line: int, fault: CellFault) -> None:
        super().__init__(path, line, fault)  # all of them, so that it can cross to another process
        self.path, self.line, self.fault = path, line, fault
        self.column = fault.column

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.fault.wrong} {self.fault.value}"


class _Place(NamedTuple):
    line: int
    cells: list[str]
    broken: str  # what csv says of the row, if it is none


def first_line(last: int, cells: Sequence[str]) -> int:
    """The first line of a row that ended on line ``last``."""
    return max(1, last - sum(len(_LINE_BREAK.findall(cell)) for cell in cells))


def located(path: Path, columns: Sequence[str]) -> FileFault:
    """The first fault of a file that is no text, or no CSV: it is read once more, slowly, to find it."""
    head: list[str] = []
    for line, cells, broken in _rows(path):
        place, wrong = _fault_of(path, line, cells, broken)
        if wrong:
            column = head[place] if place < len(head) else columns[0] if not head else "?"
            return FileFault(path, line, CellFault(column, wrong, expected=str(csv.field_size_limit())))
        head = head or cells
    return FileFault(path, 1, CellFault("?", Wrong.UNREADABLE))


def _rows(path: Path) -> Iterator[_Place]:
    """Rows with their first lines, up to one that is broken."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader, line = csv.reader(file, strict=True), 1
        try:
            for cells in reader:
                yield _Place(line, cells, "")
                line = reader.line_num + 1
        except csv.Error as error:
            yield _Place(line, [], str(error))


def _fault_of(path: Path, line: int, cells: list[str], broken: str) -> tuple[int, Wrong | None]:
    if broken:
        return _broken_cell(path, line), Wrong.TOO_LONG if "limit" in broken else Wrong.QUOTE
    for place, cell in enumerate(cells):
        if _NO_TEXT.search(cell):
            return place, Wrong.NOT_UTF8
        if "\0" in cell:
            return place, Wrong.NUL
    return 0, None


def _broken_cell(path: Path, line: int) -> int:
    """Which cell of the row that begins on ``line`` does not end as a cell must, or never ends."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        text = "".join(islice(file, line - 1, None))
    place = at = 0
    while (found := _CELL.match(text, at)) and found.end() - at <= csv.field_size_limit():
        if text[found.end() : found.end() + 1] != ",":
            break
        place, at = place + 1, found.end() + 1
    return place


def other_delimiter(head: Sequence[str], columns: Sequence[str]) -> CellFault | None:
    """A heading that is all there, but parted by something else than commas."""
    line = ",".join(head)
    for delimiter in _OTHER_DELIMITERS:
        if {columns[0], columns[1]} <= {name.strip(' "') for name in line.split(delimiter)}:
            return CellFault(columns[0], Wrong.DELIMITER, delimiter)
    return None
