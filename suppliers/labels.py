"""Labels for bags, one a stop, with the order's code as QR: 24 on a sheet, or one at a time from a label printer."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

from flask import render_template
from flask_babel import force_locale

from kernel import files, pieces
from kernel.pieces import Piece
from kernel.settings import ROOT
from suppliers.manifest import Stop
from suppliers.models import Manifest
from suppliers.sums import block_of
from suppliers.typeset import folder

AT_ONCE = 240
LONG = 22
"""Letters of a name from which on it is set smaller."""


MANY = 4
"""Combos from which on they are set smaller, on two lines."""


class Size(StrEnum):
    """On what: A4 in 3 × 8, or a printer's roll of 100 × 50 mm."""

    SHEET = "a4"
    ROLL = "100x50"

    @property
    def kind(self) -> str:
        """As the stylesheets call it."""
        return "a4" if self is Size.SHEET else "roll"


def names(manifest: Manifest, size: Size, *, people: bool) -> list[str]:
    """The pieces of the labels."""
    many = -(-len(manifest.snapshot["stops"]) // AT_ONCE)
    who = "people" if people else "goods"
    return [f"labels-{size.value}-{who}-{place:03d}.part" for place in range(many)]


def make(manifest: Manifest, size: Size, *, people: bool) -> Iterator[None]:
    """Typeset what is missing, piece by piece."""
    yield from pieces.press(folder(manifest), list(_pieces(manifest, size, people)))


def done(manifest: Manifest, size: Size, *, people: bool) -> tuple[int, int]:
    """How many pieces are typeset, of how many."""
    wanted = names(manifest, size, people=people)
    return pieces.done(folder(manifest), wanted), len(wanted)


def pdf(manifest: Manifest, size: Size, *, people: bool) -> bytes | None:
    """The labels, without the reader's stamp; None while pieces are missing."""
    wanted = names(manifest, size, people=people)
    if not wanted or not set(files.names(folder(manifest))).issuperset(wanted):
        return None
    name = f"{folder(manifest)}/labels-{size.value}-{'people' if people else 'goods'}.pdf"
    kept = files.get(name)
    if kept is None:
        kept = pieces.join(files.get(f"{folder(manifest)}/{each}") or b"" for each in wanted)
        files.put(name, kept)
    return kept


def _pieces(manifest: Manifest, size: Size, people: bool) -> Iterator[Piece]:
    stops = manifest.snapshot["stops"]
    for place, name in enumerate(names(manifest, size, people=people)):
        some = stops[place * AT_ONCE : (place + 1) * AT_ONCE]
        yield Piece(name, partial(_page, manifest, size, people, some))


def _page(manifest: Manifest, size: Size, people: bool, stops: list[Stop]) -> str:
    labels = [
        {
            **stop,
            "block": block_of(stop),
            "name": stop.get("name", "") if people else "",
            "long": len(stop.get("name", "")) > LONG,
            "many": len(stop["lines"]) > MANY,
            "what": ", ".join(
                f"{line['quantity']}×{line['code']}" for line in stop["lines"] if not line.get("nothing")
            ),
        }
        for stop in stops
    ]
    with force_locale("vi"):
        return render_template(
            "suppliers/papers/labels.html",
            manifest=manifest,
            snapshot=manifest.snapshot,
            kind=size.kind,
            labels=labels,
            css=css(),
        )


@cache
def css() -> str:
    return (Path(ROOT) / "static" / "labels.css").read_text(encoding="utf-8")
