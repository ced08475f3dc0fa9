"""Files that nobody came back to are deleted: they hold residents' payments."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute
from orders.payments.feeds.asking.queries import uploads_before

KEPT = timedelta(days=7)


@every_minute
def delete_old_uploads(session: Session) -> None:
    """Delete the files, never what was read of them."""
    for upload in uploads_before(session, clock.now() - KEPT):
        session.delete(upload)
