"""Batches of refunds at the desk: exported for the bank, downloaded again, cancelled."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.forms import BecauseForm
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import accounts
from orders.payments.refunds.batches.export import NothingToExport, as_csv, as_xlsx, bank_name, cancel, export
from orders.payments.refunds.forms import ExportForm
from orders.payments.refunds.models import RefundBatch
from orders.payments.refunds.owed.queries import batches as every_batch
from orders.payments.refunds.owed.queries import lines_of_batch, seen_of_batch
from orders.payments.refunds.queries import batch_of_attempt
from orders.payments.refunds.views import PAGE, me, page_number
from people.models import Role
from people.sessions import requires

batches = Blueprint("batches", __name__, url_prefix="/desk/refunds/batches")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NoAccount(MarketError):
    """No account of ours was chosen to pay from."""

    status = 422


@batches.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Every batch, newest first."""
    page = page_number()
    found = every_batch(db.session, most=PAGE + 1, after=(page - 1) * PAGE)
    return render_template("desk/refund_batches.html", batches=found[:PAGE], page=page, more=len(found) > PAGE)


@batches.route("", methods=["POST"])
@requires(Role.OFFICE)
def make() -> ResponseReturnValue:
    """All approved refunds become one batch; the same form sent again shows that one."""
    form = ExportForm()
    form.offer(accounts(db.session))
    if not form.validate_on_submit():
        raise NoAccount(_("No account of ours was chosen. Go back, choose the one that pays, and export again."))
    batch_id = _export(form)
    db.session.commit()
    flash(_("The batch is made. Download it, and upload it at the bank."), "good")
    return redirect(url_for(".show", batch_id=batch_id), code=303)


def _export(form: ExportForm) -> int:
    """Of a form that was sent twice at once, the slower one finds what the quicker one made."""
    attempt = form.attempt.data or ""
    try:
        account = db.session.get_one(BankAccount, form.account.data)
        return export(db.session, account, attempt=attempt, doer=me()).id
    except IntegrityError as fault:
        db.session.rollback()
        if made := batch_of_attempt(db.session, attempt):
            return made.id
        raise NothingToExport(_("No approved refund waits for export. Reload the page.")) from fault


@batches.route("/<int:batch_id>")
@requires(Role.OFFICE)
def show(batch_id: int) -> ResponseReturnValue:
    """What stands in it, and how much of it a statement has shown."""
    return _page(_load(batch_id), BecauseForm(formdata=None))


def _page(batch: RefundBatch, form: BecauseForm) -> ResponseReturnValue:
    page = page_number()
    lines = lines_of_batch(db.session, batch.id, most=PAGE + 1, after=(page - 1) * PAGE)
    many, amount = seen_of_batch(db.session, batch.id)
    html = render_template(
        "desk/refund_batch.html",
        batch=batch,
        lines=lines[:PAGE],
        seen=many,
        seen_amount=amount,
        bank_name=bank_name,
        form=form,
        page=page,
        more=len(lines) > PAGE,
    )
    return html, 422 if form.errors else 200


@batches.route("/<int:batch_id>.xlsx")
@requires(Role.OFFICE)
def xlsx(batch_id: int) -> ResponseReturnValue:
    """For the bank's site, as a workbook."""
    batch = _load(batch_id)
    return _download(as_xlsx(db.session, batch), XLSX, f"refunds-{batch.id}.xlsx")


@batches.route("/<int:batch_id>.csv")
@requires(Role.OFFICE)
def csv(batch_id: int) -> ResponseReturnValue:
    """For the bank's site, as text."""
    batch = _load(batch_id)
    return _download(as_csv(db.session, batch), "text/csv; charset=utf-8", f"refunds-{batch.id}.csv")


def _download(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@batches.route("/<int:batch_id>/cancel", methods=["POST"])
@requires(Role.OFFICE)
def give_up(batch_id: int) -> ResponseReturnValue:
    """Nobody pays from it; its refunds are approved and not exported again."""
    batch, form = _load(batch_id), BecauseForm()
    if not form.validate_on_submit():
        return _page(batch, form)
    cancel(db.session, batch, me(form.because.data or ""))
    db.session.commit()
    flash(_("The batch is cancelled. Its refunds go into the next one."), "good")
    return redirect(url_for(".show", batch_id=batch_id), code=303)


def _load(batch_id: int) -> RefundBatch:
    found = db.session.get(RefundBatch, batch_id)
    if found is None:
        raise NotFound(_("There is no such batch."))
    return found
