"""A sealed day's minute on paper and in a table: PDF and XLSX of what was sealed, whatever has happened since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

from flask import render_template
from flask_babel import force_locale

from kernel import files, pieces
from kernel.pieces import Piece
from kernel.settings import ROOT
from kernel.sheets import write_book
from orders.payments.close.minute import Movement
from orders.payments.close.models import DaySeal
from orders.payments.close.sheet import sheets_of
from orders.payments.close.wording import kind_words, lies, opening_words, place_words, sections

PIECE = 500
"""Rows that are typeset at once: some three seconds of work, and 200 MB."""


class Line(NamedTuple):
    """One row of a list: under which heading, and as which of it."""

    heading: str
    number: int
    movement: Movement


def kept_name(seal: DaySeal, kind: str) -> str:
    """Under which name a paper of this seal is kept: by its content."""
    return f"{_folder(seal)}/{seal.day.isoformat()}-v{seal.version}.{kind}"


def _folder(seal: DaySeal) -> str:
    return f"minutes/{seal.sha256}"


def kept(seal: DaySeal, kind: str) -> bytes | None:
    """The paper, once the worker has made it."""
    return files.get(kept_name(seal, kind))


def is_kept(seal: DaySeal, kind: str) -> bool:
    """Whether the paper is made, without reading it."""
    return kept_name(seal, kind).rpartition("/")[2] in files.names(_folder(seal))


def done(seal: DaySeal) -> tuple[int, int]:
    """How many pieces of the minute are typeset, of how many."""
    found = files.names(_folder(seal))
    total = -(-sum(len(rows) for _heading, rows in sections(seal.snapshot)) // PIECE) or 1
    return sum(name.endswith(".part") for name in found), total


def make(seal: DaySeal) -> Iterator[None]:
    """Make both papers, piece by piece; broken off it goes on where it was. What is kept is not made again."""
    if kept(seal, "xlsx") is None:
        files.put(kept_name(seal, "xlsx"), make_xlsx(seal))
    if kept(seal, "pdf") is not None:
        return
    wanted = [
        Piece(f"{number:04d}.part", partial(_part, seal, lines, first=number == 0))
        for number, lines in enumerate(_in_pieces(seal))
    ]
    yield from pieces.press(_folder(seal), wanted)
    parts = [f"{_folder(seal)}/{piece.name}" for piece in wanted]
    with force_locale("vi"):
        feet = _page("minute_feet.html", seal)
    files.put(kept_name(seal, "pdf"), pieces.bind((files.get(name) or b"" for name in parts), feet))
    for name in parts:
        files.delete(name)


def _in_pieces(seal: DaySeal) -> Iterator[list[Line]]:
    """The minute's lists, one behind the other; at least one piece, for the first page."""
    with force_locale("vi"):
        listed = [(heading, rows) for heading, rows in sections(seal.snapshot)]
    lines = chain.from_iterable(
        (Line(heading, number, row) for number, row in enumerate(rows, start=1)) for heading, rows in listed
    )
    yield list(islice(lines, PIECE))
    while piece := list(islice(lines, PIECE)):
        yield piece


def _part(seal: DaySeal, lines: list[Line], *, first: bool) -> str:
    with force_locale("vi"):
        listed = [(heading, list(rows)) for heading, rows in groupby(lines, key=lambda line: line.heading)]
        return _page("minute_pdf.html", seal, listed=listed, first=first)


def _page(template: str, seal: DaySeal, **more: Any) -> str:
    words = {"lies": lies, "place_words": place_words, "kind_words": kind_words, "opening_words": opening_words}
    sealed_at = datetime.fromisoformat(seal.snapshot["seal"]["at"])
    return render_template(
        f"desk/close/{template}",
        minute=seal.snapshot,
        sha256=seal.sha256,
        sealed_at=sealed_at,
        css=_css(),
        **words,
        **more,
    )


@cache
def _css() -> str:
    return (Path(ROOT) / "static" / "minute.css").read_text(encoding="utf-8")


def make_xlsx(seal: DaySeal) -> bytes:
    """The same lists and sums as a workbook, with the same hash."""
    with force_locale("vi"):
        return write_book(sheets_of(seal.snapshot, seal.sha256))
