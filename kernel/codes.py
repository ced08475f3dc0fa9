"""QR codes drawn straight onto typeset pages: as pictures they took a quarter of the time of a long list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import segno

if TYPE_CHECKING:
    from weasyprint import Document

MARK = "qr-"
"""An element whose id begins so gets the code behind it: at its upper edge, in four fifths of its width."""

MARGIN = 2.0
SHARE = 0.8
POINTS = 0.75
"""Of a pixel of CSS."""

_DARK = re.compile(rb"\x01+")


def draw(document: Document, pdf: Any) -> None:
    """Draw the codes that a document asks for: what WeasyPrint calls before it writes."""
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        wanted = [(name[len(MARK) :], box) for name, box in page.anchors.items() if name.startswith(MARK)]
        if wanted:
            contents = pdf.objects[int(reference.split()[0])]["Contents"]
            stream = pdf.objects[int(contents.split()[0])].stream
            stream += [_drawn(code, box) for code, box in wanted]


def _drawn(code: str, box: tuple[float, float, float, float]) -> bytes:
    """One mask fits all: looking for the best of eight takes ten times as long."""
    rows = segno.make(code, error="m", micro=False, mask=3).matrix
    left, top, right, _bottom = (side * POINTS for side in box)
    side = (right - left) * SHARE
    dot, x = side / len(rows), left + (right - left - side) / 2
    dots = " ".join(f"{across} {down} {many} 1 re" for down, row in enumerate(rows) for across, many in _runs(row))
    return f"q 0 g {dot:.4f} 0 0 {dot:.4f} {x:.2f} {top + MARGIN:.2f} cm {dots} f Q".encode()


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    """Where dark dots begin in a row, and how many stand side by side."""
    return ((found.start(), found.end() - found.start()) for found in _DARK.finditer(row))
