"""The close at the desk: the days of each account, one day with all its movements, its seal and its papers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import MarketError, NotFound
from kernel.jobs import promise
from kernel.paging import page_of
from kernel.web import show_day
from orders.payments.close import typeset, wording
from orders.payments.close.calendar import late_rows, month_of, months
from orders.payments.close.forms import SealForm, UpToForm
from orders.payments.close.minute import fingerprint, gather, movements
from orders.payments.close.models import DaySeal
from orders.payments.close.queries import seal_of, versions_of
from orders.payments.close.seal import Changed, Sealer, check, next_to_seal, seal
from orders.payments.close.states import DayState, faults, sealed_state, unsealed_state
from orders.payments.feeds.heard import heard
from orders.payments.feeds.models import BankAccount
from people.models import Role
from people.sessions import requires

closing = Blueprint("closing", __name__, url_prefix="/desk/close")

AT_ONCE = 31
"""Days that one press of a button closes; a longer past takes several, or the shell."""


@closing.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """A month's days by account, with how each stands, and what is to be done about earlier ones."""
    return _list(UpToForm(formdata=None, day=clock.today() - timedelta(days=1)))


def _list(form: UpToForm, account_id: int = 0) -> ResponseReturnValue:
    month = month_of(db.session, request.args.get("month", ""))
    page = render_template(
        "desk/close/days.html",
        month=month,
        around=months(month),
        heard=heard(db.session),
        form=form,
        faulty_account=account_id,
    )
    return page, 422 if form.errors else 200


@closing.route("/<int:account_id>/up-to", methods=["POST"])
@requires(Role.OFFICE)
def up_to(account_id: int) -> ResponseReturnValue:
    """Close all days of an account up to one, each by itself, until one needs a person."""
    account, form = _account(account_id), UpToForm()
    if not form.validate_on_submit():
        return _list(form, account_id)
    until, sealed = form.day.data or clock.today(), list[date]()
    try:
        while len(sealed) < AT_ONCE and (day := next_to_seal(db.session, account.id, until)):
            seal(db.session, account.id, day, _me())
            db.session.commit()
            sealed.append(day)
    except MarketError as refusal:
        db.session.rollback()
        flash(str(refusal), "warn")
    _tell(sealed)
    where = sealed[-1] if sealed else until
    return redirect(url_for(".index", month=f"{where:%Y-%m}"), code=303)


def _tell(sealed: list[date]) -> None:
    if sealed:
        flash(_("Sealed: %(many)s days, the last is %(day)s.", many=len(sealed), day=show_day(sealed[-1])), "good")


@closing.route("/<int:account_id>/<day>")
@requires(Role.OFFICE)
def show(account_id: int, day: str) -> ResponseReturnValue:
    """One day: as it stands, or as it was sealed; with what came in since."""
    return _page(_account(account_id), _day(day))


@closing.route("/<int:account_id>/<day>", methods=["POST"])
@requires(Role.OFFICE)
def seal_day(account_id: int, day: str) -> ResponseReturnValue:
    """Seal a day as it was shown."""
    account, on = _account(account_id), _day(day)
    form = SealForm.about(minute := gather(db.session, account, on))
    if form.seen.data and form.seen.data != fingerprint(minute):
        return _page(account, on, refusal=Changed())
    if not form.validate_on_submit():
        return _page(account, on, form=form)
    try:
        made = seal(db.session, account.id, on, _me(form.reason), typed=form.typed, seen=form.seen.data or "")
    except MarketError as refusal:
        db.session.rollback()
        return _page(_account(account_id), on, refusal=refusal)
    db.session.commit()
    flash(_("%(day)s is sealed. Its minute is being typeset.", day=show_day(made.day)), "good")
    return redirect(url_for(".show", account_id=account.id, day=day), code=303)


def _page(
    account: BankAccount, day: date, *, form: SealForm | None = None, refusal: MarketError | None = None
) -> ResponseReturnValue:
    """A sealed day as its snapshot has it, unless it is to be sealed anew (``?now``); any other as it stands now."""
    versions = versions_of(db.session, account.id, day)
    newest = versions[0] if versions else None
    state = sealed_state(newest, faults(db.session)) if newest else unsealed_state(day, account.covered_until)
    anew = state in (DayState.REOPENED, DayState.DEPENDS) and ("now" in request.args or request.method == "POST")
    shown = None if anew else _shown(account.id, day, newest)
    minute = shown.snapshot if shown else gather(db.session, account, day)
    sealing = shown is None and (why_not := _why_not(account, day)) is None
    page = render_template(
        "desk/close/day.html",
        account=account,
        day=day,
        state=state,
        seal=shown,
        newest=newest,
        versions=versions,
        minute=minute,
        found=page_of(movements(minute)),
        late=late_rows(db.session, newest) if state is DayState.REOPENED and newest else [],
        form=(form or SealForm.about(minute, formdata=None)) if sealing else None,
        why_not=None if shown else why_not,
        refusal=refusal,
        papers=_papers(shown),
        words=wording,
    )
    return page, refusal.status if refusal else 422 if form else 200


def _why_not(account: BankAccount, day: date) -> MarketError | None:
    """What stands against closing the day now."""
    try:
        check(db.session, account, day)
    except MarketError as refusal:
        return refusal
    return None


def _shown(account_id: int, day: date, newest: DaySeal | None) -> DaySeal | None:
    """The version that the address asks for, else the newest."""
    asked = request.args.get("version", 0, type=int)
    if newest is None or not 0 <= asked <= newest.version:
        return None if newest is None else _missing()
    return seal_of(db.session, account_id, day, asked or newest.version)


def _missing() -> Any:
    raise NotFound(_("There is no such minute."))


def _papers(shown: DaySeal | None) -> dict[str, Any] | None:
    """Whether a seal's papers are made, and how far they are."""
    if shown is None:
        return None
    done, total = typeset.done(shown)
    return {"ready": typeset.is_kept(shown, "pdf"), "done": done, "total": total}


@closing.route("/<int:account_id>/<day>/<int:version>.pdf")
@writes
@requires(Role.OFFICE)
def pdf(account_id: int, day: str, version: int) -> ResponseReturnValue:
    """The minute to print and sign."""
    return _paper(account_id, _day(day), version, kind="pdf")


@closing.route("/<int:account_id>/<day>/<int:version>.xlsx")
@writes
@requires(Role.OFFICE)
def xlsx(account_id: int, day: str, version: int) -> ResponseReturnValue:
    """The minute for a spreadsheet: the rows of the PDF."""
    return _paper(account_id, _day(day), version, kind="xlsx")


KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _paper(account_id: int, day: date, version: int, *, kind: str) -> ResponseReturnValue:
    """A paper that the worker has made; if it is not there, the worker is asked once more."""
    account, found = _account(account_id), seal_of(db.session, account_id, day, version)
    if found is None:
        raise NotFound(_("There is no such minute."))
    content = typeset.kept(found, kind)
    if content is None:
        key = f"minute:{found.sha256}:{clock.now():%Y%m%d%H%M}"
        promise(db.session, "minute", key=key, payload={"seal_id": found.id})
        db.session.commit()
        flash(_("The minute is being typeset. Try again in a moment."), "warn")
        return redirect(url_for(".show", account_id=account_id, day=day, version=version), code=303)
    name = f"{account.bank_code}-{account.number}-{day}-v{version}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=KINDS[kind], headers=headers)


def _me(because: str = "") -> Sealer:
    return Sealer(current_user.username, current_user.name, clock.now(), current_user.manages, because)


def _account(account_id: int) -> BankAccount:
    found = db.session.get(BankAccount, account_id)
    if found is None:
        raise NotFound(_("There is no such account."))
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("There is no such day.")) from None
