"""What a team serves, one ward or block a line: ``Dĩ An: KP Thống Nhất 1``, or ``Tân Bình`` for all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from kernel.errors import MarketError
from kernel.text import search_key
from people.blocks import place_of
from people.models import TeamBlock
from people.wards import Ward, understand

MOST = 200
"""Lines of one team."""


class NotUnderstood(MarketError):
    """A line that is no ward, or no block of it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Served:
    """A block of a ward; all of the ward where ``block`` is empty."""

    ward: Ward
    block: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.ward.code, search_key(self.block)


def parse(text: str) -> list[Served]:
    """The lines, each once. The first that is not understood is named."""
    lines = list(filter(None, map(str.strip, text.splitlines())))
    if len(lines) > MOST:
        raise NotUnderstood(_("At most %(most)s lines.", most=MOST))
    return list({found.key: found for found in map(_line, lines)}.values())


def _line(line: str) -> Served:
    for ward, rest in _halves(line):
        if meant := understand(ward):
            return Served(_only(meant, line), _block(rest, line) if rest else "")
    raise NotUnderstood(_("“%(line)s” begins with no ward of the city.", line=line[:60]))


def _halves(line: str) -> Iterable[tuple[str, str]]:
    """Where the ward may end: at a colon, else at a comma or dash, with the ward first or last."""
    ward, colon, rest = line.partition(":")
    if colon:
        return [(ward.strip(), rest.strip())]
    parts = [part.strip() for part in re.split(r"\s*,\s*|\s+[-–]\s+", line, maxsplit=1)]
    return [(line, ""), *([(parts[0], parts[1]), (parts[1], parts[0])] if len(parts) == 2 else [])]


def _only(meant: Sequence[Ward], line: str) -> Ward:
    if len(meant) > 1:
        names = ", ".join(f"“{ward.name}”" for ward in meant)
        raise NotUnderstood(
            _("“%(line)s” can mean several wards: %(names)s. Write which.", line=line[:60], names=names)
        )
    return meant[0]


def _block(text: str, line: str) -> str:
    """The block as addresses are read, so that the two are the same words."""
    place = place_of(text)
    if not place.block or place.street or place.house or re.search(r"[,;]", text):
        raise NotUnderstood(
            _("“%(line)s” names no single block: write one a line, as KP …, Ấp … or Tổ ….", line=line[:60])
        )
    return place.block


def written(blocks: Iterable[TeamBlock]) -> str:
    """The blocks as a person writes them, one a line."""
    return "\n".join(f"{each.ward.name}: {each.block}" if each.block else each.ward.name for each in blocks)
