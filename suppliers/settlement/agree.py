"""Both sides agree to what was drawn up, in either order; or one does not, says why, and it goes back to the office."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import jobs
from kernel.chain.seal import seal_now
from kernel.errors import MarketError
from suppliers.manifest import fingerprint
from suppliers.notices import telling
from suppliers.settlement.draw import Hand, NotOpen, withdraw_agreements, write
from suppliers.settlement.models import Settlement, SettlementDeed, SettlementState, Side
from suppliers.settlement.queries import lock_settlement
from suppliers.settlement.snapshot import gather

AGREED = {Side.OFFICE: SettlementDeed.OFFICE_AGREED, Side.SUPPLIER: SettlementDeed.SUPPLIER_AGREED}
DISAGREED = {Side.OFFICE: SettlementDeed.OFFICE_DISAGREED, Side.SUPPLIER: SettlementDeed.SUPPLIER_DISAGREED}


class AgreedAlready(MarketError):
    """Somebody of the same side was quicker."""


class DrawnAnew(MarketError):
    """What was seen is not what stands there now."""

    def __init__(self) -> None:
        super().__init__(
            _("The settlement was drawn up anew, or put back, since you opened it. Look at it again, then decide.")
        )


def agree(session: Session, settlement: Settlement, side: Side, hand: Hand, *, seen: int) -> bool:
    """One side agrees to the version that it saw. Answers whether both have now: then it is final. Does not commit.

    The row is held, so that of two who agree at once the second finds what the first did.
    """
    locked = _in_hand(session, settlement, seen)
    if locked.agreed_by(side):
        raise AgreedAlready(
            _(
                "%(name)s has agreed to settlement %(number)s already. You need not do anything more.",
                name=locked.agreed_by(side),
                number=locked.number,
            )
        )
    if side is Side.OFFICE:
        locked.office_by, locked.office_name, locked.office_at = hand.by, hand.name, hand.at
    else:
        locked.supplier_by, locked.supplier_name, locked.supplier_at = hand.by, hand.name, hand.at
    both = bool(locked.office_at and locked.supplier_at)
    if both:
        _close(session, locked, hand)
    write(session, locked, AGREED[side], hand, sha256=locked.sha256 or "")
    if side is Side.SUPPLIER or both:
        telling.settlement_answered(session, locked, at=hand.at)
    return both


def _close(session: Session, settlement: Settlement, hand: Hand) -> None:
    """From now on it never changes. What it goes by is sealed first."""
    seal_now(session)
    settlement.snapshot = gather(session, settlement)
    settlement.sha256 = fingerprint(settlement.snapshot)
    settlement.state, settlement.agreed_at = SettlementState.AGREED, hand.at
    jobs.promise(session, "settlement", key=f"settlement:{settlement.sha256}", payload={"settlement_id": settlement.id})


def disagree(session: Session, settlement: Settlement, side: Side, hand: Hand, *, seen: int) -> None:
    """One side does not agree, and says why: the office draws it up anew, or drops it. Does not commit."""
    locked = _in_hand(session, settlement, seen)
    withdraw_agreements(locked)
    locked.state = SettlementState.PUT_BACK
    write(session, locked, DISAGREED[side], hand)
    telling.settlement_answered(session, locked, at=hand.at)


def _in_hand(session: Session, settlement: Settlement, seen: int) -> Settlement:
    locked = lock_settlement(session, settlement.id)
    if not locked.open:
        raise NotOpen(locked)
    if locked.state is not SettlementState.DRAFT or locked.version != seen:
        raise DrawnAnew
    return locked
