"""An order's status as plain text: short lines for screen readers and SMS, with nothing of the person in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.money import format_dong
from kernel.web import show_moment
from orders.models import Order, OrderState
from orders.payments.instructions import Payment
from orders.payments.refunds.told import told_refunds
from orders.short.told import told_short
from orders.tracking import Stage, StageState
from orders.wording import STATES
from shop.rounds import promise_words, round_promise, sentence

WIDTH = 60  # letters a line
MOST_BYTES = 1024
MOST_REFUNDS = 2  # the newest; the page has all
_MARKS = {StageState.DONE: "[x]", StageState.CURRENT: "[>]", StageState.TODO: "[ ]", StageState.FAILED: "[!]"}


def status_text(
    order: Order,
    payment: Payment | None,
    stages: Sequence[Stage],
    *,
    hotline: str,
    refunds: Sequence[str] = (),
    seen: Sequence[str] = (),
) -> str:
    """``seen``: what happened at the door.

    At most MOST_BYTES in UTF-8; what does not fit is left out of the list of goods, and said so."""
    state = _("Order %(code)s: %(state)s", code=order.code, state=STATES[order.state])
    head = [state, *_to_pay(order, payment), *refunds[-MOST_REFUNDS:]]
    foot = [*_steps(stages), *seen, *_delivery(order), _("Questions? Call %(hotline)s.", hotline=hotline)]
    goods = [f"{line.quantity} x {line.name}" for line in order.lines]
    for shown in range(len(goods), -1, -1):
        rest = [_("and %(many)s more", many=len(goods) - shown)] if shown < len(goods) else []
        text = _lines([*head, *goods[:shown], *rest, *foot])
        if len(text.encode()) <= MOST_BYTES:
            return text
    return _lines([*head, foot[-1]])


def remarks(session: Session, order: Order) -> list[str]:
    """What was missing, and what money went back."""
    short = [f"- {each.missing}: {each.gets}" for each in told_short(session, order)]
    return [*short, *(each.words for each in told_refunds(session, order))]


def _lines(parts: Sequence[str]) -> str:
    return "\n".join(line for part in parts for line in wrap(part, WIDTH)) + "\n"


def _to_pay(order: Order, payment: Payment | None) -> Iterator[str]:
    if payment is None:
        return
    amount, until = format_dong(payment.amount), show_moment(order.expires_at)
    yield _("Please transfer %(amount)s before %(until)s:", amount=amount, until=until)
    yield f"{payment.account.bank_name} {payment.account.number}"
    yield payment.account.holder
    yield _("Message: %(memo)s", memo=payment.memo)


def _steps(stages: Sequence[Stage]) -> Iterator[str]:
    for stage in stages:
        at = f" {show_moment(stage.at)}" if stage.at else ""
        yield f"{_MARKS[stage.state]} {stage.label}{at}"


def _delivery(order: Order) -> Iterator[str]:
    if order.state in (OrderState.OPEN, OrderState.CONFIRMED):
        yield sentence(round_promise(order.round)) + "."
        if order.is_promised_otherwise:
            yield _("Promised before: %(promise)s", promise=promise_words(order.promised_on, order.promised_slot)) + "."
