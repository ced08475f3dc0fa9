"""Where in its ward an address is: its block (khu phố, ấp, tổ) and street, and house numbers as people count them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

from kernel.text import search_key

Natural: TypeAlias = list[tuple[int, str]]

_NAMED = r"(?:\s|\.|:)*(?P<name>[^,;.()]*[^,;.()\s])"
_QUARTER = re.compile(rf"\b(?:khu\s*ph[ốôo]|k\.?\s?p(?=\b|\d)){_NAMED}", re.IGNORECASE)
_HAMLET = re.compile(rf"(?:^|[,;]\s*)(?:ấp|ap)\b{_NAMED}", re.IGNORECASE)
_GROUP = re.compile(r"\bt[ổo]\s*(?:d[âa]n\s*ph[ốo]\s*)?(?:số\s*|so\s*)?(?P<name>\d+[A-Za-z]?)\b", re.IGNORECASE)
_KINDS = ((_QUARTER, "KP"), (_HAMLET, "Ấp"), (_GROUP, "Tổ"))
_LETTERS = r"\d+[A-Za-zĐđ]{0,2}\d?\b"
_HOUSE = re.compile(rf"(?P<house>{_LETTERS}(?:\s*[/.\-]\s*{_LETTERS})*)\s+(?P<street>[^\W\d][^,;(]*)")
_STREET_WORD = re.compile(r"(?:đường|duong|đ\.|phố)\s*", re.IGNORECASE)
_ALLEY = re.compile(r"(?:hẻm|hem|ngõ|ngo|kiệt|kiet)\s+(?P<number>[\w/]*\d\w*)\s+(?P<street>\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """What an address says; empty where it does not. ``block``: ``KP Thống Nhất 1``, ``Ấp 3``, ``Tổ 15``."""

    block: str
    street: str
    house: str


def place_of(address: str) -> Place:
    """Take an address apart: ``12/3 Lý Thường Kiệt, KP Thống Nhất 1``. A tổ counts where no larger block is named."""
    block, rest = "", unicodedata.normalize("NFC", address)
    for pattern, kind in _KINDS:
        for found in pattern.finditer(rest):
            block = block or f"{kind} {_tidy(found['name'])}"
        rest = pattern.sub(",", rest)
    street, house = _street(rest)
    return Place(block, street, house)


def _street(rest: str) -> tuple[str, str]:
    """The last “number name” of the address: what stands before it is a room, or a house's own name."""
    numbered = list(_HOUSE.finditer(rest))
    if numbered:
        street, house = _tidy(numbered[-1]["street"]), re.sub(r"\s+", "", numbered[-1]["house"])
        if alley := _ALLEY.match(street):  # "9 hẻm 12 Võ Thị Sáu" is 12/9
            street, house = alley["street"], f"{alley['number']}/{house}"
        return _plain_street(street), house
    parts = [_tidy(part) for part in re.split(r"[,;]", rest)]
    return next((_plain_street(part) for part in parts if part), ""), ""


def _plain_street(text: str) -> str:
    return _tidy(_STREET_WORD.sub("", text, count=1) if _STREET_WORD.match(text) else text)


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" .-")


def natural(text: str) -> Natural:
    """A key by which 2 comes before 10, 12/3 before 12/10, and 12 before 12A. Marks and capitals do not count."""
    pieces = re.findall(r"\d+|[^\W\d_]+", search_key(text))
    return [(int(piece[:18]), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def house_order(house: str) -> list[Natural]:
    """12 before 12/3 before 12/10 before 12A before 13."""
    return [natural(part) for part in re.split(r"[/.\-]", house)]


def way_order(address: str) -> tuple[Natural, Natural, list[Natural], Natural]:
    """Where an address comes within its ward: by block, street, house, and last by all that is written."""
    place = place_of(address)
    return natural(place.block), natural(place.street), house_order(place.house), natural(address)
