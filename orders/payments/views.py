"""The payments desk: money not placed yet, each transfer with its candidates, and the steps a clerk takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.money import format_dong
from orders.models import Order
from orders.payments.aliases import forget, learn
from orders.payments.desk import (
    CandidateView,
    candidate_views,
    in_percent,
    memo_marks,
    next_waiting,
    reasons,
    waits_for,
)
from orders.payments.feeds.heard import heard
from orders.payments.forms import DeskForm, SettleForm, SplitForm, seen, shares_text
from orders.payments.grouped import groups_named, proposed_shares
from orders.payments.late.afterlife import afterlife
from orders.payments.ledger import Hand
from orders.payments.models import Transfer, Verdict
from orders.payments.queries import (
    aside,
    desk_events_of,
    inbox_counts,
    live_allocations,
    lock_transfers,
    neighbour,
    owed_by,
    postings_of,
)
from orders.payments.queries import inbox as inbox_rows
from orders.payments.settle import CannotSettle, ChangedMeanwhile, bring_back, set_aside, settle, undo
from orders.queries import order_by_code, orders_by_code
from people.models import Role
from people.sessions import requires

desk = Blueprint("desk", __name__, url_prefix="/desk")

PAGE = 40
AFTER = ("way_form", "spend_form", "debit_form", "back_form", "undo_form")
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
        transfers=[(each, waits_for(each)) for each in transfers[:PAGE]],
        counts=inbox_counts(db.session),
        heard=heard(db.session),
        in_percent=in_percent,
        show=show,
        page=page,
        more=len(transfers) > PAGE,
    )


def _shown(show: str, after: int) -> Sequence[Transfer]:
    """A page of transfers and one more: those set aside, or those waiting, of one verdict where asked."""
    if show == "aside":
        return aside(db.session, most=PAGE + 1, after=after)
    return inbox_rows(db.session, verdict=_verdict(), most=PAGE + 1, after=after)


def _verdict() -> Verdict | None:
    """The kind of transfers that the clerk works through."""
    show = request.args.get("show")
    return Verdict(show) if show in set(Verdict) else None


@desk.route("/transfers/<int:transfer_id>")
@requires(Role.OFFICE)
def transfer(transfer_id: int) -> ResponseReturnValue:
    """One transfer: what the bank wrote, what the matcher made of it, and where its money is."""
    return transfer_page(_load(transfer_id))


@desk.route("/transfers/<int:transfer_id>/settle", methods=["POST"])
@requires(Role.OFFICE)
def settle_transfer(transfer_id: int) -> ResponseReturnValue:
    """Give the transfer to one order; what is over becomes the payer's credit."""
    found, form = locked(transfer_id), SettleForm()
    unchanged(found, form)
    form.offer(_owed(candidate_views(db.session, found)))
    if not form.validate_on_submit():
        return transfer_page(found, settle_form=form)
    order, hand = order_of(form.chosen), hand_of(form)
    owed = owed_by(db.session, order)
    if form.shown_owed not in (None, owed):
        raise ChangedMeanwhile(
            _("Order %(code)s now owes %(owed)s. Nothing was booked.", code=order.code, owed=format_dong(owed))
        )
    share = min(found.unplaced, max(owed, 1))
    learn(db.session, found, settle(db.session, found, {order.id: share}, hand, rest_as_credit=True), hand)
    return go_on(_("%(code)s has got %(sum)s.", code=order.code, sum=format_dong(share)), found, ".undo_transfer")


@desk.route("/transfers/<int:transfer_id>/split", methods=["POST"])
@requires(Role.OFFICE)
def split_transfer(transfer_id: int) -> ResponseReturnValue:
    """Give the transfer to several orders; what is over stays unplaced."""
    found, form = locked(transfer_id), SplitForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, split_form=form)
    orders, hand = orders_by_code(db.session, form.parsed.keys()), hand_of(form)
    shares = {_among(orders, code).id: amount for code, amount in form.parsed.items()}
    learn(db.session, found, settle(db.session, found, shares, hand, rest_as_credit=False), hand)
    return go_on(_("%(many)s orders have got their money.", many=len(shares)), found, ".undo_transfer")


@desk.route("/transfers/<int:transfer_id>/set-aside", methods=["POST"])
@requires(Role.OFFICE)
def set_transfer_aside(transfer_id: int) -> ResponseReturnValue:
    """Take a transfer that pays no order out of the inbox."""
    found, form = locked(transfer_id), DeskForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, reason_form=form)
    set_aside(db.session, found, hand_of(form))
    return go_on(_("Set aside."), found, ".bring_transfer_back")


@desk.route("/transfers/<int:transfer_id>/bring-back", methods=["POST"])
@requires(Role.OFFICE)
def bring_transfer_back(transfer_id: int) -> ResponseReturnValue:
    """Put a transfer that was set aside back into the inbox."""
    return _take_back(transfer_id, bring_back, _("It is back in the inbox."))


@desk.route("/transfers/<int:transfer_id>/undo", methods=["POST"])
@requires(Role.OFFICE)
def undo_transfer(transfer_id: int) -> ResponseReturnValue:
    """Take back all that a transfer pays."""
    return _take_back(transfer_id, _undo_and_forget, _("Undone: the money is not placed any more."))


def _undo_and_forget(session: Session, found: Transfer, hand: Hand) -> None:
    undo(session, found, hand)
    forget(session, found)


def _take_back(transfer_id: int, step: Callable[[Session, Transfer, Hand], object], words: str) -> ResponseReturnValue:
    """Undo or bring back; the transfer waits again, and is shown."""
    found, form = locked(transfer_id), DeskForm()
    unchanged(found, form)
    if not form.validate_on_submit():
        return transfer_page(found, reason_form=form)
    step(db.session, found, hand_of(form))
    db.session.commit()
    flash(words, "good")
    return redirect(url_for("desk.transfer", transfer_id=found.id, show=_verdict()), code=303)


def go_on(words: str, found: Transfer, way_back: str) -> ResponseReturnValue:
    """Say what was done, with a button that takes it back; on to the next that waits, once nothing is left of this."""
    following = found.id if found.unplaced and not found.set_aside else next_waiting(db.session, found, _verdict())
    done = {"words": words, "undo": url_for(way_back, transfer_id=found.id, show=_verdict()), "seen": seen(found)}
    db.session.commit()
    flash(done, "done")  # type: ignore[arg-type]  # flashed words may be anything that JSON can hold
    onward = url_for("desk.transfer", transfer_id=following, show=_verdict()) if following else url_for("desk.inbox")
    return redirect(onward, code=303)


@desk.errorhandler(ChangedMeanwhile)
@desk.errorhandler(CannotSettle)
@desk.errorhandler(StaleDataError)
def overtaken(refusal: Exception) -> ResponseReturnValue:
    """Nothing was booked: what stood against it, and the transfer as it stands now."""
    db.session.rollback()
    words = str(refusal) if isinstance(refusal, MarketError) else _("Somebody else has just done this.")
    page, _status = transfer_page(_load((request.view_args or {})["transfer_id"]), refusal=words)
    return page, MarketError.status


def transfer_page(found: Transfer, *, refusal: str = "", **faulty: DeskForm) -> tuple[str, int]:
    """The page of a transfer as it stands, with the faults of a form that was sent."""
    candidates = candidate_views(db.session, found)
    settle_form = faulty.get("settle_form") or SettleForm.about(found, formdata=None)
    settle_form.offer(_owed(candidates))
    named = groups_named(db.session, candidates)
    split_form = faulty.get("split_form") or SplitForm.about(found, formdata=None)
    if not split_form.shares.data:
        split_form.shares.data = shares_text(proposed_shares(found, named))
    page = render_template(
        "desk/transfer.html",
        transfer=found,
        proposal=found.proposal,
        refusal=refusal,
        candidates=candidates,
        groups=named,
        reasons=reasons(found),
        marks=memo_marks(found),
        settle_form=settle_form,
        split_form=split_form,
        reason_form=faulty.get("reason_form") or DeskForm.about(found, formdata=None),
        after=afterlife(db.session, found, [*_asked_about(), *(each.order for each in candidates)], faulty),
        after_form=next((form for name, form in faulty.items() if name in AFTER), None),
        allocations=live_allocations(db.session, found.id),
        postings=postings_of(db.session, found.id),
        events=desk_events_of(db.session, found.id),
        show=_verdict(),
        following=neighbour(db.session, found, verdict=_verdict()),
        previous=neighbour(db.session, found, verdict=_verdict(), before=True),
    )
    return page, 422 if faulty else 200


def _asked_about() -> Sequence[Order]:
    """The order that a clerk asks about, whether or not the matcher thinks of it."""
    named = order_by_code(db.session, request.args.get("about", "").replace(" ", ""))
    return [named] if named else []


def _owed(candidates: Sequence[CandidateView]) -> dict[str, int]:
    return {candidate.order.code: candidate.owed for candidate in candidates}


def _load(transfer_id: int) -> Transfer:
    found = db.session.get(Transfer, transfer_id)
    if found is None:
        raise NotFound(_("There is no such transfer."))
    return found


def locked(transfer_id: int) -> Transfer:
    """The transfer as it stands, held, or NotFound."""
    found = lock_transfers(db.session, [transfer_id]).get(transfer_id)
    if found is None:
        raise NotFound(_("There is no such transfer."))
    return found


def unchanged(found: Transfer, form: DeskForm) -> None:
    """What the clerk was shown must be what is there now. (A form that does not say is faulty: see its validators.)"""
    if form.seen.data and form.seen.data != seen(found):
        raise ChangedMeanwhile(
            _("This transfer has changed since you opened its page. Nothing was booked: look at it as it stands now.")
        )


def hand_of(form: DeskForm) -> Hand:
    """Who sent it, and why."""
    return Hand(by=current_user.username, at=clock.now(), because=form.because.data or "as proposed")


def order_of(code: str) -> Order:
    """The order of this code, or NotFound."""
    found = order_by_code(db.session, code)
    if found is None:
        raise NotFound(_("There is no order %(code)s.", code=code))
    return found


def _among(orders: dict[str, Order], code: str) -> Order:
    if code not in orders:
        raise NotFound(_("There is no order %(code)s.", code=code))
    return orders[code]
