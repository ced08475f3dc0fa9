"""Statements at the desk: upload, look, then book; progress while it runs, the result after."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from kernel import clock, jobs
from kernel.database import db
from kernel.errors import MarketError, NotFound
from orders.payments.feeds.asking.keep import as_file, done_with, hold_previewed, keep_upload, read_again
from orders.payments.feeds.asking.models import StatementUpload
from orders.payments.feeds.asking.queries import remembered, upload_of, waiting_uploads
from orders.payments.feeds.balance import balances
from orders.payments.feeds.booking import preview
from orders.payments.feeds.heard import heard
from orders.payments.feeds.models import ImportState, StatementImport
from orders.payments.feeds.queries import accounts, brought, statement_imports, under_way
from orders.payments.feeds.read import NeedsMapping, read_file
from orders.payments.feeds.report import balance_words, refusal_words
from orders.payments.feeds.statement import Statement
from orders.payments.forms import UploadForm
from orders.payments.progress import phase_words
from people.models import Role
from people.sessions import requires

statements = Blueprint("statements", __name__, url_prefix="/desk/statements")


@statements.route("", methods=["GET", "POST"])
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """The statements that came in, and the form for the next one."""
    form = UploadForm()
    form.offer(list(accounts(db.session)))
    if not form.validate_on_submit():
        return _list(form, 422 if form.is_submitted() else 200)
    try:
        return redirect(_upload(form), code=303)
    except MarketError as refusal:
        db.session.rollback()
        form.file.errors = [str(refusal)]
        return _list(form, refusal.status)


def _list(form: UploadForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "desk/statements.html",
        form=form,
        statements=statement_imports(db.session),
        waiting=waiting_uploads(db.session),
        heard=heard(db.session),
    )
    return page, status


def _upload(form: UploadForm) -> str:
    """Read the file in its sandbox before the database is asked anything: parsing must not hold a transaction.

    Leads to what was read, or to the question which column is what.
    """
    upload = _named(form)
    mappings = remembered(db.session)
    db.session.rollback()
    try:
        with as_file(upload.content) as path:
            reading = read_file(path, filename=upload.filename, mappings=mappings)
    except NeedsMapping as asks:
        keep_upload(db.session, upload, asks.look)
        db.session.commit()
        return url_for("mappings.ask", upload_id=upload.id)
    kept = read_again(db.session, upload, reading, by=upload.by, at=upload.at)
    if kept.state is ImportState.BOOKING:
        _promise(kept)
    elif reading.look and upload.statement_id:
        keep_upload(db.session, upload, reading.look)
    db.session.commit()
    return url_for(".show", statement_id=kept.id)


def _named(form: UploadForm) -> StatementUpload:
    """The file with what the clerk said of it."""
    file: FileStorage = form.file.data
    return StatementUpload(
        filename=(file.filename or "?")[:200],
        content=file.read(),
        account=form.account.data or "",
        drawn_at=_drawn_at(form.covers_until.data),
        by=current_user.username,
        at=clock.now(),
    )


def _drawn_at(typed: datetime | None) -> datetime | None:
    """What a clerk typed is the time on a wall in Vietnam; the future is not covered yet."""
    return min(typed.replace(tzinfo=clock.VIETNAM), clock.now()) if typed else None


@statements.route("/<int:statement_id>")
@requires(Role.OFFICE)
def show(statement_id: int) -> ResponseReturnValue:
    """A statement before booking (what is new, known, refused, and whether it adds up), while it runs, and after."""
    if running := under_way(db.session, statement_id):
        return render_template("desk/booking.html", kept=running, phase=phase_words(running.phase))
    kept = _load(statement_id)
    statement = Statement.from_json(kept.content)
    balance = balances(statement)
    return render_template(
        "desk/statement.html",
        kept=kept,
        statement=statement,
        preview=preview(db.session, statement, kept.account) if kept.state is ImportState.PREVIEWED else None,
        balance=balance,
        balance_words=balance_words(balance),
        refusals=[(refusal, refusal_words(refusal)) for refusal in statement.refusals],
        total=len(statement.rows),
        upload=upload_of(db.session, kept.id) if kept.state is ImportState.PREVIEWED else None,
        brought=brought(db.session, kept.id) if kept.state is ImportState.BOOKED else {},
    )


@statements.route("/<int:statement_id>/book", methods=["POST"])
@requires(Role.OFFICE)
def book(statement_id: int) -> ResponseReturnValue:
    """Promise the booking; the worker does it."""
    kept = _load(statement_id)
    hold_previewed(db.session, kept)
    kept.state, kept.phase = ImportState.BOOKING, ""
    done_with(db.session, kept.id)
    _promise(kept)
    db.session.commit()
    return redirect(url_for(".show", statement_id=kept.id), code=303)


def _promise(kept: StatementImport) -> None:
    """Once for each statement; one that was broken off in a shell gets its worker here."""
    jobs.promise(db.session, "book", key=f"book:{kept.id}", payload={"statement_id": kept.id})


@statements.route("/<int:statement_id>/drop", methods=["POST"])
@requires(Role.OFFICE)
def drop(statement_id: int) -> ResponseReturnValue:
    """Put a previewed statement away unbooked: the wrong file, say."""
    kept = _load(statement_id)
    hold_previewed(db.session, kept)
    kept.state = ImportState.DROPPED
    done_with(db.session, kept.id)
    db.session.commit()
    flash(_("Dropped. Nothing was booked."), "good")
    return redirect(url_for(".index"), code=303)


def _load(statement_id: int) -> StatementImport:
    found = db.session.get(StatementImport, statement_id)
    if found is None:
        raise NotFound(_("There is no such statement."))
    return found
