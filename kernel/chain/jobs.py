"""Background work of the chain: every minute, what is committed is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from kernel.chain.seal import seal
from kernel.jobs import every_minute, handles, promise

AT_ONCE = 50_000
"""Rows that are sealed in one transaction; what is more goes to a job that commits each piece."""


@every_minute
def seal_what_came(session: Session) -> None:
    """Seal what came since the last minute."""
    for done, total in seal(session):
        if AT_ONCE <= done < total:
            promise(session, "seal", key=f"seal:{clock.now():%Y-%m-%dT%H:%M}", payload={})
            return


@handles("seal")
def seal_all(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Seal a long history in pieces."""
    for _step in seal(session):
        yield
