"""Quantities as people write them: ``rau muống 0,5 kg`` taken apart, added up, and shown again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a quantity counts. Weights are kept in grams and volumes in millilitres, so that they add up."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


# The last "number unit" names the quantity: "sữa 180 ml 8 hộp" is eight cartons of "sữa 180 ml".
_ITEM = re.compile(r"(?P<name>.+?)\s+(?P<number>\d+(?:,\d+)?)\s+(?P<measure>[^\W\d]+)\s*(?:\((?P<remark>.+)\))?")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?:\D|$))")
_TOUCHING = re.compile(r"(\d)([^\W\d])")
_SCALES = {
    "kg": (Unit.GRAM, 1000),
    "g": (Unit.GRAM, 1),
    "l": (Unit.MILLILITRE, 1000),
    "ml": (Unit.MILLILITRE, 1),
}


class QuantityFault(ValueError):
    """An item that cannot be read as «name number unit»."""


@dataclass(frozen=True, slots=True)
class Item:
    """``quantity`` counts grams, millilitres or pieces; ``measure`` names a piece and is empty otherwise."""

    name: str
    quantity: int
    unit: Unit
    measure: str
    remark: str = ""

    @property
    def amount(self) -> str:
        """As a page shows it beside the name."""
        shown = show_quantity(self.quantity, self.unit, self.measure)
        return f"{shown} ({self.remark})" if self.remark else shown


def parse_item(text: str) -> Item:
    """``bí xanh 1 trái (~0,8 kg)`` → one piece, called trái, with its remark."""
    found = _ITEM.fullmatch(text.strip())
    if found is None:
        raise QuantityFault(text)
    unit, scale = _SCALES.get(found["measure"].lower(), (Unit.PIECE, 1))
    whole, _comma, decimals = found["number"].partition(",")
    thousandths = int(whole) * 1000 + int(decimals.ljust(3, "0")[:3] or 0)
    quantity, rest = divmod(thousandths * scale, 1000)
    if rest or not quantity:
        raise QuantityFault(text)
    return Item(found["name"], quantity, unit, found["measure"] if unit is Unit.PIECE else "", found["remark"] or "")


def parse_quantity(text: str) -> tuple[int, Unit, str]:
    """``37 kg``, ``1.250 g`` or ``12 quả`` → how many of which unit, and what a piece was called, if it was."""
    grouped = _THOUSANDS.sub("", text.strip())
    if grouped.isdecimal() and grouped.isascii() and int(grouped):
        return int(grouped), Unit.PIECE, ""
    item = parse_item("x " + _TOUCHING.sub(r"\1 \2", grouped))
    if item.remark:
        raise QuantityFault(text)
    return item.quantity, item.unit, item.measure


def show_quantity(quantity: int, unit: Unit, measure: str) -> str:
    """``500 g`` or ``1,25 kg``, ``750 ml`` or ``1 l``, ``10 quả``: the way it is written on a market stall."""
    if unit is Unit.PIECE:
        return f"{_grouped(quantity)} {measure}"
    small, large = ("g", "kg") if unit is Unit.GRAM else ("ml", "l")
    if quantity < 1000:
        return f"{quantity} {small}"
    whole, rest = divmod(quantity, 1000)
    decimals = f",{rest:03d}".rstrip("0") if rest else ""
    return f"{_grouped(whole)}{decimals} {large}"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
