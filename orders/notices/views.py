"""Notices at the desk: the log, and what a person should tell; and a resident's wish to be told by e-mail or push."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import MarketError, NotFound
from kernel.notices import outbox
from kernel.notices.adapters.push import public_key
from kernel.notices.models import Channel, Notice, NoticeState
from kernel.notices.outbox import rules
from kernel.notices.queries import notices_log
from kernel.notices.secrets import push_private_key
from kernel.throttle import count
from orders.models import Order
from orders.notices import desk, subscriptions
from orders.notices.events import Event
from orders.notices.forms import CHANNELS, EmailForm, FilterForm, HandForm
from orders.payments.claims.forms import ClaimForm
from orders.queries import order_by_token
from orders.views import order_page, private
from people.models import Role
from people.sessions import requires

notices = Blueprint("notices", __name__, url_prefix="/desk/notices")
tell_me = Blueprint("tell_me", __name__, url_prefix="/o/<token>")

ROWS = 40
BY_HAND = 20
LONGEST_SUBSCRIPTION = 4096
ASKS_PER_ORDER = 20
ASKS_PER_ADDRESS = 60
WINDOW = timedelta(hours=1)

Choice = TypeVar("Choice", bound=StrEnum)


@notices.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """The log, newest first, with filters."""
    form = FilterForm(request.args)
    event = form.event.data if form.event.data in outbox.trade().titles else ""
    rows = notices_log(
        db.session,
        state=_chosen(NoticeState, form.state.data),
        channel=_chosen(Channel, form.channel.data),
        event=event or "",
        subject=form.code.data or "",
        before=request.args.get("before", 0, type=int),
        most=ROWS + 1,
    )
    return render_template(
        "desk/notices.html",
        form=form,
        notices=rows[:ROWS],
        more=len(rows) > ROWS,
        counts=desk.counts(db.session),
        events=outbox.trade().titles,
        channels=CHANNELS,
        lost=desk.LOST,
    )


def _chosen(kind: type[Choice], text: str | None) -> Choice | None:
    return kind(text) if text in list(kind) else None


@notices.route("/by-hand")
@requires(Role.OFFICE)
def by_hand() -> ResponseReturnValue:
    """What a person should tell: the text to copy, whom to tell it, and a button when it is done."""
    after = request.args.get("after", 0, type=int)
    found = desk.to_tell(db.session, after=after, most=BY_HAND + 1)
    return render_template(
        "desk/notices_by_hand.html",
        to_tell=found[:BY_HAND],
        more=len(found) > BY_HAND,
        counts=desk.counts(db.session),
        events=outbox.trade().titles,
    )


@notices.route("/<int:notice_id>/done", methods=["POST"])
@requires(Role.OFFICE)
def done(notice_id: int) -> ResponseReturnValue:
    """A person has told it, or leaves it out."""
    form = HandForm()
    told = form.did.data != "left_out"
    notice = desk.finish_by_hand(db.session, notice_id, told=told, by=current_user.username, at=clock.now())
    if not form.validate_on_submit():
        raise MarketError(_("That was not understood. Go back and press the button again."))
    db.session.commit()
    flash(_done_words(notice), "good")
    return redirect(url_for(".by_hand"), code=303)


def _done_words(notice: Notice) -> str:
    if notice.event == Event.PLACE_KEPT:
        return str(_("Waiting list: done."))
    if notice.event in list(Event):
        return str(_("Order %(code)s: done.", code=notice.subject))
    return str(_("%(subject)s: done.", subject=notice.subject))


@notices.route("/<int:notice_id>/retry", methods=["POST"])
@requires(Role.OFFICE)
def retry(notice_id: int) -> ResponseReturnValue:
    """Send one that failed once more."""
    desk.retry(db.session, notice_id, at=clock.now())
    db.session.commit()
    flash(_("The notice is sent again within a minute."), "good")
    return redirect(url_for(".index"), code=303)


@notices.route("/retry", methods=["POST"])
@requires(Role.OFFICE)
def retry_all() -> ResponseReturnValue:
    """Send all that failed once more, up to 500 at once."""
    again = desk.retry_all(db.session, at=clock.now())
    db.session.commit()
    flash(_("%(many)s notices are sent again.", many=len(again)), "good")
    return redirect(url_for(".index"), code=303)


@tell_me.route("/email", methods=["POST"])
def email(token: str) -> ResponseReturnValue:
    """Tell this order's news by e-mail, too; or no longer, where the field is empty."""
    order, form = _counted(token), EmailForm()
    if not form.validate_on_submit():
        return private(make_response(order_page(order, ClaimForm(formdata=None), form), 422))
    subscriptions.tell_by_mail(db.session, order, form.address.data or "", at=clock.now())
    db.session.commit()
    flash(_("We write to this address, too.") if form.address.data else _("We write no more e-mails."), "good")
    return redirect(url_for("orders.show", token=token), code=303)


@tell_me.route("/push-key")
@writes
def push_key(token: str) -> ResponseReturnValue:
    """The key that a browser subscribes with; null where the city does not push."""
    _mine(token)
    key = public_key(push_private_key(db.session)) if rules().is_on("push") else None
    db.session.commit()
    return jsonify(key=key)


@tell_me.route("/push", methods=["POST"])
def push(token: str) -> ResponseReturnValue:
    """Tell this order's news to the browser that sends its subscription."""
    order = _counted(token)
    subscriptions.tell_by_push(db.session, order, _sent(), at=clock.now())
    db.session.commit()
    return "", 204


@tell_me.route("/push/stop", methods=["POST"])
def stop_push(token: str) -> ResponseReturnValue:
    """Tell this browser no more."""
    order, sent = _counted(token), _sent()
    subscriptions.stop_push(db.session, order, sent.get("endpoint") if isinstance(sent, dict) else None)
    db.session.commit()
    return "", 204


def _sent() -> object:
    if (request.content_length or 0) > LONGEST_SUBSCRIPTION:
        return None
    return request.get_json(silent=True)


def _counted(token: str) -> Order:
    """The order, once the wish is counted: nobody fills our tables, or a stranger's letter box."""
    order = _mine(token)
    count(db.session, f"tell-me:order:{order.code}", most=ASKS_PER_ORDER, per=WINDOW)
    count(db.session, f"tell-me:from:{request.remote_addr}", most=ASKS_PER_ADDRESS, per=WINDOW)
    db.session.commit()
    return order


def _mine(token: str) -> Order:
    order = order_by_token(db.session, token)
    if order is None:
        raise NotFound(_("There is no order behind this link. Check that you have copied all of it."))
    return order
