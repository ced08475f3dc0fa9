"""Money that went out, at the desk: what nobody has explained, with the refunds that it may have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import BecauseForm
from kernel.queries import changes_of
from orders.payments.models import Debit, DebitKind
from orders.payments.refunds.batches.export import bank_name
from orders.payments.refunds.codes import codes_in
from orders.payments.refunds.fits import bare_account
from orders.payments.refunds.forms import LinkForm, OtherForm
from orders.payments.refunds.models import Refund
from orders.payments.refunds.owed.queries import (
    Tab,
    count_unexplained,
    debits_of,
    refunds_coded,
    refunds_like,
    tab_of,
)
from orders.payments.refunds.queries import refund_of_debit
from orders.payments.refunds.seen import KIND, link, say_other, undo
from orders.payments.refunds.views import PAGE, me, page_number
from people.models import Role
from people.sessions import requires

debits = Blueprint("debits", __name__, url_prefix="/desk/debits")

MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A refund that a debit may have paid, and what speaks for it."""

    refund: Refund
    same_code: bool
    same_amount: bool
    same_account: bool

    @property
    def tab(self) -> Tab:
        return tab_of(self.refund)

    @property
    def payable(self) -> bool:
        """Whether it can be linked: it is approved, was not given up, and no statement has shown it."""
        return self.tab in (Tab.APPROVED, Tab.EXPORTED)


@debits.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What nobody has explained, oldest first, or what somebody has."""
    explained, page = request.args.get("show") == "explained", page_number()
    found = debits_of(db.session, explained=explained, most=PAGE + 1, after=(page - 1) * PAGE)
    many, amount = count_unexplained(db.session)
    return render_template(
        "desk/debits.html",
        debits=[(each, codes_of(each)) for each in found[:PAGE]],
        coded=refunds_coded(db.session, {code for each in found for code in codes_of(each)}),
        explained=explained,
        many=many,
        amount=amount,
        page=page,
        more=len(found) > PAGE,
    )


def codes_of(debit: Debit) -> list[str]:
    return list(dict.fromkeys(codes_in(debit.memo)))


@debits.route("/<int:debit_id>")
@requires(Role.OFFICE)
def show(debit_id: int) -> ResponseReturnValue:
    """One debit: what the bank says, and what it may have been."""
    return _page(_load(debit_id))


def _page(
    debit: Debit,
    link_form: LinkForm | None = None,
    other_form: OtherForm | None = None,
    undo_form: BecauseForm | None = None,
) -> ResponseReturnValue:
    forms = (link_form, other_form, undo_form)
    page = render_template(
        "desk/debit.html",
        debit=debit,
        refund=refund_of_debit(db.session, debit.id),
        candidates=candidates(debit) if debit.kind is DebitKind.UNEXPLAINED else [],
        link_form=link_form or LinkForm(formdata=None),
        other_form=other_form or OtherForm(formdata=None),
        undo_form=undo_form or BecauseForm(formdata=None),
        bank_name=bank_name,
        changes=changes_of(db.session, KIND, debit.id),
    )
    return page, 422 if any(forms) else 200


def candidates(debit: Debit) -> Sequence[Candidate]:
    """First those whose code the memo names, whatever became of them; then what fits by account or sum."""
    account = bare_account(debit.payee_account)
    named = refunds_coded(db.session, codes_of(debit))
    like = refunds_like(db.session, account=account, amount=debit.amount, most=MOST_CANDIDATES)
    found = [*named.values(), *(each for each in like if each.code not in named)]
    return [
        Candidate(each, each.code in named, each.amount == debit.amount, bool(account) and each.account == account)
        for each in found
    ]


@debits.route("/<int:debit_id>/link", methods=["POST"])
@requires(Role.OFFICE)
def link_refund(debit_id: int) -> ResponseReturnValue:
    """A clerk says which refund it paid."""
    debit, form = _load(debit_id), LinkForm()
    if not form.validate_on_submit():
        return _page(debit, link_form=form)
    refund = refunds_coded(db.session, [form.code.data or ""]).get(form.code.data or "")
    if refund is None or tab_of(refund) not in (Tab.APPROVED, Tab.EXPORTED):
        form.code.errors = [_("No refund with this code is still to be paid.")]
        return _page(debit, link_form=form)
    link(db.session, debit, refund, me(form.because.data or ""))
    return _done(debit_id, _("Refund %(code)s is done.", code=refund.code))


@debits.route("/<int:debit_id>/say", methods=["POST"])
@requires(Role.OFFICE)
def say(debit_id: int) -> ResponseReturnValue:
    """A clerk says what else it was."""
    debit, form = _load(debit_id), OtherForm()
    if not form.validate_on_submit():
        return _page(debit, other_form=form)
    say_other(db.session, debit, DebitKind(form.kind.data), me(form.because.data or ""))
    return _done(debit_id, _("Explained."))


@debits.route("/<int:debit_id>/undo", methods=["POST"])
@requires(Role.OFFICE)
def take_back(debit_id: int) -> ResponseReturnValue:
    """What was said of it was a mistake."""
    debit, form = _load(debit_id), BecauseForm()
    if not form.validate_on_submit():
        return _page(debit, undo_form=form)
    undo(db.session, debit, me(form.because.data or ""))
    return _done(debit_id, _("Undone: nobody has explained this debit."))


def _done(debit_id: int, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".show", debit_id=debit_id), code=303)


def _load(debit_id: int) -> Debit:
    found = db.session.get(Debit, debit_id)
    if found is None:
        raise NotFound(_("There is no such debit."))
    return found
