"""Orders at the office's desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.notices.queries import notices_log
from kernel.queries import changes_of
from orders import lifecycle
from orders.asked import understand
from orders.deadlines.forms import DeadlineForm
from orders.deadlines.keep import KIND, NotThen, extend
from orders.desk.combos import give_combos
from orders.forms import ReasonForm
from orders.groups.queries import groups_by_code
from orders.models import Order
from orders.notices.wording import EVENTS
from orders.payments.books.queries import payers_of
from orders.payments.claims.queries import claims_of, count_said_to_be_paid, orders_said_to_be_paid
from orders.payments.forms import CombosForm
from orders.payments.queries import allocation_history, owed_by
from orders.queries import find_orders, order_by_code
from orders.tracking import stages
from people.models import Role
from people.sessions import requires

PAGE = 40

desk_orders = Blueprint("desk_orders", __name__, url_prefix="/desk/orders")


@desk_orders.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Find orders by code, phone or name, or see those of residents who say that they have paid, oldest first."""
    asked = request.args.get("q", "")
    waiting = count_said_to_be_paid(db.session)
    if "claimed" not in request.args:
        meant = understand(asked)
        found, groups = find_orders(db.session, meant), groups_by_code(db.session, meant.codes)
        return render_template("desk/orders.html", orders=found, groups=groups, q=asked, waiting=waiting, claimed=False)
    number = max(1, min(request.args.get("page", 1, type=int), 10_000))
    rows = orders_said_to_be_paid(db.session, most=PAGE + 1, after=(number - 1) * PAGE)
    return render_template(
        "desk/orders.html",
        orders=[order for order, _said in rows[:PAGE]],
        said={order.id: said_at for order, said_at in rows},
        q="",
        waiting=waiting,
        claimed=True,
        number=number,
        more=len(rows) > PAGE,
    )


@desk_orders.route("/<code>")
@requires(Role.OFFICE)
def show(code: str) -> ResponseReturnValue:
    """One order with its history and its money."""
    return _page(_load(code))


@desk_orders.route("/<code>/combos", methods=["POST"])
@requires(Role.OFFICE)
def combos(code: str) -> ResponseReturnValue:
    """Say which combos an order taken elsewhere holds."""
    order, form = _load(code), CombosForm()
    if not form.validate_on_submit():
        return _page(order, combos_form=form)
    try:
        beyond = give_combos(db.session, order, form.parsed, at=clock.now())
    except MarketError as refusal:
        db.session.rollback()
        form.combos.errors = [str(refusal)]
        return _page(_load(code), combos_form=form)
    db.session.commit()
    flash(_("The order has its combos."), "good")
    if beyond:
        flash(_("It goes beyond the round's capacity."), "warn")
    return redirect(url_for(".show", code=order.code), code=303)


@desk_orders.route("/<code>/revive", methods=["POST"])
@requires(Role.OFFICE)
def revive(code: str) -> ResponseReturnValue:
    """Open an expired order again, while its round takes orders and has places."""
    order, form = _load(code), ReasonForm()
    if not form.validate_on_submit():
        return _page(order, reason_form=form)
    now = clock.now()
    if now >= order.closes_at:
        raise MarketError(_("Its delivery round has closed. The resident has to order again."))
    deadline = min(now + app.extensions["settings"].payment_window, order.closes_at)
    because = form.because.data or ""
    lifecycle.revive(db.session, order, expires_at=deadline, by=current_user.username, at=now, because=because)
    db.session.commit()
    flash(_("The order is open again."), "good")
    return redirect(url_for(".show", code=order.code), code=303)


@desk_orders.route("/<code>/deadline", methods=["POST"])
@requires(Role.OFFICE)
def deadline(code: str) -> ResponseReturnValue:
    """Give an order that waits for its payment more time."""
    order, form = _load(code), DeadlineForm()
    if not form.validate_on_submit():
        return _page(order, deadline_form=form)
    doer = Doer(current_user.username, clock.now(), form.because.data or "")
    try:
        extend(db.session, order, form.moment, doer)
    except NotThen as refusal:
        db.session.rollback()
        form.until.errors = [str(refusal)]
        return _page(_load(code), deadline_form=form)
    db.session.commit()
    flash(_("The order has more time, and its resident is told."), "good")
    return redirect(url_for(".show", code=order.code), code=303)


def _page(order: Order, **faulty: FlaskForm) -> ResponseReturnValue:
    page = render_template(
        "desk/order.html",
        order=order,
        owed=owed_by(db.session, order),
        stages=stages(db.session, order),
        allocations=allocation_history(db.session, order.id),
        payers=payers_of(db.session, order),
        claims=claims_of(db.session, order.id),
        combos_form=faulty.get("combos_form") or CombosForm(formdata=None),
        reason_form=faulty.get("reason_form") or ReasonForm(formdata=None),
        deadline_form=faulty.get("deadline_form") or DeadlineForm(formdata=None),
        moved=changes_of(db.session, KIND, order.id, most=20),
        notices=notices_log(db.session, subject=order.code),
        events=EVENTS,
        needs_combos=any(line.supplier_id is None for line in order.lines),
    )
    return page, 422 if faulty else 200


def _load(code: str) -> Order:
    found = order_by_code(db.session, code)
    if found is None:
        raise NotFound(_("There is no order %(code)s.", code=code))
    return found
