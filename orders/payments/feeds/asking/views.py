"""Which column is what: asked for one file, remembered for all that are headed alike, forgotten on demand."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError, NotFound
from orders.payments.feeds.accounts import AmbiguousAccount, UnknownAccount
from orders.payments.feeds.asking.forms import MappingForm, letter
from orders.payments.feeds.asking.keep import as_file, drop_reading, read_again, remember
from orders.payments.feeds.asking.models import RememberedMapping, StatementUpload
from orders.payments.feeds.asking.queries import mappings as all_mappings
from orders.payments.feeds.mapping import ColumnMapping, Look
from orders.payments.feeds.queries import accounts
from orders.payments.feeds.read import Reading, read_file
from orders.payments.settle import ChangedMeanwhile
from people.models import Role
from people.sessions import requires

mappings = Blueprint("mappings", __name__, url_prefix="/desk/statements")


@mappings.route("/uploads/<int:upload_id>", methods=["GET", "POST"])
@requires(Role.OFFICE)
def ask(upload_id: int) -> ResponseReturnValue:
    """Show the table's first rows and ask what its columns hold; then lead to what it says, read so."""
    upload = _load(upload_id)
    form, look = MappingForm(), Look.from_json(upload.look)
    form.offer(look, list(accounts(db.session)))
    if not form.is_submitted():
        form.suggest(look, upload.account)
    if not form.validate_on_submit():
        return _page(form, upload, look)
    try:
        return _answered(form, upload, look)
    except (UnknownAccount, AmbiguousAccount) as refusal:
        form.account.errors = [str(refusal)]
    except ChangedMeanwhile:
        raise
    except MarketError as refusal:
        form.heading.errors = [str(refusal)]
    db.session.rollback()
    return _page(form, _load(upload_id), look)


def _page(form: MappingForm, upload: StatementUpload, look: Look) -> ResponseReturnValue:
    columns = [(_("Row"), "right"), *((letter(place), "") for place in range(look.width))]
    page = render_template("desk/mappings/ask.html", form=form, upload=upload, look=look, columns=columns)
    return page, 422 if form.errors else 200


def _answered(form: MappingForm, upload: StatementUpload, look: Look) -> ResponseReturnValue:
    """Read the file as was said, outside of any transaction, and remember the answer."""
    upload_id, filename, content, by = upload.id, upload.filename, upload.content, current_user.username
    said, titles = form.said(look), look.line(int(form.heading.data))
    db.session.rollback()
    reading = _read(content, filename, said)
    upload, now = _load(upload_id), clock.now()
    upload.account = form.account.data or ""
    kept = read_again(db.session, upload, reading, by=by, at=now)
    remember(db.session, said, titles, by=by, at=now)
    db.session.commit()
    return redirect(url_for("statements.show", statement_id=kept.id), code=303)


def _read(content: bytes, filename: str, said: ColumnMapping) -> Reading:
    with as_file(content) as path:
        return read_file(path, filename=filename, mappings={said.fingerprint: said.to_json()})


@mappings.route("/uploads/<int:upload_id>/drop", methods=["POST"])
@requires(Role.OFFICE)
def drop(upload_id: int) -> ResponseReturnValue:
    """Put a file away of which nothing is booked: the wrong one, say."""
    upload = _load(upload_id)
    drop_reading(db.session, upload)
    db.session.delete(upload)
    db.session.commit()
    flash(_("Dropped. Nothing was booked."), "good")
    return redirect(url_for("statements.index"), code=303)


@mappings.route("/columns")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """What is remembered of columns."""
    told = [(each, _columns(each)) for each in all_mappings(db.session)]
    return render_template("desk/mappings/index.html", told=told)


def _columns(each: RememberedMapping) -> list[tuple[str, str]]:
    """What each column is taken for, with its heading."""
    said, labels = ColumnMapping.from_json(each.fingerprint, each.answer), MappingForm().columns
    titles = [str(title) for title in each.titles]
    return [
        (labels[column].label.text, titles[at] if at < len(titles) and titles[at] else letter(at))
        for column, at in sorted(said.places.items(), key=lambda place: place[1])
    ]


@mappings.route("/columns/<int:mapping_id>/forget", methods=["POST"])
@requires(Role.OFFICE)
def forget(mapping_id: int) -> ResponseReturnValue:
    """The next file that is headed so is asked about again."""
    found = db.session.get(RememberedMapping, mapping_id)
    if found is None:
        raise NotFound(_("These columns are not remembered."))
    db.session.delete(found)
    db.session.commit()
    flash(_("Forgotten. The next such file is asked about again."), "good")
    return redirect(url_for(".index"), code=303)


def _load(upload_id: int) -> StatementUpload:
    found = db.session.get(StatementUpload, upload_id)
    if found is None:
        raise NotFound(_("This file is not kept any more. Upload it again."))
    return found
