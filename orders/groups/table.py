"""A table of neighbours as people paste it: a line each, ``name; phone; address; combos``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from flask_babel import gettext as _

from kernel.forms import tidy
from kernel.phones import PhoneFault, normalise
from kernel.text import disguises, search_key
from orders.groups.draft import Entry
from shop.basket import MOST_OF_ONE

_PARTED = re.compile(r"[;\t|]")
_PICKED = re.compile(r"(\w{2,6})\s*(?:[:x×*]\s*(\d{1,3}))?", re.IGNORECASE)
_HEADS = {"TEN", "HO TEN", "HO VA TEN", "NAME"}


def example(codes: Sequence[str]) -> Iterator[str]:
    """Two lines as they may stand in a table, with combos that are sold."""
    if codes:
        yield f"Lê Thị Mận; 0912 345 678; 12 Lý Thường Kiệt; {codes[0]} x2, {codes[-1]}"
        yield f"Trần Văn Sung; ; 14 Lý Thường Kiệt; {codes[0]}"


class LineFault(ValueError):
    """What is wrong with a line, in words for who pasted it."""


def read_table(text: str, sold: Container[str], *, consent: str) -> tuple[list[Entry], list[str]]:
    """The neighbours in a pasted table, and what is wrong with its lines; a heading is passed over.

    ``sold``: the codes of combos that may be picked.
    """
    entries, faults = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [tidy(cell) for cell in _PARTED.split(line)]
        if not any(cells) or search_key(cells[0]) in _HEADS:
            continue
        try:
            entries.append(_entry(cells, sold, consent=consent))
        except LineFault as fault:
            faults.append(_("Line %(line)s: %(fault)s", line=number, fault=fault))
    return entries, faults


def _entry(cells: list[str], sold: Container[str], *, consent: str) -> Entry:
    if len(cells) != 4:
        raise LineFault(_("name, phone, address and combos are needed, parted by semicolons."))
    name, phone, address, goods = cells
    if not 2 <= len(name) <= 80 or not 4 <= len(address) <= 200:
        raise LineFault(_("a name has 2 to 80 letters, an address 4 to 200."))
    if disguises(name) or disguises(address):
        raise LineFault(_("there is a hidden or foreign character in it. Please type it again."))
    return Entry(name=name, phone=_phone(phone), address=address, picked=dict(_picked(goods, sold)), consent=consent)


def _phone(text: str) -> str:
    try:
        return normalise(text) if text else ""
    except PhoneFault as fault:
        raise LineFault(_("“%(phone)s” is no mobile number. Leave it out to use yours.", phone=text[:20])) from fault


def _picked(goods: str, sold: Container[str]) -> Iterator[tuple[str, int]]:
    """Each combo with its quantity, once."""
    seen: set[str] = set()
    for piece in filter(None, map(str.strip, re.split(r"[,+]", goods))):
        found = _PICKED.fullmatch(piece)
        code, many = (found[1].upper(), int(found[2] or 1)) if found else ("", 0)
        if code not in sold or not 0 < many <= MOST_OF_ONE:
            raise LineFault(
                _(
                    "“%(piece)s” is no combo that is sold and a quantity up to %(most)s.",
                    piece=piece[:20],
                    most=MOST_OF_ONE,
                )
            )
        if code in seen:
            raise LineFault(_("combo %(code)s stands there twice.", code=code))
        seen.add(code)
        yield code, many
    if not seen:
        raise LineFault(_("no combo is named."))
