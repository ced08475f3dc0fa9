"""The office's page about shortages: how they are shared out, what items are worth, what is still to be done."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import tidy
from kernel.paging import screen_of
from people.models import Role
from people.sessions import requires
from shop.quantities import Unit
from suppliers.shortages import keep, queries
from suppliers.shortages.forms import UNITS, PriceForm, RuleForm
from suppliers.shortages.models import ReturnByHand, Rule
from suppliers.shortages.rules import queries as rules

desk_shortages = Blueprint("desk_shortages", __name__, url_prefix="/desk/admin/shortages")


@desk_shortages.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Everything about shortages on one page."""
    return _page()


def _page(rule: RuleForm | None = None, price: PriceForm | None = None) -> ResponseReturnValue:
    kept = rules.sharing_rule(db.session)
    page = render_template(
        "desk/shortages.html",
        rule=rule or RuleForm(formdata=None, rule=kept.rule, version=str(kept.version)),
        price=price or PriceForm(formdata=None),
        units=UNITS,
        prices=rules.item_prices(db.session),
        items=rules.known_items(db.session),
        returns=queries.returns_waiting(db.session),
        calls=queries.with_calls(db.session),
        found=screen_of(lambda most, skip: queries.newest_shortages(db.session, most=most, after=skip)),
    )
    return page, 422 if rule or price else 200


@desk_shortages.route("/rule", methods=["POST"])
@requires(Role.OFFICE)
def set_rule() -> ResponseReturnValue:
    """Share out so from now on."""
    form = RuleForm()
    if not form.validate_on_submit():
        return _page(rule=form)
    keep.set_rule(db.session, Rule(form.rule.data), seen=form.version.data, doer=_doer())
    db.session.commit()
    flash(_("Shortages are shared out so from now on."), "good")
    return redirect(url_for(".index"), code=303)


@desk_shortages.route("/prices", methods=["POST"])
@requires(Role.OFFICE)
def set_price() -> ResponseReturnValue:
    """What an item is worth."""
    form = PriceForm()
    if not form.validate_on_submit():
        return _page(price=form)
    keep.set_price(db.session, form.name.data or "", Unit(form.unit.data), form.price.amount or 0, _doer())
    db.session.commit()
    flash(_("Noted: that is what “%(item)s” is worth.", item=form.name.data), "good")
    return redirect(url_for(".index"), code=303)


@desk_shortages.route("/prices/<int:price_id>/drop", methods=["POST"])
@requires(Role.OFFICE)
def drop_price(price_id: int) -> ResponseReturnValue:
    """No price any more: the combo's is shared evenly over its items."""
    keep.drop_price(db.session, price_id, _doer())
    db.session.commit()
    return redirect(url_for(".index"), code=303)


@desk_shortages.route("/returns/<int:return_id>", methods=["POST"])
@requires(Role.OFFICE)
def given_back(return_id: int) -> ResponseReturnValue:
    """Money from before the city moved in is with its resident again."""
    if db.session.get(ReturnByHand, return_id) is None:
        raise NotFound(_("There is no such money to be given back."))
    because = tidy(request.form.get("because", ""))[:200]
    if not because:
        raise MarketError(_("Say how it was given back, for example “in cash, receipt 12”. Go back and try again."))
    keep.given_back(db.session, return_id, Doer(current_user.username, clock.now(), because))
    db.session.commit()
    flash(_("Noted: it was given back."), "good")
    return redirect(url_for(".index"), code=303)


def _doer() -> Doer:
    return Doer(current_user.username, clock.now())
