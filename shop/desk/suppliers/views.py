"""Suppliers at the office's desk."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import differences
from kernel.paging import matching, page_of
from kernel.queries import changes_of
from people.models import Role, Supplier
from people.queries import staff_of
from people.queries import suppliers as every_supplier
from people.sessions import requires
from shop.desk.suppliers import keep
from shop.desk.suppliers.forms import SupplierForm, SwitchForm
from shop.queries import combos_sold, on_sale_of

firms = Blueprint("firms", __name__, url_prefix="/desk/admin/suppliers")


@firms.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Every firm, and how much it sells."""
    asked = request.args.get("q", "")
    found = matching(every_supplier(db.session), asked, lambda firm: (firm.code, firm.name, firm.phone))
    page = page_of(found)
    return render_template("desk/admin/suppliers.html", found=page, q=asked, sold=combos_sold(db.session))


@firms.route("/new", methods=["GET", "POST"])
@requires(Role.OFFICE)
def new() -> ResponseReturnValue:
    """Add a firm."""
    form = SupplierForm()
    if not form.validate_on_submit():
        return render_template("desk/admin/supplier_new.html", form=form), 422 if form.is_submitted() else 200
    firm = Supplier(name=form.name.data, phone=form.phone.data)
    try:
        keep.add(db.session, firm, _me())
    except MarketError as refusal:
        db.session.rollback()
        form.name.errors = [str(refusal)]
        return render_template("desk/admin/supplier_new.html", form=form), refusal.status
    db.session.commit()
    flash(_("Supplier %(code)s is kept.", code=firm.code), "good")
    return redirect(url_for(".show", supplier_id=firm.id), code=303)


@firms.route("/<int:supplier_id>", methods=["GET", "POST"])
@requires(Role.OFFICE)
def show(supplier_id: int) -> ResponseReturnValue:
    """One firm: how to reach it, what it sells, who signs in for it, its history."""
    firm = _load(supplier_id)
    form = SupplierForm(data={**keep.facts(firm), "version": str(firm.version)})
    if not form.validate_on_submit():
        return _page(firm, form, 422 if form.is_submitted() else 200)
    try:
        name, phone = form.name.data or "", form.phone.data or ""
        keep.change(db.session, firm, name=name, phone=phone, seen=form.version.data, doer=_me())
    except MarketError as refusal:
        return _refuse(supplier_id, form, refusal)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", supplier_id=supplier_id), code=303)


def _refuse(supplier_id: int, form: SupplierForm, refusal: MarketError) -> ResponseReturnValue:
    """The form again with what was typed, beside what somebody else has saved meanwhile."""
    db.session.rollback()
    firm = _load(supplier_id)
    if not isinstance(refusal, Overtaken):
        form.name.errors = [str(refusal)]
        return _page(firm, form, refusal.status)
    form.version.data = str(firm.version)
    both = list(differences(form, keep.facts(firm)))
    return _page(firm, form, refusal.status, overtaken=refusal, both=both)


@firms.route("/<int:supplier_id>/active", methods=["POST"])
@requires(Role.OFFICE)
def switch(supplier_id: int) -> ResponseReturnValue:
    """Switch a firm off, asked whether its combos go off sale, or on again."""
    firm, form, active = _load(supplier_id), SwitchForm(), request.form.get("active") == "yes"
    combos_too, seen = bool(form.combos_too.data), form.version.data
    try:
        gone = keep.switch(db.session, firm, active=active, combos_too=combos_too, seen=seen, doer=_me())
    except keep.StillSells as refusal:
        db.session.rollback()
        form.combos_too.errors = [str(refusal)]
        return _page(_load(supplier_id), _as_kept(firm), refusal.status, switch_form=form)
    db.session.commit()
    flash(_("%(firm)s is switched on.", firm=firm.name) if active else _("%(firm)s is switched off.", firm=firm.name))
    if gone:
        flash(_("Combos taken off sale: %(many)s.", many=gone), "warn")
    return redirect(url_for(".show", supplier_id=supplier_id), code=303)


def _as_kept(firm: Supplier) -> SupplierForm:
    return SupplierForm(formdata=None, data={**keep.facts(firm), "version": str(firm.version)})


def _page(firm: Supplier, form: SupplierForm, status: int, **more: object) -> ResponseReturnValue:
    told: dict[str, object] = {
        "switch_form": SwitchForm(formdata=None, version=str(firm.version)),
        "selling": on_sale_of(db.session, firm.id),
        "staff": staff_of(db.session, firm.id),
        "changes": changes_of(db.session, keep.KIND, firm.id),
    }
    return render_template("desk/admin/supplier.html", firm=firm, form=form, **{**told, **more}), status


def _me() -> Doer:
    return Doer(current_user.username, clock.now())


def _load(supplier_id: int) -> Supplier:
    found = db.session.get(Supplier, supplier_id)
    if found is None:
        raise NotFound(_("There is no such supplier."))
    return found
