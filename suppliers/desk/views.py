"""Delivery rounds at the office's desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import screen_of
from orders.payments.feeds.queries import accounts
from orders.queries import count_held_back, count_ready, counts_by_state
from orders.waiting.queries import entries_of_round
from people.models import Role
from people.queries import suppliers as all_suppliers
from people.queries import wards
from people.sessions import requires
from shop.models import Round
from shop.queries import capacities_of, rounds_from
from suppliers.dispatch import NothingPaid, NotYet, dispatch, readiness
from suppliers.forms import DispatchForm
from suppliers.queries import manifests_of_round, parcel_counts

rounds = Blueprint("rounds", __name__, url_prefix="/desk/rounds")


@rounds.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Delivery rounds: those still to be delivered, the nearest first, then those of days gone by, the newest first."""
    found = screen_of(lambda most, skip: rounds_from(db.session, clock.today(), most, skip))
    return render_template("desk/rounds.html", found=found, now=clock.now())


@rounds.route("/<int:round_id>")
@requires(Role.OFFICE)
def show(round_id: int) -> ResponseReturnValue:
    """One round: its places, its orders, whether it may leave, and what has left."""
    return _page(_load(round_id), DispatchForm(formdata=None))


@rounds.route("/<int:round_id>/dispatch", methods=["POST"])
@requires(Role.OFFICE)
def send(round_id: int) -> ResponseReturnValue:
    """Send the round's paid orders to their suppliers."""
    delivery, form = _load(round_id), DispatchForm()
    if not form.validate_on_submit():
        return _page(delivery, form)
    try:
        manifests = dispatch(
            db.session,
            delivery,
            at=clock.now(),
            by=current_user.username,
            patience=app.extensions["settings"].feed_patience,
            override=form.because.data or "",
        )
    except NotYet as refusal:
        form.because.errors = [str(refusal)]
        return _page(delivery, form)
    except NothingPaid as refusal:
        form.form_errors = [str(refusal)]
        return _page(delivery, form)
    db.session.commit()
    flash(_("Sent: %(many)s manifests are with the suppliers.", many=len(manifests)), "good")
    return redirect(url_for(".show", round_id=round_id), code=303)


def _page(delivery: Round, form: DispatchForm) -> ResponseReturnValue:
    patience = app.extensions["settings"].feed_patience
    manifests = manifests_of_round(db.session, delivery.id)
    page = render_template(
        "desk/round.html",
        round=delivery,
        form=form,
        now=clock.now(),
        readiness=readiness(db.session, delivery, at=clock.now(), patience=patience),
        capacities={(c.supplier_id, c.ward_id): c for c in capacities_of(db.session, delivery.id)},
        suppliers=all_suppliers(db.session),
        wards=wards(db.session),
        counts={state.value: many for state, many in counts_by_state(db.session, delivery.id).items()},
        accounts=accounts(db.session),
        manifests=manifests,
        waiting=count_ready(db.session, delivery.id),
        held_back=count_held_back(db.session, delivery.id),
        waiting_list=entries_of_round(db.session, delivery.id),
        parcels=parcel_counts(db.session, [manifest.batch_id for manifest in manifests]),
    )
    return page, 422 if form.errors else 200


def _load(round_id: int) -> Round:
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound(_("There is no such delivery round."))
    return found
