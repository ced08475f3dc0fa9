"""Verifying: every link by its hash, every sealed row by its digest. What is wrong is named by table and id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from itertools import permutations
from typing import NamedTuple

from sqlalchemy.orm import Session

from kernel.chain.canon import SHORT, digest, numbers
from kernel.chain.evidence import Evidence, every_evidence
from kernel.chain.models import ChainLink
from kernel.chain.queries import (
    GENESIS,
    count_links,
    count_rows,
    digests,
    link_of,
    links_after,
    sealed_until,
    values_of,
)
from kernel.chain.seal import BLOCK, hash_of

MOST_COMPARED = 50
"""Changed rows of one link that are compared with each other: have they only changed places?"""


class Wrong(StrEnum):
    """What can be wrong."""

    CHANGED = "changed"
    MOVED = "moved"
    DELETED = "deleted"
    INSERTED = "inserted"
    UNKNOWN_ROWS = "unknown rows"
    LINK_CHANGED = "link changed"
    LINK_MISSING = "link missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was sealed: in which table, which row, by which link; ``other``: a second row."""

    wrong: Wrong
    table: str
    row_id: int | None
    link_id: int
    other: int | None = None


class Looked(NamedTuple):
    """How far the look has come, in links, and what the last of them showed."""

    done: int
    total: int
    faults: Sequence[Fault]


@dataclass
class _Walk:
    """What has to be known of the links before. ``broken``: tables of which a link may be missing just before."""

    previous: frozenset[str]
    until: dict[str, int]
    link_id: int = 0
    broken: set[str] = field(default_factory=set)


def verify(session: Session, *, since: str = "") -> Iterator[Looked]:
    """Look at every link, or at those after the one whose hash is ``since``, a link at a time; holds nothing of it.

    Whoever reads may roll back at each step, so that nobody waits for a long look. Memory: a link's thousand rows.
    """
    tables = {each.table: each for each in every_evidence()}
    walk = _begin(session, tables, since)
    total, done = count_links(session, after=walk.link_id), 0
    while page := links_after(session, walk.link_id):
        for link in page:
            session.expunge(link)
        for link in page:
            done += 1
            yield Looked(done, max(done, total), list(_look(session, walk, link, tables)))
            walk.link_id = link.id


def _begin(session: Session, tables: dict[str, Evidence], since: str) -> _Walk:
    link = link_of(session, since) if since else None
    if link is None:
        return _Walk(frozenset({GENESIS}), {})
    until = {table: sealed_until(session, table, before=link.id) for table in tables}
    return _Walk(frozenset({link.hash}), {table: last for table, last in until.items() if last}, link.id)


def _look(session: Session, walk: _Walk, link: ChainLink, tables: dict[str, Evidence]) -> Iterator[Fault]:
    right = hash_of(link)
    if link.previous not in walk.previous:
        yield Fault(Wrong.LINK_MISSING, link.rows_of, None, link.id)
        walk.broken = set(tables)
    walk.previous = frozenset({link.hash, right})
    if link.hash != right or link.rows_of not in tables:
        yield Fault(Wrong.LINK_CHANGED, link.rows_of, None, link.id)
        walk.broken = set(tables)  # whose rows it held is no longer known for sure
        return
    after = link.first_id - 1 if link.rows_of in walk.broken else walk.until.get(link.rows_of)
    walk.broken.discard(link.rows_of)
    walk.until[link.rows_of] = link.last_id
    yield from _rows(session, tables[link.rows_of], link, after)


def _rows(session: Session, evidence: Evidence, link: ChainLink, after: int | None) -> Iterator[Fault]:
    """Compare the rows that are there with those that were sealed."""
    cut = range(0, len(link.digests), SHORT)
    sealed = dict(zip(numbers(link.ids), (link.digests[at : at + SHORT] for at in cut), strict=True))
    left, root, faulty, changed = dict(sealed), sha256(), False, []
    for row_id, found in digests(session, evidence, link.form, after=after, until=link.last_id, most=BLOCK):
        was = left.pop(row_id, None)
        if was is None:
            faulty = True
            yield Fault(Wrong.INSERTED, link.rows_of, row_id, link.id)
            continue
        root.update(found)
        if was != found[:SHORT]:
            changed.append(row_id)
    yield from (Fault(Wrong.DELETED, link.rows_of, row_id, link.id) for row_id in left)
    yield from _changed(session, evidence, link, sealed, changed)
    if not (faulty or left or changed) and root.hexdigest() != link.root:
        yield Fault(Wrong.UNKNOWN_ROWS, link.rows_of, None, link.id)


def _changed(
    session: Session, evidence: Evidence, link: ChainLink, sealed: dict[int, bytes], changed: Sequence[int]
) -> Iterator[Fault]:
    """Each changed row; of one that holds what was sealed as another, which."""
    compared = changed[:MOST_COMPARED] if len(changed) > 1 else ()
    values = values_of(session, evidence, link.form, compared) if compared else {}
    holds = {
        one: other
        for one, other in permutations(values, 2)
        if digest([other, *values[one][1:]])[:SHORT] == sealed[other]
    }
    for row_id in changed:
        other = holds.get(row_id)
        yield Fault(Wrong.MOVED if other else Wrong.CHANGED, link.rows_of, row_id, link.id, other)


class Tail(NamedTuple):
    """Rows of a table that no link holds yet."""

    table: str
    rows: int


def unsealed(session: Session) -> list[Tail]:
    """What came after the newest links."""
    tails = [
        Tail(each.table, count_rows(session, each.table, after=sealed_until(session, each.table) or 0))
        for each in every_evidence()
    ]
    return [tail for tail in tails if tail.rows]
