"""Bank accounts at the office's desk: for its heads."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.changes import Doer, Overtaken
from kernel.database import db
from kernel.errors import NotFound
from kernel.forms import BecauseForm, KeepForm, differences
from kernel.queries import changes_of
from orders.payments.accounts import keep
from orders.payments.accounts.forms import AccountForm, NewAccountForm
from orders.payments.accounts.models import ReceivingChange
from orders.payments.banks import BANKS
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import accounts as every_account
from orders.payments.feeds.queries import decided_receivers, waiting_receiver
from orders.queries import count_open
from people.desk.staff import must_stand_apart
from people.models import Role
from people.sessions import requires

accounts = Blueprint("accounts", __name__, url_prefix="/desk/admin/accounts")
NAMES = {bank.code: bank.short for bank in BANKS}


@accounts.route("")
@requires(Role.OFFICE, manages=True)
def index() -> ResponseReturnValue:
    """Every account, which one receives, and what waits for a second person."""
    return _list(BecauseForm(formdata=None))


def _list(form: BecauseForm) -> ResponseReturnValue:
    page = render_template(
        "desk/admin/accounts.html",
        accounts=every_account(db.session),
        banks=NAMES,
        waits=waiting_receiver(db.session),
        decided=decided_receivers(db.session),
        open_orders=count_open(db.session),
        form=form,
    )
    return page, 422 if form.errors else 200


@accounts.route("/new", methods=["GET", "POST"])
@requires(Role.OFFICE, manages=True)
def new() -> ResponseReturnValue:
    """Add an account of the office."""
    form = NewAccountForm()
    if not form.validate_on_submit():
        return render_template("desk/admin/account_new.html", form=form), 422 if form.is_submitted() else 200
    made = BankAccount(bank_code=form.bank.data, number=form.number.data, holder=form.holder.data, receives=False)
    try:
        keep.add(db.session, made, _me())
    except keep.AccountTaken as refusal:
        db.session.rollback()
        form.number.errors = [str(refusal)]
        return render_template("desk/admin/account_new.html", form=form), refusal.status
    db.session.commit()
    flash(_("The account is kept. From now on rounds wait for its statements, too."), "good")
    return redirect(url_for(".show", account_id=made.id), code=303)


@accounts.route("/<int:account_id>", methods=["GET", "POST"])
@requires(Role.OFFICE, manages=True)
def show(account_id: int) -> ResponseReturnValue:
    """One account: its holder, its part, its history."""
    account = _load(account_id)
    form = AccountForm(data={**keep.facts(account), "version": str(account.version)})
    if not form.validate_on_submit():
        return _page(account, form, 422 if form.is_submitted() else 200)
    try:
        keep.rename(db.session, account, form.holder.data or "", seen=form.version.data, doer=_me())
    except Overtaken as refusal:
        db.session.rollback()
        account = _load(account_id)
        form.version.data = str(account.version)
        both = list(differences(form, keep.facts(account)))
        return _page(account, form, refusal.status, overtaken=refusal, both=both)
    db.session.commit()
    flash(_("Saved."), "good")
    return redirect(url_for(".show", account_id=account_id), code=303)


def _page(account: BankAccount, form: AccountForm, status: int, **more: object) -> ResponseReturnValue:
    told: dict[str, object] = {
        "receive_form": BecauseForm(formdata=None),
        "plain": KeepForm(formdata=None, version=str(account.version)),
        "open_orders": count_open(db.session),
        "waits": waiting_receiver(db.session),
        "bank": NAMES.get(account.bank_code, account.bank_code),
        "changes": changes_of(db.session, keep.KIND, account.id),
    }
    return render_template("desk/admin/account.html", account=account, form=form, **{**told, **more}), status


@accounts.route("/<int:account_id>/active", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def switch(account_id: int) -> ResponseReturnValue:
    """Rounds wait for this account's statements, or no longer."""
    active = request.form.get("active") == "yes"
    keep.switch(db.session, _load(account_id), active=active, seen=KeepForm().version.data, doer=_me())
    db.session.commit()
    flash(_("The account is switched on.") if active else _("The account is switched off."), "good")
    return redirect(url_for(".show", account_id=account_id), code=303)


@accounts.route("/<int:account_id>/receive", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def receive(account_id: int) -> ResponseReturnValue:
    """Propose that residents pay to this account."""
    account, form = _load(account_id), BecauseForm()
    if not form.validate_on_submit():
        kept = AccountForm(formdata=None, data={**keep.facts(account), "version": str(account.version)})
        return _page(account, kept, 422, receive_form=form)
    keep.propose(db.session, account, _me(form.because.data or ""))
    db.session.commit()
    flash(_("A second person has to agree. Until then residents pay where they did."), "good")
    return redirect(url_for(".index"), code=303)


@accounts.route("/changes/<int:proposal_id>/approve", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def approve(proposal_id: int) -> ResponseReturnValue:
    """The second person agrees: every open order shows the new account."""
    change = _load_change(proposal_id)
    must_stand_apart(current_user, change.proposed_by, clock.now())
    return _decide(keep.approve, change, _("Residents pay to the new account from now on."))


@accounts.route("/changes/<int:proposal_id>/refuse", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def refuse(proposal_id: int) -> ResponseReturnValue:
    """The second person says no, and why."""
    change, form = _load_change(proposal_id), BecauseForm()
    if not form.validate_on_submit():
        return _list(form)
    return _decide(keep.refuse, change, _("Residents pay where they did."), form.because.data or "")


@accounts.route("/changes/<int:proposal_id>/withdraw", methods=["POST"])
@requires(Role.OFFICE, manages=True)
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """The proposer takes it back."""
    return _decide(keep.withdraw, _load_change(proposal_id), _("Residents pay where they did."))


def _decide(step: Callable[..., None], change: ReceivingChange, words: str, because: str = "") -> ResponseReturnValue:
    step(db.session, change, _me(because))
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".index"), code=303)


def _me(because: str = "") -> Doer:
    return Doer(current_user.username, clock.now(), because)


def _load(account_id: int) -> BankAccount:
    found = db.session.get(BankAccount, account_id)
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def _load_change(proposal_id: int) -> ReceivingChange:
    found = db.session.get(ReceivingChange, proposal_id)
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found
