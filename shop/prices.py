"""A price moves by a change that stays: within the limit at once, beyond it when a second person agrees."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, take_turn
from kernel.errors import MarketError
from kernel.four_eyes import Stand, decide
from kernel.money import format_dong
from shop.models import Combo, PriceChange
from shop.queries import lock_combo, price_since, waiting_price

KIND = "combo"
MEASURED_OVER = timedelta(days=7)


class SamePrice(MarketError):
    """Nothing would change."""

    status = 422


class PriceWaits(MarketError):
    """Another change of this price waits for its second person."""


class PriceMoved(MarketError):
    """The price is not the one that the proposal starts from."""


def propose(
    session: Session, combo: Combo, becomes: int, *, seen: str | None, limit_percent: int, doer: Doer
) -> PriceChange:
    """Change the price at once if the week's change stays within the limit, else let it wait. Does not commit.

    Answers the change; its ``state`` says which of the two happened.
    """
    take_turn(session, combo, seen)
    session.refresh(combo, ["price"])
    if becomes == combo.price:
        raise SamePrice(_("This is the price already."))
    if waits := waiting_price(session, combo.id):
        raise PriceWaits(_("A change to %(price)s waits for a second person.", price=format_dong(waits.becomes)))
    measured_from = price_a_week_before(session, combo, doer.at)
    over_limit = abs(becomes - measured_from) * 100 > limit_percent * measured_from
    made = PriceChange(
        combo=combo,
        was=combo.price,
        becomes=becomes,
        measured_from=measured_from,
        limit_percent=limit_percent,
        over_limit=over_limit,
        proposed_by=doer.by,
        proposed_at=doer.at,
        because=doer.because,
    )
    if not over_limit:
        made.state, made.decided_by, made.decided_at = Stand.APPLIED, doer.by, doer.at
    _write(session, made)
    if not over_limit:
        _apply(session, made, doer)
    return made


def _write(session: Session, made: PriceChange) -> None:
    session.add(made)
    try:
        session.flush()
    except IntegrityError as fault:
        raise PriceWaits(_("Somebody else has just proposed another price. Load the page again.")) from fault


def price_a_week_before(session: Session, combo: Combo, at: datetime) -> int:
    """What the combo cost a week before ``at``: what a change is measured against. A newer combo: its first price."""
    earlier = price_since(session, combo.id, at - MEASURED_OVER)
    return combo.price if earlier is None else earlier


def approve(session: Session, change: PriceChange, doer: Doer) -> None:
    """The second person agrees: the price moves. Does not commit."""
    decide(session, change, Stand.APPLIED, doer)
    _apply(session, change, Doer(doer.by, doer.at, change.because))


def refuse(session: Session, change: PriceChange, doer: Doer) -> None:
    """The second person says no, and why. Does not commit."""
    decide(session, change, Stand.REFUSED, doer)


def withdraw(session: Session, change: PriceChange, doer: Doer) -> None:
    """The proposer takes it back. Does not commit."""
    decide(session, change, Stand.WITHDRAWN, doer)


def _apply(session: Session, change: PriceChange, doer: Doer) -> None:
    """From ``was`` to ``becomes``, in one statement. The database asks for the applied change beside it."""
    combo = lock_combo(session, change.combo_id)
    moved = session.execute(
        update(Combo)
        .where(Combo.id == combo.id, Combo.price == change.was)
        .values(price=change.becomes, version=Combo.version + 1)
        .returning(Combo.id)
        .execution_options(synchronize_session=False)
    ).first()
    if moved is None:
        raise PriceMoved(
            _("The price is %(price)s by now, so this change no longer fits. Propose it anew.",
              price=format_dong(combo.price))
        )  # fmt: skip
    session.refresh(combo)
    was, became = {"price": format_dong(change.was)}, {"price": format_dong(change.becomes)}
    note(session, KIND, combo.id, was, became, doer)
