"""Shell commands of the payments: import a statement, write down the decisions, rehearse the matcher on files."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from kernel.garbage import no_search
from kernel.money import format_dong
from kernel.progress import progress
from orders.payments.decisions import COLUMNS, decision_rows
from orders.payments.explain import explain
from orders.payments.fault_words import faults_told
from orders.payments.feeds.accounts import choose_account
from orders.payments.feeds.asking.queries import remembered
from orders.payments.feeds.balance import BalanceState, balances
from orders.payments.feeds.booking import Preview, keep, preview
from orders.payments.feeds.models import StatementImport
from orders.payments.feeds.read import read_statement
from orders.payments.feeds.report import balance_words, refusal_words
from orders.payments.fit_cli import fit_command
from orders.payments.helpers import answers
from orders.payments.progress import phase_words
from orders.payments.queries import transfers_named
from orders.payments.rehearsal_cli import match_command
from orders.payments.take_in import Phase, Progress, take_in
from orders.payments.written import written_whole

payments = AppGroup("payments", help="Bank statements, the matcher, and what it decided.")
payments.add_command(fit_command)
payments.add_command(match_command)


@payments.command("import")
@click.argument("statement", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", default="", help="BANK:NUMBER, where the file does not say whose statement it is.")
@click.option("--dry-run", is_flag=True, help="Show what would be booked, change nothing.")
def import_command(statement: Path, account: str, *, dry_run: bool) -> None:
    """Book a bank statement and match it against the open orders. A second run continues a broken one."""
    try:
        with no_search():
            if begun := _begin(statement, account, dry_run=dry_run):
                _finish(*begun)
    except MarketError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    finally:
        db.session.rollback()


def _begin(file: Path, account: str, *, dry_run: bool) -> tuple[StatementImport, Iterator[Progress]] | None:
    """Tell what booking the file would do, and keep what it says, unless nothing is to be changed."""
    mappings = remembered(db.session)
    db.session.rollback()
    read = read_statement(file, filename=file.name, mappings=mappings)
    seen = preview(db.session, read, choose_account(db.session, read, account))
    _tell(seen)
    if dry_run:
        click.echo(_("Nothing was changed (--dry-run)."))
        return None
    kept = keep(db.session, seen, filename=file.name, by="shell", at=clock.now())
    return kept, take_in(db.session, kept, at=clock.now(), statement=read)


def _tell(seen: Preview) -> None:
    for refusal in seen.statement.refusals:
        click.echo(refusal_words(refusal), err=True)
    balance = balances(seen.statement)
    click.echo(
        _(
            "%(account)s: %(fresh)s new transfers (%(amount)s), %(known)s known, "
            "%(outgoing)s outgoing, %(refused)s refused.",
            account=f"{seen.account.bank_code}:{seen.account.number}",
            fresh=len(seen.fresh),
            amount=format_dong(seen.amount),
            known=len(seen.known),
            outgoing=len(seen.outgoing),
            refused=len(seen.statement.refusals),
        )
    )
    if seen.statement.left_out:
        click.echo(
            _("%(count)s entries are left out: the bank has not booked them yet.", count=seen.statement.left_out)
        )
    click.echo(balance_words(balance), err=balance.state is BalanceState.DIFFERS)


def _finish(kept: StatementImport, taken: Iterator[Progress]) -> None:
    decided = 0
    for phase, steps in groupby(taken, key=attrgetter("phase")):
        with progress(phase_words(phase)) as show:
            for step in steps:
                db.session.commit()
                show(step.done, step.total)
                decided = step.done if phase is Phase.MATCHING else decided
    db.session.commit()
    click.echo(
        _("Booked %(new)s, known %(known)s; %(matched)s decided.", new=kept.new, known=kept.known, matched=decided)
    )


@payments.command("decisions")
@click.option("--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
def decisions_command(out: Path) -> None:
    """Write what was decided on every transfer to a CSV, all of it or nothing."""
    with faults_told(), written_whole(out) as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(decision_rows(db.session))


@payments.command("explain")
@click.argument("transfer")
def explain_command(transfer: str) -> None:
    """Why TRANSFER (its number at the desk, or the bank's reference) was decided so, and where its money is."""
    found = transfers_named(db.session, transfer)
    if not found:
        click.echo(_("There is no transfer %(named)s.", named=transfer), err=True)
        sys.exit(2)
    for number, each in enumerate(found):
        if number:
            click.echo()
        for line in explain(db.session, each):
            click.echo(line)


@payments.command("match-pieces", hidden=True)
def match_pieces_command() -> None:
    """Match pieces of a large run for another process, which asks on stdin and is answered on stdout."""
    with suppress(BrokenPipeError):
        for line in answers(db.session, sys.stdin):
            db.session.commit()
            click.echo(line)
