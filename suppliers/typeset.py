"""A manifest typeset: the papers that a warehouse prints and the list for who drives, in pieces that are kept.

What holds nobody's name is typeset once for everybody: what to pick, where it goes, what to pack for each stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import render_template
from flask_babel import force_locale

from kernel import clock, files, pieces
from kernel.phones import display
from kernel.pieces import Piece
from kernel.settings import ROOT
from people.models import Staff
from suppliers.delta import everywhere, touched
from suppliers.manifest import Stop, bare_stop, line_words
from suppliers.models import Manifest
from suppliers.sums import block_of, matrices

AT_ONCE = 250
"""Stops of the delivery list that are typeset at once: some four seconds of work, and 130 MB."""

PACKED_AT_ONCE = 600
FEW = 60
"""Stops up to which everything flows on, however many wards."""

LONGEST_WORD = 20
MOST_BLOCKS = 7
"""Blocks beside each other in one table."""


class Part(StrEnum):
    """Which of a manifest's papers."""

    CHANGES = "changes"
    PICKING = "picking"
    BLOCKS = "blocks"
    PACKING = "packing"
    DELIVERY = "delivery"


PARTS = {False: (Part.CHANGES, Part.PICKING, Part.BLOCKS, Part.PACKING), True: tuple(Part)}
"""Whether one sees people → the parts that one is given."""


def folder(manifest: Manifest) -> str:
    """Where the pieces of the manifest, as it stands, are kept: by its content."""
    return f"manifests/{manifest.number}-{manifest.sha256[:16]}"


def wanted(manifest: Manifest, *, people: bool, part: Part | None = None, ward: str = "") -> list[str]:
    """The names of the pieces that make up a paper, in order."""
    parts = [each for each in PARTS[people] if part in (None, each)]
    return [name for each in parts for name in names_of(manifest, each, people=people, ward=ward)]


def names_of(manifest: Manifest, part: Part, *, people: bool, ward: str = "") -> list[str]:
    """The pieces of one part. What goes by ward can be asked for by ward."""
    if part is Part.PICKING:
        return ["picking.part"]
    if part is Part.CHANGES:
        return [f"changes-{'people' if people else 'goods'}.part"] if manifest.version > 1 else []
    return [name for name, stops in cut(manifest, part) if ward in ("", stops[0]["ward"]) or name.endswith("-all.part")]


def cut(manifest: Manifest, part: Part) -> Iterator[tuple[str, list[Stop]]]:
    """The stops of each piece. The list for who drives begins anew with each ward, unless there are few stops."""
    stops: list[Stop] = manifest.snapshot["stops"]
    if len(stops) <= FEW:
        if stops:
            yield f"{part.value}-all.part", stops
    elif part is Part.PACKING:
        yield from _slices(f"{part.value}-all", stops, PACKED_AT_ONCE)
    else:
        size = AT_ONCE if part is Part.DELIVERY else len(stops)
        for number, (_ward, those) in enumerate(groupby(stops, key=lambda stop: str(stop["ward"]))):
            yield from _slices(f"{part.value}-{number:02d}", list(those), size)


def _slices(name: str, stops: list[Stop], size: int) -> Iterator[tuple[str, list[Stop]]]:
    for place, first in enumerate(range(0, len(stops), size)):
        yield f"{name}-{place:03d}.part", stops[first : first + size]


def done(manifest: Manifest) -> tuple[int, int]:
    """How many pieces of all papers are typeset, of how many."""
    names = {piece.name for piece in pieces_of(manifest)}
    return pieces.done(folder(manifest), names), len(names)


def make(manifest: Manifest) -> Iterator[None]:
    """Typeset what is missing, piece by piece; then the papers as a whole, once for each kind of reader."""
    yield from pieces.press(folder(manifest), list(pieces_of(manifest)))
    for people in PARTS:
        if (bound := pdf(manifest, people=people)) is not None:
            del bound  # kept by now; two of them at once would be too much
            yield


def pdf(manifest: Manifest, *, people: bool, part: Part | None = None, ward: str = "") -> bytes | None:
    """A paper, without the reader's stamp; None while pieces are missing. Bound once, then kept."""
    names = wanted(manifest, people=people, part=part, ward=ward)
    there = set(files.names(folder(manifest)))
    if not names or not there.issuperset(names):
        return None
    name = f"{folder(manifest)}/{bound_name(people, part, names)}"
    kept = files.get(name)
    if kept is None:
        parts = (files.get(f"{folder(manifest)}/{each}") or b"" for each in names)
        kept = pieces.bind(parts, _page("feet", manifest, kind="feet"))
        files.put(name, kept)
    return kept


def bound_name(people: bool, part: Part | None, names: Sequence[str]) -> str:
    about = f"{part or 'all'}-{names[0].removesuffix('.part')}-{len(names)}"
    return f"{about}-{'people' if people else 'goods'}.pdf"


def stamped(content: bytes, manifest: Manifest, newest: Manifest, *, who: Staff, at: datetime, kind: str = "") -> bytes:
    """The paper with who took it and when on each page, and whether a newer version is there. ``kind``: of labels."""
    return pieces.stamp(content, _page("stamp", manifest, newest=newest, who=who, at=clock.local(at), kind=kind))


def pieces_of(manifest: Manifest) -> Iterator[Piece]:
    """Every piece of every paper of a manifest."""
    if manifest.version > 1:
        for people in PARTS:
            (name,) = names_of(manifest, Part.CHANGES, people=people)
            yield Piece(name, partial(_changes, manifest, people))
    yield Piece("picking.part", partial(_page, "picking", manifest))
    for name, stops in cut(manifest, Part.BLOCKS):
        yield Piece(name, partial(_blocks, manifest, stops))
    for part in (Part.PACKING, Part.DELIVERY):
        for name, stops in cut(manifest, part):
            yield Piece(name, partial(_stops, manifest, part, stops))


def _blocks(manifest: Manifest, stops: list[Stop]) -> str:
    tables = [
        (matrix, first, min(first + MOST_BLOCKS, len(matrix.blocks)))
        for matrix in matrices(manifest.snapshot, stops)
        for first in range(0, len(matrix.blocks), MOST_BLOCKS)
    ]
    return _page("blocks", manifest, tables=tables)


def _stops(manifest: Manifest, part: Part, stops: Iterable[Stop]) -> str:
    with force_locale("vi"):
        listed = [
            {**stop, "block": block_of(stop), "what": [line_words(line) for line in stop["lines"]]} for stop in stops
        ]
    listed = [{**stop, "tight": _is_tight(stop)} for stop in listed]
    wards = [(ward, list(those)) for ward, those in groupby(listed, key=lambda stop: str(stop["ward"]))]
    return _page(part.value, manifest, wards=wards)


def _is_tight(stop: Stop) -> bool:
    """Whether a word is too long for a cell. To let every cell break words takes a tenth longer."""
    told = (*stop["what"], stop.get("address", ""), stop.get("name", ""), stop.get("note", ""))
    return any(len(word) > LONGEST_WORD for text in told for word in text.split())


def _changes(manifest: Manifest, people: bool) -> str:
    with force_locale("vi"):
        touched_stops = told(manifest, people=people)
    return _page("changes", manifest, touched=touched_stops)


def told(manifest: Manifest, *, people: bool) -> list[dict[str, Any]]:
    """The stops that differ from the version before: the stop, what became of it, as it was and as it is in words."""
    delta = manifest.delta if people else everywhere(manifest.delta, bare_stop)
    return [
        {
            "stop": after or before,
            "became": "added" if before is None else "removed" if after is None else "changed",
            "before": before and stop_words(before),
            "after": after and stop_words(after),
        }
        for before, after in touched(delta)
    ]


def stop_words(stop: Stop) -> list[str]:
    """What a version says of a stop, line by line."""
    phone = display(stop["phone"]) if stop.get("phone") else ""
    about = [stop.get("address", ""), stop.get("name", ""), phone, stop.get("note", "")]
    return [*(line_words(line) for line in stop["lines"]), ", ".join(part for part in about if part)]


def _page(template: str, manifest: Manifest, **more: Any) -> str:
    with force_locale("vi"):
        return render_template(
            f"suppliers/papers/{template}.html", manifest=manifest, snapshot=manifest.snapshot, css=css(), **more
        )


@cache
def css() -> str:
    return (Path(ROOT) / "static" / "print.css").read_text(encoding="utf-8")
