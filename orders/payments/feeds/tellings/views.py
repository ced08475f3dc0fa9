"""The quarantine desk: what may be a transfer that we know, beside that transfer, and what the clerk says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import BecauseForm
from kernel.paging import screen_of
from orders.payments.feeds.tellings import decide
from orders.payments.feeds.tellings.forms import ANOTHER, DecideForm
from orders.payments.feeds.tellings.models import Doubt, DoubtState
from orders.payments.feeds.tellings.queries import (
    count_doubts,
    decided_doubts,
    doubt_events,
    open_doubts,
    tellings_of,
    transfers_at,
    unconfirmed,
)
from orders.payments.feeds.tellings.wording import feed_words, why_words
from orders.payments.feeds.tellings.write import may_be
from orders.payments.ledger import Hand
from orders.payments.models import Transfer
from orders.payments.settle import ChangedMeanwhile
from people.models import Role
from people.sessions import requires

quarantine = Blueprint("quarantine", __name__, url_prefix="/desk/quarantine")

UNCONFIRMED_DAYS = timedelta(days=30)
MOST_UNCONFIRMED = 20


@quarantine.app_template_global("quarantined")
def quarantined() -> int:
    """How many doubts wait, for the desk's menu."""
    return count_doubts(db.session)


@quarantine.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What waits for a word, oldest first; what was decided; and what no statement has confirmed."""
    decided = request.args.get("show") == "decided"
    listed = decided_doubts if decided else open_doubts
    screen = screen_of(lambda most, skip: listed(db.session, most=most, skip=skip))
    since = clock.today() - UNCONFIRMED_DAYS
    return render_template(
        "desk/quarantine.html",
        decided=decided,
        screen=screen,
        unconfirmed=[] if decided else unconfirmed(db.session, most=MOST_UNCONFIRMED, until=since),
        feed_words=feed_words,
        why_words=why_words,
    )


@quarantine.route("/<int:doubt_id>", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show(doubt_id: int) -> ResponseReturnValue:
    """One doubt beside the transfers that it may be; the clerk's word."""
    doubt = _load(doubt_id)
    candidates = _candidates(doubt)
    form = DecideForm(version=str(doubt.version))
    form.offer(candidates)
    if not form.validate_on_submit():
        return _page(doubt, candidates, form, status=422 if form.is_submitted() else 200)
    _unchanged(doubt, form)
    hand = Hand(by=current_user.username, at=clock.now(), because=form.because.data or "")
    try:
        words = _decide(doubt, form.which.data, hand)
    except decide.CannotDecide as refusal:
        db.session.rollback()
        form.which.errors = [str(refusal)]
        return _page(_load(doubt_id), _candidates(_load(doubt_id)), form, status=refusal.status)
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".index"), code=303)


def _decide(doubt: Doubt, which: str, hand: Hand) -> str:
    if which == ANOTHER:
        number = decide.another(db.session, doubt, hand)
        return str(_("It is transfer %(number)s.", number=number))
    decide.same(db.session, doubt, int(which), hand)
    return str(_("It is transfer %(number)s, told once more. No money was added.", number=which))


@quarantine.route("/<int:doubt_id>/take-back", methods=["POST"])
@requires(Role.OFFICE)
def take_back(doubt_id: int) -> ResponseReturnValue:
    """It was not the same after all: it waits again."""
    doubt, form = _load(doubt_id), BecauseForm()
    if doubt.state is not DoubtState.SAME:
        raise ChangedMeanwhile(_("Only what was found to be the same can be taken back here."))
    if not form.validate_on_submit():
        return _page(doubt, _candidates(doubt), None, back_form=form, status=422)
    _unchanged(doubt, form)
    hand = Hand(by=current_user.username, at=clock.now(), because=form.because.data or "")
    decide.take_back(db.session, doubt, hand)
    db.session.commit()
    flash(_("It waits in quarantine again."), "good")
    return redirect(url_for(".show", doubt_id=doubt_id), code=303)


def _page(
    doubt: Doubt,
    candidates: Sequence[Transfer],
    form: DecideForm | None,
    *,
    back_form: BecauseForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "desk/doubt.html",
        doubt=doubt,
        told=doubt.as_told,
        candidates=candidates,
        tellings=tellings_of(db.session, [each.id for each in candidates]),
        events=doubt_events(db.session, doubt.id),
        decide_form=form if doubt.state is DoubtState.OPEN else None,
        back_form=back_form or BecauseForm(formdata=None, version=str(doubt.version)),
        feed_words=feed_words,
        why_words=why_words,
    )
    return page, status


def _candidates(doubt: Doubt) -> list[Transfer]:
    """As things stand now, while it waits; what it was held beside, once it is decided."""
    ids = may_be(db.session, doubt) if doubt.state is DoubtState.OPEN else doubt.transfer_ids
    found = transfers_at(db.session, ids)
    return [found[transfer_id] for transfer_id in ids]


def _unchanged(doubt: Doubt, form: BecauseForm) -> None:
    if form.version.data != str(doubt.version):
        raise ChangedMeanwhile(_("Somebody else has just done this. Reload the page."))


def _load(doubt_id: int) -> Doubt:
    found = db.session.get(Doubt, doubt_id)
    if found is None:
        raise NotFound(_("There is no such doubt."))
    return found
