"""Prices that wait for a second person, and what became of the others."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import BecauseForm
from kernel.paging import screen_of
from people.desk.staff import must_stand_apart
from people.models import Role
from people.sessions import requires
from shop import prices as rules
from shop.models import PriceChange
from shop.queries import decided_prices, waiting_prices

prices = Blueprint("prices", __name__, url_prefix="/desk/admin/prices")


@prices.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What waits, then what was decided, newest first."""
    found = screen_of(lambda most, skip: decided_prices(db.session, most, skip))
    return render_template("desk/admin/prices.html", waiting=waiting_prices(db.session), found=found)


@prices.route("/<int:change_id>")
@requires(Role.OFFICE)
def show(change_id: int) -> ResponseReturnValue:
    """One change: from, to, by how much, why, and who decides."""
    return _page(_load(change_id), BecauseForm(formdata=None))


@prices.route("/<int:change_id>/approve", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def approve(change_id: int) -> ResponseReturnValue:
    """The second person agrees."""
    change = _load(change_id)
    must_stand_apart(current_user, change.proposed_by, clock.now())
    return _decide(rules.approve, change, _("The new price is in force."))


@prices.route("/<int:change_id>/refuse", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def refuse(change_id: int) -> ResponseReturnValue:
    """The second person says no, and why."""
    change, form = _load(change_id), BecauseForm()
    if not form.validate_on_submit():
        return _page(change, form)
    return _decide(rules.refuse, change, _("The price stays as it is."), form.because.data or "")


@prices.route("/<int:change_id>/withdraw", methods=["POST"])
@requires(Role.OFFICE)
def withdraw(change_id: int) -> ResponseReturnValue:
    """The proposer takes it back."""
    return _decide(rules.withdraw, _load(change_id), _("The price stays as it is."))


def _decide(step: Callable[..., None], change: PriceChange, words: str, because: str = "") -> ResponseReturnValue:
    step(db.session, change, Doer(current_user.username, clock.now(), because))
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".show", change_id=change.id), code=303)


def _page(change: PriceChange, form: BecauseForm) -> ResponseReturnValue:
    return render_template("desk/admin/price.html", change=change, form=form), 422 if form.errors else 200


def _load(change_id: int) -> PriceChange:
    found = db.session.get(PriceChange, change_id)
    if found is None:
        raise NotFound(_("There is no such price change."))
    return found
