"""Which way the money went, in tables with one column of amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kernel.sheets import Cell
from kernel.text import search_key
from orders.payments.feeds.amounts import CellFault
from orders.payments.feeds.columns import Signs
from orders.payments.feeds.statement import Direction, Reason

_IN = {"C", "CR", "CO", "GHI CO", "CREDIT", "CRDT", "TIEN VAO", "VAO", "IN", "THU", "NHAN", "BAO CO", "TANG"}
_OUT = {"D", "DR", "NO", "GHI NO", "DEBIT", "DBIT", "TIEN RA", "RA", "OUT", "CHI", "BAO NO", "GIAM"}
_MARKED = re.compile(r"(?P<amount>.*\d(?:\s*(?:VND|VNĐ|đ|₫))?)\s*\(?(?P<mark>CR|DR|C|D)\.?\)?", re.IGNORECASE)
_MARKS_END = tuple("CcDdRr.)")
_MINUS = ("-", "−")


def apart(cell: Cell) -> tuple[Cell, Cell | None]:
    """An amount and the mark behind it: ``250,000 CR``; None without one."""
    if isinstance(cell, str) and (text := cell.strip()).endswith(_MARKS_END) and (found := _MARKED.fullmatch(text)):
        return found["amount"], found["mark"]
    return cell, None


def direction_of(cell: Cell) -> Direction | None:
    """What a cell of marks says: + and −, D and C, Nợ and Có, in either language or both."""
    text = str(cell).strip()
    if text in {"+", *_MINUS}:
        return Direction.IN if text == "+" else Direction.OUT
    words = search_key(text)
    halves = {words, *(search_key(half) for half in text.split("/"))} - {""}
    if halves and (halves <= _IN | {words} and halves & _IN):
        return Direction.IN
    if halves and (halves <= _OUT | {words} and halves & _OUT):
        return Direction.OUT
    return None


def marks_are_clear(cells: Iterable[Cell]) -> bool:
    """Whether every mark in a column is one, and there is any."""
    told = [direction_of(cell) for cell in cells if cell != ""]
    return bool(told) and None not in told


def proven_signs(cells: Iterable[Cell]) -> Signs | None:
    """What signs mean in a column of amounts, if some are negative, or each bears its plus or its mark."""
    filled = [cell for cell in cells if cell not in {"", 0, "0", "-"}]
    if filled and all(apart(cell)[1] is not None for cell in filled):
        return Signs.MARKED
    if any(_is_negative(cell) for cell in filled):
        return Signs.PLUS_IN
    if filled and all(isinstance(cell, str) and "+" in cell[:6] for cell in filled):
        return Signs.PLUS_IN
    return None


def _is_negative(cell: Cell) -> bool:
    if isinstance(cell, str):
        return cell.strip().startswith(_MINUS)
    return isinstance(cell, int | float) and cell < 0


def split(amount: int, mark: Cell | None, signs: Signs) -> tuple[Direction, int]:
    """Direction and size of a signed amount; ``mark``: what stands in a column of marks, if there is one."""
    if mark is not None or signs is Signs.MARKED:
        direction = direction_of(mark or "")
        if direction is None or (amount < 0 and direction is Direction.IN):
            raise CellFault(Reason.UNKNOWN_SIGN)
        return direction, abs(amount)
    if signs is Signs.ALL_IN and amount < 0:
        raise CellFault(Reason.NEGATIVE)
    comes = signs is Signs.ALL_IN or (amount > 0) is (signs is Signs.PLUS_IN)
    return Direction.IN if comes else Direction.OUT, abs(amount)
