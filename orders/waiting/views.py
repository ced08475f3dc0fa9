"""Pages of the waiting list: joining, the place in the line behind its private link, using a kept place."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.languages import language
from kernel.throttle import count
from orders import prefill
from orders.consent import WAITING
from orders.views import private
from orders.waiting import line
from orders.waiting.forms import WaitForm
from orders.waiting.models import WaitingEntry, WaitingStatus
from orders.waiting.queries import ahead_of, entry_by_token
from people.queries import wards
from shop import basket as baskets
from shop.basket import Basket
from shop.capacity import next_with_places
from shop.models import Round
from shop.queries import rounds_taking_orders
from shop.wards import WardLocked, apart_of

waiting = Blueprint("waiting", __name__)

JOINS_PER_ADDRESS = 20
JOIN_WINDOW = timedelta(minutes=15)


@waiting.route("/waiting-list", methods=["GET", "POST"])
def join() -> ResponseReturnValue:
    """Ask who wants to wait for what; the checkout's form leads here with what was typed there."""
    basket = baskets.load(db.session)
    if not basket.lines:
        flash(_("Your basket is empty. Pick a combo first."), "warn")
        return redirect(url_for("shop.index"))
    if request.method == "GET" or "wait_for" in request.form:
        return _ask(_begun(), basket, 200)
    form = WaitForm()
    if not form.validate_on_submit():
        return _ask(form, basket, 422)
    try:
        token = _join(form, basket)
    except MarketError as refusal:
        db.session.rollback()
        if isinstance(refusal, WardLocked):
            form.ward.errors = [str(refusal)]
        else:
            form.form_errors.append(str(refusal))
        return _ask(form, basket, refusal.status, room=isinstance(refusal, line.ThereIsRoom))
    return redirect(url_for(".show", place=token), code=303)


def _begun() -> WaitForm:
    """The form with what was typed at the checkout, not judged yet."""
    typed = {name: request.form.get(name, "")[:200] for name in ("name", "phone", "ward")}
    return WaitForm(formdata=None, data={**typed, "round": request.form.get("wait_for", "")[:9]})


def _ask(form: WaitForm, basket: Basket, status: int, *, room: bool = False) -> ResponseReturnValue:
    rounds = rounds_taking_orders(db.session, clock.now())
    form.offer(rounds)
    free = _places_elsewhere(form, basket)
    page = render_template("orders/wait.html", form=form, basket=basket, rounds=rounds, room=room, free=free)
    return page, status


def _places_elsewhere(form: WaitForm, basket: Basket) -> Round | None:
    """The next round with places for the ward that was chosen: who takes that need not wait."""
    ward = next((each for each in wards(db.session) if each.name == form.ward.data), None)
    if ward is None:
        return None
    chosen = int(form.round.data) if str(form.round.data).isdecimal() else 0
    found = next_with_places(db.session, ward, supplier_ids=basket.supplier_ids, at=clock.now(), besides=chosen)
    return found[0] if found else None


def _join(form: WaitForm, basket: Basket) -> str:
    count(db.session, f"wait:from:{request.remote_addr}", most=JOINS_PER_ADDRESS, per=JOIN_WINDOW)
    db.session.commit()
    delivery = db.session.get(Round, int(form.round.data))
    if delivery is None:
        raise MarketError(_("This delivery round is no longer there. Choose another one."))
    wish = line.Wish(
        name=form.name.data or "",
        phone=form.phone.data or "",
        ward=form.chosen_ward(wards(db.session)),
        basket=basket,
        consent=WAITING,
        language=language(),
    )
    token = line.join(db.session, delivery, wish, at=clock.now())
    db.session.commit()
    return token


@waiting.route("/w/<place>")
def show(place: str) -> ResponseReturnValue:
    """How many are ahead, or until when a place is kept; the order, once there is one."""
    entry = _mine(place)
    if entry.status is WaitingStatus.ORDERED and entry.order:
        return redirect(url_for("orders.show", token=entry.order.token), code=303)
    kept = entry.status is WaitingStatus.OFFERED and bool(entry.offered_until and entry.offered_until > clock.now())
    ahead = ahead_of(db.session, entry)
    lasts = int(line.offer_lasts().total_seconds() // 3600)
    page = render_template(
        "orders/waiting.html", entry=entry, kept=kept, ahead=ahead, lasts=lasts, apart=apart_of(entry.ward)
    )
    return private(make_response(page))


@waiting.route("/w/<place>/order", methods=["POST"])
def order(place: str) -> ResponseReturnValue:
    """Take the kept place to the checkout, with the combos that were wanted."""
    entry = _mine(place)
    if entry.status is not WaitingStatus.OFFERED or entry.offered_until is None or entry.offered_until <= clock.now():
        return redirect(url_for(".show", place=place), code=303)
    baskets.empty()
    for code, quantity in entry.picked.items():
        baskets.change(code, quantity)
    prefill.remember(prefill.Origin.WAITING, entry.id)
    if not baskets.load(db.session).lines:
        flash(_("What you wanted is no longer sold. Choose something else: your place is still kept."), "warn")
        return redirect(url_for("shop.index"), code=303)
    return redirect(url_for("orders.checkout"), code=303)


@waiting.route("/w/<place>/leave", methods=["POST"])
def leave(place: str) -> ResponseReturnValue:
    """Leave the line; name and phone are deleted at once."""
    line.leave(db.session, _mine(place).id)
    db.session.commit()
    flash(_("You have left the waiting list. Your name and number are deleted."), "good")
    return redirect(url_for("shop.index"), code=303)


def _mine(place: str) -> WaitingEntry:
    entry = entry_by_token(db.session, place)
    if entry is None:
        raise NotFound(
            _("There is nobody on a waiting list behind this link. When a round closes, its list is deleted.")
        )
    return entry
