"""The rows of a rehearsal's files: by columns, which is quick, and one by one, which names a fault."""

import csv
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO, TypeVar

from orders.payments.rehearsal_faults import (
    CellFault,
    FileFault,
    Wrong,
    first_line,
    located,
    other_delimiter,
)

BLOCK = 200  # rows

Row = tuple[str, ...]
Columns = list[Row]
_Facts = TypeVar("_Facts")


class Odd(Exception):
    """A file that is not as it should be: ``read_rows`` says where and why."""


def read_columns(path: Path, columns: Sequence[str], *, optional: Container[str]) -> Iterator[Columns]:
    """The ``columns`` of BLOCK rows at a time. Anything wrong raises Odd.

    Of an ``optional`` one that the file lacks, all cells are empty. Whether each key stands only once is not looked at.
    """
    with _opened(path, columns) as file:
        reader = csv.reader(file, strict=True)
        try:
            head = next(reader, [])
            places = _places(head, columns, optional)
            while rows := list(islice(filter(None, reader), BLOCK)):
                if {*map(len, rows)} != {len(head)}:
                    raise Odd
                cells = [*zip(*rows, strict=True), ("",) * len(rows)]
                yield [cells[place] for place in places]
        except (CellFault, csv.Error, UnicodeDecodeError):
            raise Odd from None


def read_rows(
    path: Path, columns: Sequence[str], *, optional: Container[str], make: Callable[[Row], _Facts]
) -> Iterator[_Facts]:
    """The same row by row, made into facts. Raises FileFault.

    The first column is a key: it stands in each row, and nowhere twice.
    """
    keys: set[str] = set()
    cells: list[str] = []
    with _opened(path, columns) as file:
        reader = csv.reader(file, strict=True)
        try:
            head = next(reader, [])
            places = _places(head, columns, optional)
            pick = itemgetter(*places)
            for cells in filter(None, reader):
                if len(cells) != len(head):
                    raise _misfit(cells, head)
                key = cells[places[0]]
                if key in keys or not key:
                    raise CellFault(columns[0], Wrong.TWICE if key else Wrong.EMPTY, key)
                keys.add(key)
                cells.append("")
                yield make(pick(cells))
        except CellFault as fault:
            raise FileFault(path, first_line(reader.line_num, cells), fault) from None
        except (csv.Error, UnicodeDecodeError):
            raise located(path, columns) from None


def _opened(path: Path, columns: Sequence[str]) -> IO[str]:
    """The file as text, once it is known to hold no NUL: csv takes it for a letter like any other."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                if any(b"\0" in block for block in iter(partial(file.read, 1 << 20), b"")):
                    raise located(path, columns)
        return path.open(encoding="utf-8-sig", newline="")
    except OSError:
        raise FileFault(path, 1, CellFault("?", Wrong.UNREADABLE)) from None


def _places(head: list[str], columns: Sequence[str], optional: Container[str]) -> list[int]:
    """Where the columns stand in a row; an optional one that the file lacks is an empty cell put behind the last."""
    for column in columns:
        if column not in head and column not in optional:
            raise other_delimiter(head, columns) or CellFault(column, Wrong.NO_COLUMN)
        if head.count(column) > 1:
            raise CellFault(column, Wrong.COLUMN_TWICE)
    return [head.index(column) if column in head else len(head) for column in columns]


def _misfit(cells: list[str], head: list[str]) -> CellFault:
    """A row that is shorter or longer than the heading: where, and by what."""
    column = head[len(cells)] if len(cells) < len(head) else head[-1]
    return CellFault(column, Wrong.WIDTH, str(len(cells)), str(len(head)))
