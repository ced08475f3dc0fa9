"""A resident's pages of a complaint, behind the private link of the order: telling it, its photo, taking it back."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel import clock, photos
from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import tidy, whole
from kernel.photos import PictureFault
from kernel.throttle import count
from orders.models import Order
from orders.views import mine, private
from suppliers.complaints import photos as kept
from suppliers.complaints.forms import ComplaintForm
from suppliers.complaints.keep import Goods, Said, check, complain, goods, withdraw
from suppliers.complaints.models import Complaint, ComplaintKind
from suppliers.complaints.queries import complaint_by_id, is_residents

complaints = Blueprint("complaints", __name__)

MOST = 30
PER = timedelta(hours=24)
MOST_ID = 999_999_999


@complaints.route("/o/<token>/complain", methods=["GET", "POST"])
def ask(token: str) -> ResponseReturnValue:
    """What is wrong with the goods that the address names?"""
    order = mine(token)
    if "line" not in request.args:
        return redirect(url_for("orders.show", token=token, _anchor="amiss"), code=303)
    about, form = _about(order), ComplaintForm()
    check(db.session, about, at=clock.now(), hotline=_hotline())
    if not form.validate_on_submit():
        return _ask(order, about, form, 422 if form.is_submitted() else 200)
    try:
        _tell(token, form)
    except PictureFault as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        return _ask(mine(token), _about(mine(token)), form, refusal.status)
    db.session.commit()
    flash(_("Thank you. The office looks at it and answers on this page."), "good")
    return redirect(url_for("orders.show", token=token, _anchor="amiss"), code=303)


def _about(order: Order) -> Goods:
    line = whole(request.args.get("line", ""), 0, MOST_ID) or 0
    return goods(db.session, order, line, tidy(request.args.get("item", "")))


def _ask(order: Order, about: Goods, form: ComplaintForm, status: int) -> ResponseReturnValue:
    page = render_template("orders/complain.html", order=order, about=about, form=form)
    return private(make_response(page, status))


def _tell(token: str, form: ComplaintForm) -> Complaint:
    """The photo is made small while nothing of the database is held."""
    count(db.session, f"complain:{mine(token).id}", most=MOST, per=PER)
    db.session.commit()
    picture = photos.proof(form.photo.data) if form.photo.data else b""
    order = mine(token)
    said = Said(
        ComplaintKind(form.kind.data),
        form.words.data or "",
        kept.keep(picture) if picture else "",
        form.attempt.data or None,
    )
    return complain(db.session, order, _about(order), said, at=clock.now(), hotline=_hotline())


def _hotline() -> str:
    return str(app.extensions["settings"].hotline)


@complaints.route("/o/<token>/complaints/<int:complaint_id>.webp")
def photo(token: str, complaint_id: int) -> ResponseReturnValue:
    """The resident's own photo."""
    return private(kept.answer(_mine(token, complaint_id)))


@complaints.route("/o/<token>/complaints/<int:complaint_id>/withdraw", methods=["POST"])
def take_back(token: str, complaint_id: int) -> ResponseReturnValue:
    """It was a mistake, or the goods were found."""
    complaint = _mine(token, complaint_id)
    withdraw(db.session, complaint, by="resident", at=clock.now())
    db.session.commit()
    flash(_("Taken back. Nobody looks at it any more."), "good")
    return redirect(url_for("orders.show", token=token, _anchor="amiss"), code=303)


def _mine(token: str, complaint_id: int) -> Complaint:
    """What the resident told; what a courier told is the courier's to take back."""
    found = complaint_by_id(db.session, complaint_id)
    if found is None or found.order_id != mine(token).id or not is_residents(found):
        raise NotFound(_("There is no such complaint."))
    return found
