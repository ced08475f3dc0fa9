"""What a transfer's page shows of money that found no order, or left one again: choices, credit, a bank's reversal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kernel import clock
from orders.models import Order
from orders.payments.credit.owners import owner_of
from orders.payments.credit.queries import used_from_credit
from orders.payments.feeds.queries import debit_reversing, debits_like
from orders.payments.forms import DeskForm
from orders.payments.late.choices import Choices, choices_of
from orders.payments.late.forms import DebitForm, SpendForm, WayForm
from orders.payments.models import Allocation, Debit, Transfer


@dataclass(frozen=True, slots=True)
class Afterlife:
    """``owner``: the order on whose page the credit stands; ``used``: what that credit pays.

    ``reversed_by``: the debit by which the bank took it all back; ``like_it``: debits that may have.
    """

    choices: Sequence[Choices]
    owner: Order | None
    used: Sequence[Allocation]
    reversed_by: Debit | None
    like_it: Sequence[Debit]
    way_form: WayForm
    spend_form: SpendForm
    debit_form: DebitForm


def afterlife(session: Session, transfer: Transfer, orders: Sequence[Order], faulty: dict[str, DeskForm]) -> Afterlife:
    """``orders``: those that it may be for, the likeliest first; ``faulty``: forms that were sent and refused."""
    reversed_by = debit_reversing(session, transfer.id)
    like_it = [] if reversed_by else debits_like(session, transfer)
    debit_form = faulty.get("debit_form") or DebitForm.about(transfer, formdata=None)
    debit_form.offer(like_it)
    return Afterlife(
        choices=choices_of(session, transfer, orders, at=clock.now()),
        owner=owner_of(session, transfer) if transfer.credit else None,
        used=used_from_credit(session, transfer.id),
        reversed_by=reversed_by,
        like_it=like_it,
        way_form=faulty.get("way_form") or WayForm.about(transfer, formdata=None),
        spend_form=faulty.get("spend_form") or SpendForm.about(transfer, formdata=None),
        debit_form=debit_form,
    )
