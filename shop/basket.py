"""The basket: combos and quantities, kept in the browser's signed cookie. No account, nothing stored of a person."""

from __future__ import annotations

from dataclasses import dataclass

from flask import has_request_context
from flask import session as cookie
from sqlalchemy.orm import Session

from shop.models import Combo
from shop.queries import combos_by_code

_KEY = "basket"
MOST_OF_ONE = 20


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A combo and how many; ``amount`` in whole đồng at today's price."""

    combo: Combo
    quantity: int

    @property
    def amount(self) -> int:
        return self.combo.price * self.quantity


@dataclass(frozen=True, slots=True)
class Basket:
    """What a resident has picked so far."""

    lines: tuple[BasketLine, ...]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def supplier_ids(self) -> frozenset[int]:
        return frozenset(line.combo.supplier_id for line in self.lines)


def load(session: Session) -> Basket:
    """The basket at today's prices. A combo no longer on sale has dropped out."""
    picked: dict[str, int] = cookie.get(_KEY, {})
    combos = combos_by_code(session, picked.keys()) if picked else {}
    on_sale = [combo for combo in combos.values() if combo.on_sale]
    return Basket(tuple(BasketLine(c, picked[c.code]) for c in sorted(on_sale, key=lambda combo: combo.position)))


def count() -> int:
    """How many combos are picked; none where nobody browses: a worker typesets the same templates."""
    return sum(cookie.get(_KEY, {}).values()) if has_request_context() else 0


def add(code: str, quantity: int) -> None:
    """Put ``quantity`` more of a combo in."""
    change(code, cookie.get(_KEY, {}).get(code, 0) + quantity)


def change(code: str, quantity: int) -> None:
    """Have exactly ``quantity`` of a combo; none takes it out."""
    picked: dict[str, int] = dict(cookie.get(_KEY, {}))
    picked[code] = min(quantity, MOST_OF_ONE)
    cookie[_KEY] = {kept: many for kept, many in picked.items() if many > 0}


def empty() -> None:
    cookie.pop(_KEY, None)
