"""Shell commands of the audit: seal what came, verify all of it, tell the head to write down elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from kernel.chain.queries import GENESIS, head, link_of
from kernel.chain.seal import seal
from kernel.chain.verify import unsealed, verify
from kernel.database import db
from kernel.progress import progress
from kernel.web import show_moment
from office.audit.wording import disagreement_words, fault_words
from orders.payments.books.check import check

audit = AppGroup("audit", help="Whether what was written is still as it was.")


@audit.command("seal")
def seal_command() -> None:
    """Seal all rows that are not sealed yet. The worker does so each minute."""
    with progress(_("Rows sealed")) as show:
        for done, total in seal(db.session):
            db.session.commit()
            show(done, total)
    db.session.rollback()
    _tell_tail()
    _tell_head()


@audit.command("head")
def head_command() -> None:
    """Print the chain's head: to be written down, or published, elsewhere."""
    newest = head(db.session)
    click.echo(newest.hash if newest else GENESIS)


@audit.command("verify")
@click.option("--from-link", "since", default="", metavar="HASH", help="Look only at what was sealed after this link.")
@click.option("--head", "kept", default="", metavar="HASH", help="A head written down before: it must be in the chain.")
def verify_command(since: str, kept: str) -> None:
    """Look at every sealed row and link, and at every transfer's places. Ends with 1 if anything is not as it was.

    Who rewrites the whole chain together with the rows, or cuts its end off, is found only by a head kept elsewhere.
    """
    for known in filter(None, (since, kept)):
        _must_be_in_the_chain(known)
    found = 0
    for words in (*_chain_faults(since), *_book_faults()):
        found += 1
        click.echo(words)
    _tell_tail()
    _tell_head()
    if found:
        click.echo(_("%(many)s faults found.", many=found), err=True)
        sys.exit(1)
    click.echo(_("Nothing was changed, deleted, inserted or moved."))


def _must_be_in_the_chain(known: str) -> None:
    link = link_of(db.session, known)
    if link is None:
        newest = head(db.session)
        end = _at(newest.id, newest.sealed_at) if newest else _("nowhere: it is empty")
        click.echo(
            _(
                "No link has the hash %(hash)s: the chain was rewritten, or links after it were cut off. "
                "It ends at %(end)s.",
                hash=known,
                end=end,
            )
        )
        sys.exit(1)


def _at(link_id: int, moment: datetime) -> str:
    return str(_("link %(link)s of %(at)s", link=link_id, at=show_moment(moment)))


def _chain_faults(since: str) -> Iterator[str]:
    with progress(_("Links verified")) as show:
        for looked in verify(db.session, since=since):
            db.session.rollback()  # nobody waits for us
            show(looked.done, looked.total)
            yield from map(fault_words, looked.faults)


def _book_faults() -> Iterator[str]:
    with progress(_("Transfers checked")) as show:
        for checked in check(db.session):
            db.session.rollback()
            show(checked.done, checked.total)
            yield from map(disagreement_words, checked.found)


def _tell_tail() -> None:
    tails: Sequence[str] = [f"{tail.table} {tail.rows}" for tail in unsealed(db.session)]
    click.echo(_("Not sealed yet: %(rows)s", rows=", ".join(tails) or _("no row")))


def _tell_head() -> None:
    newest = head(db.session)
    if newest:
        click.echo(_("The chain ends at %(end)s: %(hash)s", end=_at(newest.id, newest.sealed_at), hash=newest.hash))
