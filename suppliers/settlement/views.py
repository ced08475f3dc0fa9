"""Settlements as a supplier sees its own, and the office sees all: the lines, the files, agreeing or not."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import NotFound
from kernel.forms import BecauseForm
from kernel.jobs import promise
from kernel.paging import screen_of
from people.models import Role
from people.sessions import requires
from suppliers.papers import download
from suppliers.settlement import typeset, wording
from suppliers.settlement.agree import AgreedAlready, DrawnAnew, agree, disagree
from suppliers.settlement.draw import Hand
from suppliers.settlement.forms import AgreeForm, DisagreeForm, PayForm
from suppliers.settlement.models import Settlement, SettlementState, Side
from suppliers.settlement.pay import candidates
from suppliers.settlement.queries import (
    closed_settlements,
    events_of,
    goods_changed,
    lines_of,
    open_settlements,
    settlement_by_number,
)
from suppliers.settlement.snapshot import goods_rows, row_of

settlements = Blueprint("settlements", __name__, url_prefix="/suppliers/settlements")

FILES: dict[str, Callable[[Settlement], bytes]] = {
    "xlsx": typeset.xlsx,
    "csv": typeset.invoice_csv,
    "json": typeset.invoice_json,
}


@settlements.route("")
@requires(Role.SUPPLIER)
def index() -> ResponseReturnValue:
    """The settlements of the supplier who is signed in: first the one that waits to be agreed."""
    mine: int | None = current_user.supplier_id
    return render_template(
        "suppliers/settlement/index.html",
        waiting=open_settlements(db.session, mine),
        found=screen_of(lambda most, skip: closed_settlements(db.session, mine, most=most, skip=skip)),
        words=wording,
    )


@settlements.route("/<settlement>")
@requires(Role.SUPPLIER, Role.OFFICE)
def show(settlement: str) -> ResponseReturnValue:
    """One settlement, line by line."""
    return page_of(load(settlement))


def page_of(
    found: Settlement,
    *,
    agreeing: AgreeForm | None = None,
    disagreeing: DisagreeForm | None = None,
    paying: PayForm | None = None,
    dropping: BecauseForm | None = None,
) -> ResponseReturnValue:
    """A settlement's page, with whichever form was refused."""
    theirs, code = current_user.supplier_id is not None, found.supplier.code
    screen = screen_of(lambda most, skip: lines_of(db.session, found.id, most=most, skip=skip))
    first = (screen.number - 1) * (len(screen.rows) if screen.more else 0) + 1
    likely = [] if theirs else candidates(db.session, found)
    seen = str(found.version)
    page = render_template(
        "suppliers/settlement/settlement.html",
        settlement=found,
        form=agreeing or disagreeing or paying or dropping,
        screen=screen,
        rows=[row_of(number, each, code) for number, each in enumerate(screen.rows, start=first)],
        goods=goods_rows(goods_changed(db.session, found.id)),
        events=events_of(db.session, found.id),
        theirs=theirs,
        mine=found.agreed_by(_side()),
        agreeing=agreeing or AgreeForm(formdata=None, seen=seen, name=current_user.name),
        disagreeing=disagreeing or DisagreeForm(formdata=None, seen=seen),
        paying=paying or PayForm(formdata=None, debit=str(likely[0].debit.id) if likely else ""),
        dropping=dropping or BecauseForm(formdata=None),
        candidates=likely,
        words=wording,
        shown=typeset.shown,
    )
    return page, 422 if agreeing or disagreeing or paying or dropping else 200


@settlements.route("/<settlement>/agree", methods=["POST"])
@requires(Role.SUPPLIER, Role.OFFICE)
def agree_to(settlement: str) -> ResponseReturnValue:
    """One side agrees; with the second the settlement is final."""
    found, form = load(settlement), AgreeForm()
    if not form.validate_on_submit():
        return page_of(found, agreeing=form)
    try:
        both = agree(db.session, found, _side(), _hand(form.name.data or ""), seen=form.version)
        db.session.commit()
        flash(
            _("Both sides agree: the settlement is final.") if both else _("Agreed. The other side is asked."), "good"
        )
    except (AgreedAlready, DrawnAnew) as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
    return redirect(url_for(".show", settlement=settlement), code=303)


@settlements.route("/<settlement>/disagree", methods=["POST"])
@requires(Role.SUPPLIER, Role.OFFICE)
def disagree_with(settlement: str) -> ResponseReturnValue:
    """One side does not agree, and says why."""
    found, form = load(settlement), DisagreeForm()
    if not form.validate_on_submit():
        return page_of(found, disagreeing=form)
    try:
        hand = _hand(current_user.name, form.because.data or "")
        disagree(db.session, found, _side(), hand, seen=form.version)
        db.session.commit()
        flash(_("Put back: the office draws it up anew."), "good")
    except DrawnAnew as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
    return redirect(url_for(".show", settlement=settlement), code=303)


@settlements.route("/<settlement>.pdf")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def pdf(settlement: str) -> ResponseReturnValue:
    """The paper that the worker has made; if it is not there, the worker is asked once more."""
    found = _agreed(settlement)
    content = typeset.kept(found)
    if content is None:
        key = f"settlement:{found.sha256}:{clock.now():%Y%m%d%H%M}"
        promise(db.session, "settlement", key=key, payload={"settlement_id": found.id})
        db.session.commit()
        flash(_("The paper is being typeset. Try again in a moment."), "warn")
        return redirect(url_for(".show", settlement=settlement), code=303)
    return download(content, f"{found.number}.pdf")


@settlements.route("/<settlement>.xlsx")
@requires(Role.SUPPLIER, Role.OFFICE)
def xlsx(settlement: str) -> ResponseReturnValue:
    """The rows of the paper for a spreadsheet."""
    found = _agreed(settlement)
    return download(typeset.xlsx(found), f"{found.number}.xlsx")


@settlements.route("/<settlement>/invoice-data.<any(csv, json):kind>")
@requires(Role.SUPPLIER, Role.OFFICE)
def invoice_data(settlement: str, kind: str) -> ResponseReturnValue:
    """What the supplier's own e-invoice is made of."""
    found = _agreed(settlement)
    return download(FILES[kind](found), f"{found.number}-invoice-data.{kind}")


def load(number: str) -> Settlement:
    """The settlement, if it is the signed-in supplier's own (the office sees all); else as if there were none."""
    found = settlement_by_number(db.session, number)
    if found is None or current_user.supplier_id not in (None, found.supplier_id):
        raise NotFound(_("There is no such settlement among yours."))
    return found


def _agreed(number: str) -> Settlement:
    found = load(number)
    if found.state is not SettlementState.AGREED:
        raise NotFound(_("There are papers of a settlement once both sides have agreed to it."))
    return found


def _side() -> Side:
    return Side.SUPPLIER if current_user.supplier_id is not None else Side.OFFICE


def _hand(name: str, because: str = "") -> Hand:
    return Hand(current_user.username, name, clock.now(), because)
