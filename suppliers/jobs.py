"""Background work of the suppliers package: rounds that are due leave, manifests are typeset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from kernel import clock
from kernel.jobs import every_minute, handles
from shop.queries import rounds_to_dispatch
from suppliers import labels, typeset
from suppliers.dispatch import NothingPaid, dispatch, readiness
from suppliers.queries import manifest_by_number

log = structlog.get_logger()


@every_minute
def dispatch_due_rounds(session: Session) -> None:
    """Send each round whose time has come and whose last payments are known. One that is empty is simply closed."""
    patience = current_app.extensions["settings"].feed_patience
    now = clock.now()
    for delivery in rounds_to_dispatch(session, now):
        if not readiness(session, delivery, at=now, patience=patience).ready:
            continue
        try:
            dispatch(session, delivery, at=now, by="system", patience=patience)
        except NothingPaid:
            delivery.dispatched_at = now
            log.info("nothing to send", round=delivery.id)


@handles("typeset")
def typeset_manifest(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Make a manifest's papers before anybody asks for them. Broken off it goes on with the piece that is missing."""
    manifest = manifest_by_number(session, payload["number"])
    yield  # what was read is read: a long typesetting must not hold the database
    if manifest is not None:
        yield from typeset.make(manifest)


@handles("labels")
def typeset_labels(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Make the labels that somebody asked for."""
    manifest = manifest_by_number(session, payload["number"])
    yield
    if manifest is not None:
        yield from labels.make(manifest, labels.Size(payload["size"]), people=payload["people"])
