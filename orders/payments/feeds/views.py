"""Statements at the desk: upload, look, then book; progress while it runs, the result after."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from kernel import clock, jobs
from kernel.database import db
from kernel.errors import MarketError, NotFound
from orders.payments.feeds.accounts import choose_account
from orders.payments.feeds.balance import balances
from orders.payments.feeds.booking import keep, preview
from orders.payments.feeds.heard import heard
from orders.payments.feeds.queries import accounts, brought, statement_imports, under_way
from orders.payments.feeds.read import read_statement
from orders.payments.feeds.report import balance_words, refusal_words
from orders.payments.feeds.statement import Statement
from orders.payments.forms import UploadForm
from orders.payments.models import ImportState, StatementImport
from orders.payments.progress import phase_words
from orders.payments.settle import ChangedMeanwhile
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
        kept = _upload(form)
    except MarketError as refusal:
        db.session.rollback()
        form.file.errors = [str(refusal)]
        return _list(form, refusal.status)
    return redirect(url_for(".show", statement_id=kept.id), code=303)


def _list(form: UploadForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "desk/statements.html", form=form, statements=statement_imports(db.session), heard=heard(db.session)
    )
    return page, status


def _upload(form: UploadForm) -> StatementImport:
    """Read the file in its sandbox before the database is asked anything: parsing must not hold a transaction."""
    upload: FileStorage = form.file.data
    username = current_user.username
    db.session.rollback()
    statement = _read(upload)
    account = choose_account(db.session, statement, form.account.data or "")
    kept = keep(
        db.session,
        preview(db.session, statement, account),
        filename=upload.filename or "?",
        by=username,
        at=clock.now(),
        drawn_at=_drawn_at(form.covers_until.data),
    )
    if kept.state is ImportState.BOOKING:
        _promise(kept)
    db.session.commit()
    return kept


def _read(upload: FileStorage) -> Statement:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        upload.save(path)
        return read_statement(path, filename=upload.filename or "?")


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
        brought=brought(db.session, kept.id) if kept.state is ImportState.BOOKED else {},
    )


@statements.route("/<int:statement_id>/book", methods=["POST"])
@requires(Role.OFFICE)
def book(statement_id: int) -> ResponseReturnValue:
    """Promise the booking; the worker does it."""
    kept = _load(statement_id)
    if kept.state is not ImportState.PREVIEWED:
        raise ChangedMeanwhile(_("This statement is booked already, or was dropped."))
    kept.state, kept.phase = ImportState.BOOKING, ""
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
    if kept.state is not ImportState.PREVIEWED:
        raise ChangedMeanwhile(_("This statement is booked already, or was dropped."))
    kept.state = ImportState.DROPPED
    db.session.commit()
    flash(_("Dropped. Nothing was booked."), "good")
    return redirect(url_for(".index"), code=303)


def _load(statement_id: int) -> StatementImport:
    found = db.session.get(StatementImport, statement_id)
    if found is None:
        raise NotFound(_("There is no such statement."))
    return found
