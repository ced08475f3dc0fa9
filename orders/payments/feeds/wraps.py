"""Memos that a bank broke into lines of a fixed width, put together again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def width_of(texts: Iterable[str]) -> int | None:
    """The width at which this file breaks its texts: the commonest length of a line that another follows."""
    widths = Counter(len(line) for text in texts for line in text.splitlines()[:-1])
    return widths.most_common(1)[0][0] if widths else None


def unwrapped(text: str, width: int | None) -> str:
    """A text in one line. A line as wide as the column was broken wherever that ended, a shorter one at a blank."""
    whole, *others = text.replace("_x000D_", "").splitlines() or [""]
    end = whole
    for line in others:
        full = width is not None and len(end) >= width
        whole = whole + line if full else f"{whole.rstrip()} {line.lstrip()}"
        end = line
    return whole.strip()
