"""What stands in a receipt: an order's sums, each đồng of them accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from orders.models import Order
from orders.payments.queries import owed_by
from orders.payments.refunds.owed.queries import refunds_of_order
from orders.receipts.queries import deducted_by_line


@dataclass(frozen=True, slots=True)
class Receipt:
    """An order's money as it stands now, in đồng. ``received`` = ``kept`` + ``going_back`` + ``paid_back``.

    ``deducted``: order line → what of it was not handed over.
    """

    order: Order
    deducted: Mapping[int, int]
    kept: int
    going_back: int
    paid_back: int

    @property
    def received(self) -> int:
        return self.kept + self.going_back + self.paid_back

    @property
    def owed(self) -> int:
        return max(0, self.order.due - self.kept)


def receipt_of(session: Session, order: Order) -> Receipt:
    """The order's receipt as of now."""
    refunds = refunds_of_order(session, order.id)
    return Receipt(
        order=order,
        deducted=deducted_by_line(session, order.id),
        kept=order.due - owed_by(session, order),
        going_back=sum(each.amount for each in refunds if each.debit is None),
        paid_back=sum(each.amount for each in refunds if each.debit is not None),
    )
