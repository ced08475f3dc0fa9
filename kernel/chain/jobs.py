"""Background work of the chain: every minute, what is committed is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from kernel.chain.seal import seal
from kernel.jobs import every_minute, handles, promise

AT_ONCE = 5
"""Pieces that a minute's chore seals in its one transaction; what is more goes to a job that commits each."""


@every_minute
def seal_what_came(session: Session) -> None:
    """Seal what came since the last minute."""
    steps = list(islice(seal(session), AT_ONCE))
    if steps and steps[-1][0] < steps[-1][1]:
        promise(session, "seal", key=f"seal:{clock.now():%Y-%m-%dT%H:%M}", payload={})


@handles("seal")
def seal_all(session: Session, payload: dict[str, Any]) -> Iterator[None]:
    """Seal a long history in pieces."""
    for _step in seal(session):
        yield
