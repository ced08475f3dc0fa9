"""Settlements at the desk: drawn up, drawn up anew, dropped, and linked with the payment."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import BecauseForm
from kernel.paging import screen_of
from people.models import Role
from people.queries import suppliers as all_suppliers
from people.sessions import requires
from suppliers.settlement import wording
from suppliers.settlement.draw import Hand, NothingToSettle, NotNow, draw, draw_anew, drop
from suppliers.settlement.forms import DrawForm, PayForm
from suppliers.settlement.models import Settlement
from suppliers.settlement.pay import CannotPay, pay
from suppliers.settlement.queries import closed_settlements, open_settlements, touched_by_supplier
from suppliers.settlement.views import page_of

desk_settlements = Blueprint("desk_settlements", __name__, url_prefix="/desk/settlements")

WEEK = timedelta(days=7)


@desk_settlements.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What is to be agreed, what can be drawn up, and what was."""
    yesterday = clock.today() - timedelta(days=1)
    return _index(DrawForm(formdata=None, begins_on=yesterday - WEEK + timedelta(days=1), ends_on=yesterday))


def _index(form: DrawForm) -> ResponseReturnValue:
    firms = all_suppliers(db.session)
    page = render_template(
        "desk/settlements.html",
        form=form.offer(firms),
        suppliers=firms,
        touched=touched_by_supplier(db.session),
        waiting=open_settlements(db.session),
        found=screen_of(lambda most, skip: closed_settlements(db.session, most=most, skip=skip)),
        words=wording,
    )
    return page, 422 if form.errors else 200


@desk_settlements.route("", methods=["POST"])
@requires(Role.OFFICE)
def draw_up() -> ResponseReturnValue:
    """Draw up a supplier's next settlement."""
    form = DrawForm().offer(all_suppliers(db.session))
    if not form.validate_on_submit():
        return _index(form)
    try:
        made = draw(db.session, form.supplier_id, form.period, _me())
    except (NotNow, NothingToSettle) as refusal:
        db.session.rollback()
        form.supplier.errors = [str(refusal)]
        return _index(form)
    db.session.commit()
    flash(_("Settlement %(number)s is drawn up. The supplier is asked to agree.", number=made.number), "good")
    return redirect(url_for("settlements.show", settlement=made.number), code=303)


@desk_settlements.route("/<int:settlement_id>/anew", methods=["POST"])
@requires(Role.OFFICE)
def anew(settlement_id: int) -> ResponseReturnValue:
    """Draw it up once more, as things stand now."""
    found = _load(settlement_id)
    try:
        draw_anew(db.session, found, _me())
        db.session.commit()
        flash(_("Drawn up anew. Both sides have to agree to it as it is now."), "good")
    except NothingToSettle as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
    return redirect(url_for("settlements.show", settlement=found.number), code=303)


@desk_settlements.route("/<int:settlement_id>/drop", methods=["POST"])
@requires(Role.OFFICE)
def drop_it(settlement_id: int) -> ResponseReturnValue:
    """Give it up; its parcels are for the next one."""
    found, form = _load(settlement_id), BecauseForm()
    if not form.validate_on_submit():
        return page_of(found, dropping=form)
    drop(db.session, found, _me(form.because.data or ""))
    db.session.commit()
    flash(_("Dropped. Its parcels come into the next settlement."), "good")
    return redirect(url_for(".index"), code=303)


@desk_settlements.route("/<int:settlement_id>/pay", methods=["POST"])
@requires(Role.OFFICE)
def paid(settlement_id: int) -> ResponseReturnValue:
    """A clerk says which debit paid it."""
    found, form = _load(settlement_id), PayForm()
    if not form.validate_on_submit():
        return page_of(found, paying=form)
    try:
        pay(db.session, found, int(form.debit.data or 0), _me(form.because.data or ""))
    except CannotPay as refusal:
        db.session.rollback()
        form.debit.errors = [str(refusal)]
        return page_of(_load(settlement_id), paying=form)
    db.session.commit()
    flash(_("Settlement %(number)s is paid.", number=found.number), "good")
    return redirect(url_for("settlements.show", settlement=found.number), code=303)


def _me(because: str = "") -> Hand:
    return Hand(current_user.username, current_user.name, clock.now(), because)


def _load(settlement_id: int) -> Settlement:
    found = db.session.get(Settlement, settlement_id)
    if found is None:
        raise NotFound(_("There is no such settlement."))
    return found
