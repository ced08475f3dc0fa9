"""Combos at the office's desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import current_app as app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import KeepForm, differences
from kernel.four_eyes import Stand
from kernel.paging import in_order, matching, page_of
from kernel.queries import changes_of
from people.models import Role, Supplier
from people.queries import active_suppliers
from people.sessions import requires
from shop import prices
from shop.desk.combos import keep
from shop.desk.combos.forms import ComboForm, NewComboForm, PriceForm
from shop.models import Combo
from shop.queries import all_combos, any_combo, group_names, last_position, waiting_price

combos = Blueprint("combos", __name__, url_prefix="/desk/admin/combos")

SORTS = {
    "code": lambda combo: (len(combo.code), combo.code),
    "name": lambda combo: combo.name.casefold(),
    "price": lambda combo: combo.price,
    "group": lambda combo: (combo.group, combo.position),
    "supplier": lambda combo: (combo.supplier.name, combo.position),
}


@combos.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Every combo, those on sale first, as the shop has them."""
    asked = request.args.get("q", "")
    found = matching(all_combos(db.session), asked, _words)
    return render_template("desk/admin/combos.html", found=page_of(in_order(found, SORTS)), q=asked)


def _words(combo: Combo) -> list[str]:
    return [combo.code, combo.name, combo.group, combo.supplier.name, *(item.name for item in combo.items)]


@combos.route("/new", methods=["GET", "POST"])
@requires(Role.OFFICE)
def new() -> ResponseReturnValue:
    """Add a combo, from nothing or as a copy of another."""
    form = NewComboForm(data=_suggested(request.args.get("copy", "")))
    form.offer(active_suppliers(db.session))
    if not form.validate_on_submit():
        return _ask_new(form, 422 if form.is_submitted() else 200)
    if "look" in request.form:
        return _ask_new(form, 200)
    combo = _filled(form)
    try:
        keep.add(db.session, combo, form.parsed, _me())
        keep.change_picture(db.session, combo, form.picture.data, doer=_me())
    except MarketError as refusal:
        return _refuse_new(form, refusal)
    db.session.commit()
    flash(_("Combo %(code)s is kept.", code=combo.code), "good")
    return redirect(url_for(".show", code=combo.code), code=303)


def _suggested(copied: str) -> dict[str, object]:
    """What a new combo's form begins with: a copy's fields, else the next position."""
    source = any_combo(db.session, copied.upper()) if copied else None
    start: dict[str, object] = {"position": last_position(db.session) + 1, "on_sale": False}
    if source is None:
        return start
    name = _("%(name)s (copy)", name=source.name)
    return {**keep.facts(source), "price": str(source.price), "name": name, **start}


def _filled(form: NewComboForm) -> Combo:
    return Combo(
        name=form.name.data,
        group=form.group.data,
        price=form.price.amount,
        position=form.position.number,
        on_sale=form.on_sale.data,
        cold_chain=form.cold_chain.data,
        supplier=db.session.get_one(Supplier, int(form.supplier.data)),
    )


def _refuse_new(form: NewComboForm, refusal: MarketError) -> ResponseReturnValue:
    db.session.rollback()
    _beside(form, refusal)
    return _ask_new(form, refusal.status)


def _ask_new(form: NewComboForm, status: int) -> ResponseReturnValue:
    looked = "look" in request.form and not form.errors
    page = render_template("desk/admin/combo_new.html", form=form, groups=group_names(db.session), looked=looked)
    return page, status


@combos.route("/<code>", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show(code: str) -> ResponseReturnValue:
    """One combo: what it is, its price, its history."""
    combo = _load(code)
    form = ComboForm(data={**keep.facts(combo), "version": str(combo.version)})
    form.offer(active_suppliers(db.session), now=combo.supplier)
    if not form.validate_on_submit():
        return _page(combo, form, 422 if form.is_submitted() else 200)
    if "look" in request.form:
        return _page(combo, form, 200, looked=True)
    try:
        _save(combo, form)
    except MarketError as refusal:
        return _refuse(code, form, refusal)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", code=code), code=303)


def _save(combo: Combo, form: ComboForm) -> None:
    filled = keep.Filled(
        name=form.name.data or "",
        group=form.group.data or "",
        position=form.position.number or 1,
        on_sale=bool(form.on_sale.data),
        cold_chain=bool(form.cold_chain.data),
        supplier_id=int(form.supplier.data),
        items=form.parsed,
    )
    keep.change(db.session, combo, filled, seen=form.version.data, doer=_me())
    keep.change_picture(db.session, combo, form.picture.data, drawn=bool(form.drawn.data), doer=_me())


def _refuse(code: str, form: ComboForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed, beside what somebody else has saved meanwhile."""
    db.session.rollback()
    combo = _load(code)
    if not isinstance(refusal, Overtaken):
        _beside(form, refusal)
        return _page(combo, form, refusal.status)
    form.version.data = str(combo.version)
    both = list(differences(form, keep.facts(combo)))
    return _page(combo, form, refusal.status, overtaken=refusal, both=both)


def _beside(form: ComboForm, refusal: MarketError) -> None:
    """A refusal stands at the question that it answers."""
    fields = {keep.NameTaken: form.name, keep.SupplierOff: form.on_sale}
    fields.get(type(refusal), form.picture if form.picture.data else form.items).errors = [str(refusal)]


def _page(combo: Combo, form: ComboForm, status: int, **more: object) -> ResponseReturnValue:
    page = render_template(
        "desk/admin/combo.html",
        combo=combo,
        form=form,
        groups=group_names(db.session),
        plain=KeepForm(formdata=None, version=str(combo.version)),
        waits=waiting_price(db.session, combo.id),
        changes=changes_of(db.session, prices.KIND, combo.id),
        **more,
    )
    return page, status


@combos.route("/<code>/on-sale", methods=["POST"])
@requires(Role.OFFICE)
def put_on_sale(code: str) -> ResponseReturnValue:
    """Take a combo off sale, or put it on again: at once, and just as quickly undone."""
    combo, on_sale = _load(code), request.form.get("on_sale") == "yes"
    keep.put_on_sale(db.session, combo, on_sale, seen=KeepForm().version.data, doer=_me())
    db.session.commit()
    flash(_("%(combo)s is on sale.", combo=combo.name) if on_sale else _("%(combo)s is off sale.", combo=combo.name))
    return redirect(url_for(".show", code=code), code=303)


@combos.route("/<code>/price", methods=["GET", "POST"])
@requires(Role.OFFICE)
def price(code: str) -> ResponseReturnValue:
    """Change the price: at once within the limit, beyond it when a second person agrees."""
    combo = _load(code)
    form = PriceForm(data={"version": str(combo.version)})
    if not form.validate_on_submit():
        return _ask_price(combo, form, 422 if form.is_submitted() else 200)
    try:
        made = prices.propose(
            db.session,
            combo,
            form.becomes.amount or 0,
            seen=form.version.data,
            limit_percent=app.extensions["settings"].price_limit_percent,
            doer=Doer(current_user.username, clock.now(), form.because.data or ""),
        )
    except MarketError as refusal:
        return _refuse_price(code, form, refusal)
    db.session.commit()
    applied = made.state is Stand.APPLIED
    flash(_("The new price is in force.") if applied else _("A second person has to agree to this price."), "good")
    return redirect(url_for(".show", code=code), code=303)


def _refuse_price(code: str, form: PriceForm, refusal: MarketError) -> ResponseReturnValue:
    db.session.rollback()
    combo = _load(code)
    form.version.data = str(combo.version)
    form.becomes.errors = [str(refusal)]
    return _ask_price(combo, form, refusal.status)


def _ask_price(combo: Combo, form: PriceForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "desk/admin/combo_price.html",
        combo=combo,
        form=form,
        measured_from=prices.price_a_week_before(db.session, combo, clock.now()),
        limit=app.extensions["settings"].price_limit_percent,
        waits=waiting_price(db.session, combo.id),
    )
    return page, status


def _me() -> Doer:
    return Doer(current_user.username, clock.now())


def _load(code: str) -> Combo:
    found = any_combo(db.session, code.upper())
    if found is None:
        raise NotFound(_("There is no combo %(code)s.", code=code))
    return found
