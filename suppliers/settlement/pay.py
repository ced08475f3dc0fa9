"""A settlement is paid when money that left an account of ours is said to be it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.changes import Doer
from kernel.errors import MarketError
from kernel.text import search_key
from orders.payments.models import Debit, DebitKind
from orders.payments.refunds.queries import lock_debits
from orders.payments.refunds.seen import say_other
from suppliers.settlement.draw import Hand, write
from suppliers.settlement.models import Settlement, SettlementDeed, SettlementState
from suppliers.settlement.queries import debits_like, lock_settlement, settlement_of_debit


class CannotPay(MarketError):
    """This debit did not pay this settlement."""

    status = 422


class Candidate(NamedTuple):
    """A debit of the same sum; ``named``: its memo has the settlement's number."""

    debit: Debit
    named: bool


def candidates(session: Session, settlement: Settlement) -> Sequence[Candidate]:
    """Debits that may have paid it, the likeliest first."""
    if settlement.state is not SettlementState.AGREED or settlement.paid or settlement.net <= 0:
        return []
    found = [Candidate(each, _names(each.memo, settlement.number)) for each in debits_like(session, settlement.net)]
    return sorted(found, key=lambda each: not each.named)


def _names(memo: str, number: str) -> bool:
    """Whether a memo has the number, whatever a bank has made of its hyphens."""
    return _bare(number) in _bare(memo)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", search_key(text))


def pay(session: Session, settlement: Settlement, debit_id: int, hand: Hand) -> None:
    """A clerk says that a debit paid it, and how they know: the sums may differ. Does not commit.

    A debit that nobody has explained is explained by this. Taken back there, the settlement is unpaid again.
    """
    locked = lock_settlement(session, settlement.id)
    if locked.state is not SettlementState.AGREED or locked.paid:
        raise CannotPay(_("This settlement is not agreed yet, or is paid already. Reload the page."))
    debit = lock_debits(session, [debit_id]).get(debit_id)
    other = settlement_of_debit(session, debit_id)
    if debit is None or (other is not None and other.id != locked.id):
        raise CannotPay(_("There is no debit of this number, or it has paid another settlement."))
    if debit.kind is DebitKind.UNEXPLAINED:
        say_other(session, debit, DebitKind.SUPPLIER, Doer(hand.by, hand.at, hand.because))
        session.flush()
    if debit.kind is not DebitKind.SUPPLIER:
        raise CannotPay(_("This debit was something else. Undo that on its own page first."))
    locked.debit = debit
    locked.paid_by, locked.paid_at, locked.paid_because = hand.by, hand.at, hand.because
    write(session, locked, SettlementDeed.PAID, hand)
