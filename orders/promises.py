"""What a resident is told where a round does not do: the one that does instead, or what was changed after the order."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.errors import MarketError
from kernel.models import Change
from kernel.queries import changes_since
from orders.checkout import RoundClosed
from orders.desk.rounds.plan import PROMISED
from orders.models import Order
from orders.rota.turns import NotYourTurn
from shop.capacity import Offer, RoundFull
from shop.models import Round
from shop.rounds import round_promise


def round_instead(refusal: MarketError, choices: Sequence[Offer], chosen: str) -> Round | None:
    """The round that takes the order where the ``chosen`` one does not; None where there is none, or it is not that."""
    if isinstance(refusal, NotYourTurn):
        return refusal.instead
    if not isinstance(refusal, RoundFull | RoundClosed):
        return None
    return next((each.round for each in choices if not each.full and str(each.round.id) != chosen), None)


def refusal_words(refusal: MarketError, instead: Round | None) -> str:
    """The refusal with the round that has places; a rota names its own."""
    if instead is None or isinstance(refusal, NotYourTurn):
        return str(refusal)
    more = _("The next one with places: %(promise)s.", promise=round_promise(instead))
    return f"{refusal} {more}"


def moved_since_placed(session: Session, order: Order) -> list[Change]:
    """What the office has changed of an order's round since it was placed, as far as it concerns its ward."""
    found = changes_since(session, "round", order.round_id, PROMISED, order.placed_at)
    own = order.ward_id in order.round.own_closes
    return [
        each
        for each in found
        if (each.about == order.ward.name if each.about else not (own and each.field == "closes_at"))
    ]
