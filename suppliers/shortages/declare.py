"""A shortage declared: shared out, each resident's choice applied, the money going back, the manifest made anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer
from orders.deductions.keep import Cut, GoesBack, deduct
from orders.notices import telling
from orders.payments.settle import ChangedMeanwhile
from orders.queries import lock_orders
from shop.quantities import Unit
from suppliers.models import Batch
from suppliers.queries import lock_batch
from suppliers.shortages import queries
from suppliers.shortages.models import Outcome, ReturnByHand, Shortage, ShortageEntry, ShortageShare, ShortageStep
from suppliers.shortages.plan import Household, Plan, plan_of
from suppliers.versions import reissue

BECAUSE = "shortage %s"
"""Of deductions, refunds and manifests: which shortage it was."""


@dataclass(frozen=True, slots=True)
class Missing:
    """``quantity`` grams, millilitres or pieces of an item; ``instead``: what can be given for it, in words."""

    item: str
    unit: Unit
    quantity: int
    instead: str = ""


def declare(
    session: Session, batch: Batch, item: str, unit: Unit, missing: int, *, by: str, at: datetime, because: str
) -> Shortage:
    """``missing`` grams, millilitres or pieces of an item of this batch cannot be brought. Does not commit."""
    return share_out(session, batch, Missing(item, unit, missing), Doer(by, at, because))


def share_out(
    session: Session,
    batch: Batch,
    missing: Missing,
    doer: Doer,
    *,
    attempt: str | None = None,
    seen: str | None = None,
    vouches: bool = False,
) -> Shortage:
    """Declare it by the office's rule of now. Does not commit.

    The same ``attempt`` again answers the shortage that it declared first. ``seen``: the digest of the plan that was
    shown; if that is not so any more, nothing is done. Without ``vouches`` a clerk confirms each refund's account.
    """
    lock_batch(session, batch.id)
    if attempt and (made := queries.shortage_of_attempt(session, attempt)):
        return made
    queries.lock_parcels(session, batch.id)
    plan = plan_of(session, batch.id, (missing.item, missing.unit), missing.quantity, instead=missing.instead)
    if seen is not None and seen != plan.digest:
        raise ChangedMeanwhile(
            _("Something has changed since this was worked out. Look at it as it stands now, then declare it.")
        )
    shortage = _write(session, batch, plan, doer, instead=missing.instead, attempt=attempt)
    goes_back(session, shortage, plan.of(Outcome.REFUND), by=doer.by, at=doer.at, vouches=vouches)
    tell(session, shortage, plan.households, at=doer.at)
    reissue(session, batch, at=doer.at, by=doer.by, because=BECAUSE % shortage.id)
    return shortage


def _write(session: Session, batch: Batch, plan: Plan, doer: Doer, *, instead: str, attempt: str | None) -> Shortage:
    shortage = Shortage(
        batch_id=batch.id,
        supplier_id=batch.supplier_id,
        item=plan.item,
        unit=plan.unit,
        measure=plan.measure,
        missing=plan.missing,
        instead=instead,
        because=doer.because,
        rule=plan.rule,
        attempt=attempt,
        by=doer.by,
        at=doer.at,
        calls_waiting=len(plan.of(Outcome.CALL)),
    )
    session.add(shortage)
    session.flush()
    session.add_all(
        ShortageShare(
            shortage_id=shortage.id,
            order_id=household.order_id,
            line_id=loss.line_id,
            portions=loss.portions,
            quantity=loss.quantity,
        )
        for household in plan.households
        for loss in household.losses
    )
    session.add_all(step(shortage, each.order_id, each.outcome, doer, instead=instead) for each in plan.households)
    session.flush()
    return shortage


def step(shortage: Shortage, order_id: int, became: Outcome, doer: Doer, *, instead: str = "") -> ShortageStep:
    """``instead`` is kept where that is what the order gets."""
    return ShortageStep(
        shortage_id=shortage.id,
        order_id=order_id,
        became=became,
        instead=instead if became is Outcome.EQUIVALENT else "",
        by=doer.by,
        at=doer.at,
        because=doer.because,
    )


def goes_back(
    session: Session, shortage: Shortage, households: Sequence[Household], *, by: str, at: datetime, vouches: bool
) -> None:
    """Deduct what these go without, propose the refunds, and keep which are of this shortage."""
    cuts = [
        Cut(each.order_id, loss.line_id, shortage.supplier_id, loss.amount, loss.portions)
        for each in households
        for loss in each.losses
        if loss.amount
    ]
    if not cuts:
        return
    back = deduct(session, cuts, Doer(by, at, BECAUSE % shortage.id), vouches=vouches)
    session.add_all(_entries(shortage, back))
    session.add_all(
        ReturnByHand(shortage_id=shortage.id, order_id=order_id, amount=each.outside)
        for order_id, each in back.items()
        if each.outside
    )
    session.flush()


def _entries(shortage: Shortage, back: Mapping[int, GoesBack]) -> list[ShortageEntry]:
    return [
        *(
            ShortageEntry(shortage_id=shortage.id, order_id=order_id, deduction_id=deduction.id)
            for order_id, each in back.items()
            for deduction in each.deductions
        ),
        *(
            ShortageEntry(shortage_id=shortage.id, order_id=order_id, refund_id=refund.id)
            for order_id, each in back.items()
            for refund in each.refunds
        ),
    ]


def tell(session: Session, shortage: Shortage, households: Collection[Household], *, at: datetime) -> None:
    """Each resident: what is missing, and what they get for it."""
    lock_orders(session, [each.order_id for each in households])
    telling.short(
        session,
        {
            each.order_id: telling.Short(shortage.amount_of(each.quantity), each.outcome.value, each.amount)
            for each in households
        },
        shortage_id=shortage.id,
        item=shortage.item,
        instead=shortage.instead,
        at=at,
    )
