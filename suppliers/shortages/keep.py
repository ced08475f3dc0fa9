"""What the office keeps about shortages: the rule, what items are worth, and money given back by hand."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, take_turn
from kernel.errors import NotFound
from kernel.upsert import upsert
from orders.payments.settle import ChangedMeanwhile
from shop.quantities import Unit
from suppliers.shortages import queries
from suppliers.shortages.models import ItemPrice, Rule
from suppliers.shortages.rules import queries as rules

RULE = "sharing_rule"
PRICE = "item_price"


def set_rule(session: Session, rule: Rule, *, seen: str | None, doer: Doer) -> None:
    """From now on shortages are shared out so; those that were declared stay as they were. Does not commit."""
    kept = rules.sharing_rule(session)
    take_turn(session, kept, seen)
    note(session, RULE, kept.id, {"rule": kept.rule}, {"rule": rule}, doer)
    kept.rule = rule


def set_price(session: Session, name: str, unit: Unit, price: int, doer: Doer) -> None:
    """What an item is worth from now on. Does not commit."""
    was = rules.item_price(session, name, unit)
    before = {"price": was.price} if was else {}
    session.execute(upsert(session, ItemPrice, {"name": name, "unit": unit, "price": price}, on=["name", "unit"]))
    session.expire_all()
    kept = rules.item_price(session, name, unit)
    if kept is not None:
        note(session, PRICE, kept.id, before, {"price": price}, doer)


def drop_price(session: Session, price_id: int, doer: Doer) -> None:
    """From now on the combo's price is shared evenly. Does not commit."""
    kept = session.get(ItemPrice, price_id)
    if kept is None:
        raise NotFound(_("This price is no longer kept. Reload the page."))
    note(session, PRICE, kept.id, {"price": kept.price}, {"price": None}, doer)
    session.delete(kept)


def given_back(session: Session, return_id: int, doer: Doer) -> None:
    """Money from before the city moved in was given back by hand. Does not commit."""
    found = queries.lock_return(session, return_id)
    if found is None or found.done_at is not None or found.withdrawn_at is not None:
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))
    found.done_by, found.done_at, found.because = doer.by, doer.at, doer.because
