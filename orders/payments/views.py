"""The payments desk: money not placed yet, each transfer with its candidates, and the steps a clerk takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from orders.models import Order
from orders.payments.aliases import forget, learn
from orders.payments.desk import candidate_views, memo_marks
from orders.payments.feeds.queries import accounts, last_statements
from orders.payments.forms import DeskForm, SettleForm, SplitForm, seen, shares_text
from orders.payments.ledger import Hand
from orders.payments.models import Transfer, Verdict
from orders.payments.queries import (
    aside,
    desk_events_of,
    inbox_counts,
    live_allocations,
    lock_transfers,
    owed_by,
    postings_of,
)
from orders.payments.queries import inbox as inbox_rows
from orders.payments.settle import ChangedMeanwhile, bring_back, set_aside, settle, undo
from orders.queries import order_by_code, orders_by_code
from people.models import Role
from people.sessions import requires

desk = Blueprint("desk", __name__, url_prefix="/desk")

PAGE = 40
MOST_PAGES = 10_000


@desk.route("")
@requires(Role.OFFICE)
def inbox() -> ResponseReturnValue:
    """Money not yet placed, oldest first, and how fresh each account's statement is."""
    show = request.args.get("show", "")
    page = min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)
    transfers = _shown(show, (page - 1) * PAGE)
    return render_template(
        "desk/inbox.html",
        transfers=transfers[:PAGE],
        counts=inbox_counts(db.session),
        accounts=accounts(db.session),
        last_statements=last_statements(db.session),
        show=show,
        page=page,
        more=len(transfers) > PAGE,
    )


def _shown(show: str, after: int) -> Sequence[Transfer]:
    """A page of transfers and one more: those set aside, or those waiting, of one verdict where asked."""
    if show == "aside":
        return aside(db.session, most=PAGE + 1, after=after)
    verdict = Verdict(show) if show in set(Verdict) else None
    return inbox_rows(db.session, verdict=verdict, most=PAGE + 1, after=after)


@desk.route("/transfers/<int:transfer_id>")
@requires(Role.OFFICE)
def transfer(transfer_id: int) -> ResponseReturnValue:
    """One transfer: what the bank wrote, what the matcher made of it, and where its money is."""
    return _page(_load(transfer_id))


@desk.route("/transfers/<int:transfer_id>/settle", methods=["POST"])
@requires(Role.OFFICE)
def settle_transfer(transfer_id: int) -> ResponseReturnValue:
    """Give the transfer to one order; what is over becomes the payer's credit."""
    found, form = _locked(transfer_id), SettleForm()
    if not form.validate_on_submit():
        return _page(found, settle_form=form)
    _unchanged(found, form)
    order = _order(form.chosen)
    share = min(found.unplaced, max(owed_by(db.session, order), 1))
    hand = _hand(form)
    learn(db.session, found, settle(db.session, found, {order.id: share}, hand, rest_as_credit=True), hand)
    return _done(_("%(code)s has got its money.", code=order.code), found)


@desk.route("/transfers/<int:transfer_id>/split", methods=["POST"])
@requires(Role.OFFICE)
def split_transfer(transfer_id: int) -> ResponseReturnValue:
    """Give the transfer to several orders; what is over stays unplaced."""
    found, form = _locked(transfer_id), SplitForm()
    if not form.validate_on_submit():
        return _page(found, split_form=form)
    _unchanged(found, form)
    orders = orders_by_code(db.session, form.parsed.keys())
    shares = {_among(orders, code).id: amount for code, amount in form.parsed.items()}
    hand = _hand(form)
    learn(db.session, found, settle(db.session, found, shares, hand, rest_as_credit=False), hand)
    return _done(_("%(many)s orders have got their money.", many=len(shares)), found)


@desk.route("/transfers/<int:transfer_id>/set-aside", methods=["POST"])
@requires(Role.OFFICE)
def set_transfer_aside(transfer_id: int) -> ResponseReturnValue:
    """Take a transfer that pays no order out of the inbox."""
    return _step(transfer_id, set_aside, _("Set aside."))


@desk.route("/transfers/<int:transfer_id>/bring-back", methods=["POST"])
@requires(Role.OFFICE)
def bring_transfer_back(transfer_id: int) -> ResponseReturnValue:
    """Put a transfer that was set aside back into the inbox."""
    return _step(transfer_id, bring_back, _("It is back in the inbox."))


@desk.route("/transfers/<int:transfer_id>/undo", methods=["POST"])
@requires(Role.OFFICE)
def undo_transfer(transfer_id: int) -> ResponseReturnValue:
    """Take back all that a transfer pays."""
    return _step(transfer_id, _unlearn, _("Undone: the money is not placed any more."))


def _unlearn(session: Session, found: Transfer, hand: Hand) -> None:
    undo(session, found, hand)
    forget(session, found)


def _step(transfer_id: int, step: Callable[..., object], message: str) -> ResponseReturnValue:
    found, form = _locked(transfer_id), DeskForm()
    if not form.validate_on_submit():
        return _page(found, reason_form=form)
    _unchanged(found, form)
    step(db.session, found, _hand(form))
    return _done(message, found)


def _page(found: Transfer, **faulty: DeskForm) -> ResponseReturnValue:
    candidates = candidate_views(db.session, found)
    settle_form = faulty.get("settle_form") or SettleForm.about(found, formdata=None)
    settle_form.offer([candidate.order for candidate in candidates])
    split_form = faulty.get("split_form") or SplitForm.about(found, formdata=None)
    if not split_form.shares.data and found.proposal:
        split_form.shares.data = shares_text(found.proposal.allocations)
    page = render_template(
        "desk/transfer.html",
        transfer=found,
        proposal=found.proposal,
        candidates=candidates,
        marks=memo_marks(found),
        settle_form=settle_form,
        split_form=split_form,
        reason_form=faulty.get("reason_form") or DeskForm.about(found, formdata=None),
        allocations=live_allocations(db.session, found.id),
        postings=postings_of(db.session, found.id),
        events=desk_events_of(db.session, found.id),
    )
    return page, 422 if faulty else 200


def _done(message: str, found: Transfer) -> ResponseReturnValue:
    db.session.commit()
    flash(message, "good")
    return redirect(url_for("desk.transfer", transfer_id=found.id), code=303)


def _load(transfer_id: int) -> Transfer:
    found = db.session.get(Transfer, transfer_id)
    if found is None:
        raise NotFound(_("There is no such transfer."))
    return found


def _locked(transfer_id: int) -> Transfer:
    found = lock_transfers(db.session, [transfer_id]).get(transfer_id)
    if found is None:
        raise NotFound(_("There is no such transfer."))
    return found


def _unchanged(found: Transfer, form: DeskForm) -> None:
    """What the clerk was shown must be what is there now."""
    if form.seen.data != seen(found):
        raise ChangedMeanwhile(
            _("This transfer has changed since you opened its page. Nothing was booked: open it again and look.")
        )


def _hand(form: DeskForm) -> Hand:
    return Hand(by=current_user.username, at=clock.now(), because=form.because.data or "")


def _order(code: str) -> Order:
    found = order_by_code(db.session, code)
    if found is None:
        raise NotFound(_("There is no order %(code)s.", code=code))
    return found


def _among(orders: dict[str, Order], code: str) -> Order:
    if code not in orders:
        raise NotFound(_("There is no order %(code)s.", code=code))
    return orders[code]
