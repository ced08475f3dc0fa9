"""What a shortage would do: who goes without how much, by which rule, what each gets for it. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from orders.models import IfShort
from shop.quantities import Unit, show_quantity
from suppliers.models import ParcelState
from suppliers.shortages import queries
from suppliers.shortages.models import Outcome, Rule
from suppliers.shortages.queries import LineRow
from suppliers.shortages.rules import queries as rules
from suppliers.shortages.share import Claim, Way, by_payment, in_proportion
from suppliers.shortages.worth import ItemKey, Portion, Priced, worth

WAYS: Mapping[Rule, Way] = {Rule.PAYMENT: by_payment, Rule.PROPORTION: in_proportion}
_LAST = datetime.max.replace(tzinfo=UTC)


class NotOnIt(MarketError):
    """The manifest knows no such item."""

    status = 422


class NothingMissing(MarketError):
    """Nothing is said to be missing."""

    status = 422


class MoreThanThere(MarketError):
    """More is said to be missing than is still to be delivered."""

    status = 422


@dataclass(frozen=True, slots=True)
class Loss:
    """Of one line: ``portions`` combos go without the item, ``quantity`` of it in all, worth ``amount`` đồng."""

    line_id: int
    portions: int
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Household:
    """An order that goes without something, and what it gets for that by its resident's choice."""

    order_id: int
    code: str
    stop: int
    outcome: Outcome
    losses: tuple[Loss, ...]

    @property
    def quantity(self) -> int:
        return sum(loss.quantity for loss in self.losses)

    @property
    def amount(self) -> int:
        """What it would be worth in đồng, whether or not it goes back."""
        return sum(loss.amount for loss in self.losses)


@dataclass(frozen=True)
class Plan:
    """A shortage of ``missing`` grams, millilitres or pieces shared out."""

    item: str
    unit: Unit
    measure: str
    missing: int
    rule: Rule
    households: tuple[Household, ...]

    @property
    def taken(self) -> int:
        return sum(each.quantity for each in self.households)

    @property
    def left_over(self) -> int:
        """What there is of it and makes up no whole portion."""
        return self.taken - self.missing

    def shown(self, quantity: int) -> str:
        """So much of the item as people write it."""
        return show_quantity(quantity, self.unit, self.measure)

    def of(self, outcome: Outcome | str) -> Sequence[Household]:
        return [each for each in self.households if each.outcome == outcome]

    @property
    def back(self) -> int:
        """How many đồng go back at once."""
        return sum(each.amount for each in self.of(Outcome.REFUND))

    @cached_property
    def digest(self) -> str:
        """What was shown, to be posted back: what was seen is what is declared."""
        return hashlib.sha256(repr((self.rule, self.missing, self.households)).encode()).hexdigest()[:24]


class Book:
    """A batch's lines with what is in them, what they went without already, and the office's prices.

    ``items``: what the manifest names that was made as the goods left, with what a piece of it is called.
    """

    def __init__(self, session: Session, batch_id: int) -> None:
        self.lines = queries.lines_of_batch(session, batch_id)
        self.lost = queries.lost_in(session, batch_id)
        self._prices = rules.prices_now(session)
        self._deducted = queries.deducted_of(session, [line.line_id for line in self.lines])
        snapshot = queries.first_manifest(session, batch_id).snapshot
        self.items = {(each["name"], Unit(each["unit"])): str(each["measure"]) for each in snapshot["items"]}
        self._portions = {each["code"]: _portions(each["items"]) for each in snapshot["combos"]}

    def priced(self, line: LineRow) -> Priced:
        return Priced(line.quantity, line.unit_price, self._portions.get(line.combo or "", ()))

    def amount(self, line: LineRow, item: ItemKey, portions: int) -> int:
        """What so many portions more are worth, beyond what is deducted of the line already."""
        lost = Counter[ItemKey]()
        for each in self.lost:
            if each.line_id == line.line_id and each.became is Outcome.REFUND:
                lost[each.item] += each.portions
        lost[item] += portions
        return max(0, worth(self.priced(line), lost, self._prices) - self._deducted.get(line.line_id, 0))

    def claims(self, item: ItemKey) -> dict[int, tuple[LineRow, int, int]]:
        """Line → (line, portions that are still to come, size of each). What is delivered already is left alone."""
        gone = Counter[int]()
        for each in self.lost:
            if each.item == item:
                gone[each.line_id] += each.portions
        found = {}
        for line in self.lines:
            size = sum(portion.size for portion in self.priced(line).portions if portion.item == item)
            left = line.quantity - gone[line.line_id]
            if size and left > 0 and line.state is not ParcelState.DELIVERED:
                found[line.line_id] = (line, left, size)
        return found


def _portions(items: Iterable[Mapping[str, Any]]) -> tuple[Portion, ...]:
    """What one combo holds of each item, as its manifest has it."""
    sizes: Counter[ItemKey] = Counter()
    for item in items:
        sizes[item["name"], Unit(item["unit"])] += item["quantity"]
    return tuple(Portion(key, size) for key, size in sizes.items())


def plan_of(session: Session, batch_id: int, item: ItemKey, missing: int, *, instead: str = "") -> Plan:
    """Share ``missing`` of an item of a batch out by the office's rule; refuse what cannot be."""
    book, rule = Book(session, batch_id), rules.sharing_rule(session).rule
    if item not in book.items:
        raise NotOnIt(_("“%(item)s” is not on this manifest. Choose one of its items.", item=item[0]))
    claims, measure = book.claims(item), book.items[item]
    _check(item, measure, missing, sum(left * size for _line, left, size in claims.values()))
    paid = queries.paid_at(session, {line.order_id for line, _left, _size in claims.values()})
    losses: dict[int, list[Loss]] = defaultdict(list)
    for key, portions in _lost_by_line(missing, claims, paid, WAYS[rule]).items():
        line, _left, size = claims[key]
        losses[line.order_id].append(Loss(key, portions, portions * size, book.amount(line, item, portions)))
    heads = {line.order_id: line for line, _left, _size in claims.values()}
    households = [_household(heads[order_id], theirs, instead) for order_id, theirs in losses.items()]
    return Plan(*item, measure, missing, rule, tuple(sorted(households, key=lambda each: each.stop)))


def _lost_by_line(
    missing: int, claims: Mapping[int, tuple[LineRow, int, int]], paid: Mapping[int, datetime], way: Way
) -> dict[int, int]:
    """Line → portions that it goes without. A household counts once, with all its portions of one size together."""
    households: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key, (line, _left, size) in sorted(claims.items()):
        households[line.order_id, size].append(key)
    lost = way(
        missing,
        [
            Claim(keys[0], sum(claims[key][1] for key in keys), size, paid.get(order_id, _LAST))
            for (order_id, size), keys in households.items()
        ],
    )
    by_line: dict[int, int] = {}
    for keys in households.values():
        rest = lost.get(keys[0], 0)
        for key in keys:
            by_line[key] = min(rest, claims[key][1])
            rest -= by_line[key]
    return {key: portions for key, portions in sorted(by_line.items()) if portions}


def _check(item: ItemKey, measure: str, missing: int, there: int) -> None:
    if missing <= 0:
        raise NothingMissing(_("Say how much is missing."))
    if missing > there:
        raise MoreThanThere(
            _(
                "Only %(there)s of “%(item)s” is still to be delivered. Say at most that.",
                there=show_quantity(there, item[1], measure),
                item=item[0],
            )
            if there
            else _("Nothing of “%(item)s” is still to be delivered on this manifest.", item=item[0])
        )


def _household(line: LineRow, losses: Sequence[Loss], instead: str) -> Household:
    return Household(line.order_id, line.code, line.stop, _outcome(line.if_short, instead), tuple(losses))


def _outcome(choice: IfShort, instead: str) -> Outcome:
    """Who would take an equivalent gets the money back where there is none."""
    if choice is IfShort.EQUIVALENT:
        return Outcome.EQUIVALENT if instead else Outcome.REFUND
    return Outcome.CALL if choice is IfShort.CALL else Outcome.REFUND
