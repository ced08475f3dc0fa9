"""A resident's pages: checkout, the order behind its private link, its QR, and tracking."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.languages import language
from kernel.notices.outbox import rules
from kernel.throttle import count
from kernel.web import HEADERS
from orders import prefill
from orders.amiss.told import told_amiss
from orders.checkout import PriceChanged, Recipient, RoundClosed, place_order
from orders.consent import CURRENT
from orders.deadlines.keep import more_for
from orders.doors import at_doors, door_lines
from orders.forms import CheckoutForm, IfShortForm, TrackForm
from orders.models import IfShort, Order
from orders.notices.subscriptions import ways_to_tell
from orders.payments.claims.forms import ClaimForm
from orders.payments.claims.outlook import outlook
from orders.payments.credit.outlook import credit_view
from orders.payments.giving_up.act import may_give_up
from orders.payments.instructions import Payment, how_to_pay
from orders.payments.queries import owed_by
from orders.payments.refunds.told import told_refunds
from orders.plain_status import remarks, status_text
from orders.promises import moved_since_placed, refusal_words, round_instead
from orders.queries import order_by_code, order_by_token, order_of_attempt
from orders.rota.queries import days_of
from orders.rota.turns import NotYourTurn, rota_words
from orders.short.choice import may_choose
from orders.short.told import told_short
from orders.tracking import stages
from orders.vietqr import as_png
from orders.waiting.models import WaitingEntry
from orders.wording import IF_SHORT
from people.models import WardRow
from people.queries import ward_of, wards
from shop import basket as baskets
from shop.announcements import told_to
from shop.basket import Basket
from shop.capacity import Offer, offers
from shop.models import Round
from shop.wards import WardLocked, apart_of, locked

orders = Blueprint("orders", __name__)

TRACKS_PER_ADDRESS = 20
TURNS_PER_ADDRESS = 20
TRACKS_PER_CODE = 10
TRACK_WINDOW = timedelta(minutes=15)
WITH_LOCATION = HEADERS["Permissions-Policy"].replace("geolocation=()", "geolocation=(self)")


@orders.route("/checkout", methods=["GET", "POST"])
def checkout() -> ResponseReturnValue:
    """Ask who gets the basket, where and in which round; then make the order."""
    basket, known = baskets.load(db.session), prefill.recall(db.session)
    form = CheckoutForm(data=known.fields() if known and request.method == "GET" else None)
    if not basket.lines:
        flash(_("Your basket is empty. Pick a combo first."), "warn")
        return redirect(url_for("shop.index"))
    valid = form.validate_on_submit()
    choices = _offer_rounds(form, basket)
    if not valid:
        return _ask(form, basket, choices, 422 if form.is_submitted() else 200)
    try:
        order = _place(form, basket)
    except MarketError as refusal:
        return _refuse(form, refusal)
    baskets.empty()
    prefill.forget()
    return redirect(url_for("orders.show", token=order.token), code=303)


def _offer_rounds(form: CheckoutForm, basket: Basket) -> list[Offer]:
    """The rounds with what is left of them for the ward that was chosen; before that, for which wards they are full."""
    possible = [_row(form)] if form.found_ward else wards(db.session)
    choices = list(offers(db.session, possible, supplier_ids=basket.supplier_ids, at=clock.now()))
    if kept := _kept(form):
        others = [each for each in choices if each.round.id != kept.round_id]
        choices = sorted([*others, Offer(kept.round, 1, ward=kept.ward)], key=lambda each: each.closes_at)
    form.offer_rounds(choices)
    return choices


def _kept(form: CheckoutForm) -> WaitingEntry | None:
    """What the waiting list keeps for this visitor, as long as the form does not name another ward."""
    known = prefill.recall(db.session)
    if known is None or known.waited is None:
        return None
    return None if form.found_ward and form.found_ward.name != known.ward else known.waited


def _row(form: CheckoutForm) -> WardRow:
    if form.found_ward is None:
        raise TypeError("the form has not been validated")
    return ward_of(db.session, form.found_ward.vintage, form.found_ward.code)


def _place(form: CheckoutForm, basket: Basket) -> Order:
    """Make the order; of a form that was sent twice at once, the slower one finds what the quicker one made."""
    try:
        return _order(form, basket)
    except (MarketError, IntegrityError):
        db.session.rollback()
        made = order_of_attempt(db.session, form.attempt.data or "")
        if made is None:
            raise
        return made


def _order(form: CheckoutForm, basket: Basket) -> Order:
    if form.seen_total.data and form.seen_total.data != str(basket.total):
        raise PriceChanged(_("A price has changed since you looked. Check the new total, then order again."))
    order = place_order(
        db.session,
        basket,
        Recipient(
            name=form.name.data or "",
            phone=form.phone.data or "",
            ward=_row(form),
            address=form.address.data or "",
            pin=form.pin,
            note=form.note.data or "",
            consent=CURRENT,
            language=language(),
            if_short=IfShort(form.if_short.data),
            waited=kept.id if (kept := _kept(form)) else None,
        ),
        delivery=_chosen_round(form),
        at=clock.now(),
        window=app.extensions["settings"].payment_window,
        attempt=form.attempt.data,
    )
    db.session.commit()
    return order


def _chosen_round(form: CheckoutForm) -> Round:
    chosen = db.session.get(Round, int(form.round.data))
    if chosen is None:
        raise RoundClosed(_("This delivery round is no longer there. Choose another one."))
    return chosen


def _refuse(form: CheckoutForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed; the refusal stands at the question that it answers."""
    if isinstance(refusal, NotYourTurn):  # what a phone has ordered is nobody else's to find out by trying
        count(db.session, f"turn:from:{request.remote_addr}", most=TURNS_PER_ADDRESS, per=TRACK_WINDOW)
        db.session.commit()
    basket = baskets.load(db.session)
    choices = _offer_rounds(form, basket)
    fields = {PriceChanged: form.seen_total, WardLocked: form.ward}
    instead = round_instead(refusal, choices, form.round.data or "")
    form.round.data = str(instead.id) if instead else form.round.data
    fields.get(type(refusal), form.round).errors = [refusal_words(refusal, instead)]
    return _ask(form, basket, choices, refusal.status)


def _ask(form: CheckoutForm, basket: Basket, choices: list[Offer], status: int) -> ResponseReturnValue:
    form.seen_total.data = str(basket.total)
    ward = _row(form) if form.found_ward else None
    page = render_template(
        "orders/checkout.html",
        form=form,
        basket=basket,
        rounds=choices,
        kept=_kept(form),
        known=prefill.recall(db.session),
        told=told_to(db.session, ward),
        apart=apart_of(ward) if ward else locked(db.session),
        turns=rota_words(days_of(db.session, ward.id if ward else 0)),
    )
    return page, status, {"Permissions-Policy": WITH_LOCATION}


@orders.route("/o/<token>")
def show(token: str) -> ResponseReturnValue:
    """The order behind its private link: what to pay and how, and how far it is."""
    return private(make_response(order_page(mine(token), ClaimForm(formdata=None))))


def order_page(order: Order, form: ClaimForm, mail: FlaskForm | None = None) -> str:
    """An order's page; ``form`` holds what its resident says of the payment, ``mail`` an address that was refused."""
    payment = how_to_pay(db.session, order)
    return render_template(
        "orders/order.html",
        **at_doors(db.session, order),
        order=order,
        payment=payment,
        owed=owed_by(db.session, order),
        credit=credit_view(db.session, order),
        may_give_up=may_give_up(db.session, order, at=clock.now()),
        stages=stages(db.session, order),
        ways=ways_to_tell(db.session, order),
        outlook=outlook(db.session, order, patience=app.extensions["settings"].feed_patience) if payment else None,
        form=form,
        mail=mail,
        told=told_to(db.session, order.ward),
        more=more_for(order, clock.now()) if payment else None,
        refunds=told_refunds(db.session, order),
        moved=moved_since_placed(db.session, order),
        apart=apart_of(order.ward),
        short=told_short(db.session, order),
        amiss=told_amiss(db.session, order),
        choice=IfShortForm(formdata=None, obj=order) if may_choose(order, clock.now()) else None,
        if_short=IF_SHORT,
    )


@orders.route("/o/<token>.txt")
def plain(token: str) -> ResponseReturnValue:
    """The status as plain text, for screen readers and for passing on by SMS."""
    order = mine(token)
    with force_locale(request.cookies.get("language") or order.language):
        steps, paying, said = stages(db.session, order), how_to_pay(db.session, order), remarks(db.session, order)
        text = status_text(order, paying, steps, hotline=_hotline(), refunds=said, seen=door_lines(db.session, order))
    return private(Response(text, content_type="text/plain; charset=utf-8"))


@orders.route("/o/<token>/qr.png")
def qr(token: str) -> ResponseReturnValue:
    """The VietQR as a picture to save: the phone that shows a QR cannot scan it."""
    payment = _payment(mine(token))
    answer = Response(as_png(payment.qr_text), mimetype="image/png")
    answer.headers["Content-Disposition"] = f'inline; filename="{payment.purpose.split()[0]}.png"'
    return private(answer)


def _hotline() -> str:
    return str(app.extensions["settings"].hotline)


def mine(token: str) -> Order:
    order = order_by_token(db.session, token)
    if order is None:
        raise NotFound(_("There is no order behind this link. Check that you have copied all of it."))
    return order


def _payment(order: Order) -> Payment:
    payment = how_to_pay(db.session, order)
    if payment is None:
        raise NotFound(_("Nothing is to be paid for this order."))
    return payment


def private(answer: Response) -> Response:
    """A private link is nobody else's: not for search engines. What every page says hides it from other sites."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@orders.route("/track", methods=["GET", "POST"])
def track() -> ResponseReturnValue:
    """The stages of an order, for whoever knows its code and the phone's last four digits."""
    form = TrackForm()
    if not form.validate_on_submit():
        return _tracking(form, 422 if form.is_submitted() else 200)
    order = tracked(form)
    if order is None:
        form.code.errors = [_("No order fits this code and these four digits. Check both and try again.")]
        return _tracking(form, 404)
    return _tracking(form, 200, order)


def _tracking(form: TrackForm, status: int, found: Order | None = None) -> ResponseReturnValue:
    """The form, and what was found; to who has no code, where it stands: a phone number alone opens nothing here."""
    writes_to_people = any(rules().is_on(way) for way in ("sms", "zalo", "email"))
    page = render_template(
        "orders/track.html",
        form=form,
        found=found,
        stages=stages(db.session, found) if found else (),
        writes_to_people=writes_to_people,
    )
    return page, status


def tracked(form: TrackForm) -> Order | None:
    """The order, if both are right. Each try is counted first, so that nobody can try all ten thousand."""
    code = form.code.data or ""
    count(db.session, f"track:from:{request.remote_addr}", most=TRACKS_PER_ADDRESS, per=TRACK_WINDOW)
    count(db.session, f"track:code:{code}", most=TRACKS_PER_CODE, per=TRACK_WINDOW)
    db.session.commit()
    order = order_by_code(db.session, code)
    return order if order and order.phone.endswith(form.last4.data or "-") else None
