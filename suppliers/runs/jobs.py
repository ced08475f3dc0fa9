"""Stops are shared out in the background: finding short ways takes seconds, for which no request should wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import structlog
from sqlalchemy.orm import Session

from kernel import clock
from kernel.changes import Doer
from kernel.errors import MarketError
from kernel.jobs import handles
from suppliers.models import Batch
from suppliers.runs.keep import prepare, solve, write

log = structlog.get_logger()

TRIES = 3


@handles("share_out")
def share_out(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Share out what a batch has still to bring. If something is told at a door meanwhile, once more from the start."""
    batch = session.get_one(Batch, payload["batch"])
    for _try in range(TRIES):
        try:
            task = prepare(session, batch)
            yield  # what was read is read: the search for short ways must not hold the database
            solved = {}
            for team, loads in solve(task):
                solved[team] = loads
                yield
            write(session, batch, task, solved, Doer(payload["by"], clock.now()))
        except MarketError as refusal:
            session.rollback()
            log.info("not shared out", batch=payload["batch"], why=type(refusal).__name__)
        else:
            return
