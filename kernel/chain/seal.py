"""Sealing: committed rows that no link holds yet get one, up to a thousand a link, and nobody's row is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel import clock
from kernel.chain.canon import SHORT, ranges, written
from kernel.chain.evidence import Evidence, every_evidence
from kernel.chain.models import ChainLink
from kernel.chain.queries import GENESIS, Reach, digests, head, reaches, sealed_until, sleep, writers

BLOCK = 1_000
PIECE = 10 * BLOCK
NAP = 0.05
"""Seconds between two looks at whether somebody is done writing."""

log = structlog.get_logger()

Row = tuple[int, bytes]


def seal(session: Session, *, patience: float = 10.0) -> Iterator[tuple[int, int]]:
    """Seal what is committed by now; yields (done, total) ids. The caller commits at each yield, or at the end.

    PostgreSQL commits rows in another order than it numbers them. So first the newest ids are noted, then who writes at
    this moment is waited for, ``patience`` seconds at most: whoever begins later gets higher ids. If somebody takes
    longer, nothing is sealed this time.
    """
    todo = [(each, reach) for each, reach in _reaches(session) if reach.newest > reach.sealed]
    if not todo or not _written(session, [each for each, _reach in todo], patience):
        return
    total, done = sum(reach.newest - reach.sealed for _each, reach in todo), 0
    for evidence, reach in todo:
        at = reach.sealed
        while at < reach.newest:
            at = _seal_piece(session, evidence, until=reach.newest)
            yield done + at - reach.sealed, total
        done += reach.newest - reach.sealed
    log.debug("sealed", ids=total, head=(newest := head(session)) and newest.hash)


def seal_now(session: Session) -> None:
    """Seal before something is decided that cannot be taken back, in the caller's transaction; waits for a second."""
    for _step in seal(session, patience=1.0):
        pass


def _reaches(session: Session) -> list[tuple[Evidence, Reach]]:
    session.flush()
    listed = every_evidence()
    return list(zip(listed, reaches(session, listed), strict=True))


def _written(session: Session, listed: Sequence[Evidence], patience: float) -> bool:
    """Wait for those who write now. Answers whether they are done."""
    others = writers(session, listed)
    for _nap in range(int(patience / NAP)):
        if not others:
            return True
        sleep(session, NAP)
        others &= writers(session, listed)
    if others:
        log.warning("somebody writes for long: nothing sealed", writers=len(others))
    return not others


def _seal_piece(session: Session, evidence: Evidence, *, until: int) -> int:
    """The next links of a table. Answers up to which id it is sealed by now. One seals at a time."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE chain_links IN SHARE ROW EXCLUSIVE MODE"))
    newest, after = head(session), sealed_until(session, evidence.table)
    rows = _some(session, evidence, after=after, until=until)
    previous = newest.hash if newest else GENESIS
    for block in (rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK)):
        made = link(evidence, block, previous)
        session.add(made)
        previous = made.hash
    session.flush()
    return rows[-1][0] if len(rows) == PIECE else until


def _some(session: Session, evidence: Evidence, *, after: int | None, until: int) -> list[Row]:
    found = digests(session, evidence, evidence.newest, after=after, until=until, most=PIECE)
    return list(islice(found, PIECE))


def link(evidence: Evidence, rows: Sequence[Row], previous: str) -> ChainLink:
    """The link that seals these rows behind the link ``previous``."""
    made = ChainLink(
        rows_of=evidence.table,
        form=evidence.newest,
        first_id=rows[0][0],
        last_id=rows[-1][0],
        count=len(rows),
        ids=ranges([row_id for row_id, _digest in rows]),
        digests=b"".join(digest[:SHORT] for _id, digest in rows),
        root=sha256(b"".join(digest for _id, digest in rows)).hexdigest(),
        previous=previous,
        sealed_at=clock.now(),
    )
    made.hash = hash_of(made)
    return made


def hash_of(made: ChainLink) -> str:
    """What a link's hash has to be, by all else that it says."""
    return sha256(
        written(
            [
                made.previous,
                made.rows_of,
                made.form,
                made.first_id,
                made.last_id,
                made.count,
                made.ids,
                made.digests.hex(),
                made.root,
                _written_moment(made.sealed_at),
            ]
        )
    ).hexdigest()


def _written_moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
