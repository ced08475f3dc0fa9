"""Files and what was said of their columns, written down."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from orders.payments.feeds.accounts import choose_account
from orders.payments.feeds.asking.models import RememberedMapping, StatementUpload
from orders.payments.feeds.asking.queries import mapping_of, upload_of
from orders.payments.feeds.booking import keep, preview
from orders.payments.feeds.mapping import ColumnMapping, Look
from orders.payments.feeds.models import ImportState, StatementImport
from orders.payments.feeds.read import Reading
from orders.payments.settle import ChangedMeanwhile


@contextmanager
def as_file(content: bytes) -> Iterator[Path]:
    """The content in a file of its own, for as long as somebody reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        path.write_bytes(content)
        yield path


def keep_upload(session: Session, upload: StatementUpload, look: Look) -> None:
    """Keep a file until a clerk has said what its columns hold, or has booked what was read. Does not commit."""
    upload.look = dataclasses.asdict(look)
    session.add(upload)
    session.flush()


def remember(session: Session, said: ColumnMapping, titles: list[str], *, by: str, at: datetime) -> None:
    """From now on such headings are read so; what was said of them before is forgotten. Does not commit."""
    row = mapping_of(session, said.fingerprint) or RememberedMapping(fingerprint=said.fingerprint)
    row.titles, row.answer, row.by, row.at = titles, said.to_json(), by, at
    session.add(row)
    session.flush()


def read_again(
    session: Session, upload: StatementUpload, reading: Reading, *, by: str, at: datetime
) -> StatementImport:
    """The file's statement as it is read now, instead of what was read before. Does not commit."""
    statement = reading.statement
    seen = preview(session, statement, choose_account(session, statement, upload.account))
    drop_reading(session, upload)
    kept = keep(session, seen, filename=upload.filename, by=by, at=at, drawn_at=upload.drawn_at)
    if upload_of(session, kept.id) is None:
        upload.statement_id = kept.id
    if reading.look:
        upload.look = dataclasses.asdict(reading.look)
    session.flush()
    return kept


def drop_reading(session: Session, upload: StatementUpload) -> None:
    """What was read of the file so far is not to be booked. Does not commit."""
    kept = upload.statement
    if kept is None:
        return
    hold_previewed(session, kept)
    kept.state = ImportState.DROPPED
    upload.statement_id = None
    session.flush()


def hold_previewed(session: Session, kept: StatementImport) -> None:
    """Whoever books, drops or maps a statement again holds it until the commit, and is told if another was faster."""
    session.refresh(kept, ["state"], with_for_update={"of": StatementImport})
    if kept.state is not ImportState.PREVIEWED:
        raise ChangedMeanwhile(_("This statement is booked already, or was dropped."))


def done_with(session: Session, statement_id: int) -> None:
    """A statement is booked or dropped: its file is not needed any more. Does not commit."""
    if upload := upload_of(session, statement_id):
        session.delete(upload)
