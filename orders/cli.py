"""Shell commands of the orders package."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from orders.imports import Report, import_orders
from shop.models import Round
from shop.queries import round_named, rounds_taking_orders

orders = AppGroup("orders", help="Orders taken elsewhere.")


@orders.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--round", "name", help="The delivery round that they join (default: the next one).")
@click.option("--dry-run", is_flag=True, help="Show what would enter, change nothing.")
def import_command(file: Path, name: str | None, *, dry_run: bool) -> None:
    """Bring in the orders of FILE. Bad rows are listed with line and reason, good ones enter, twice is once."""
    report = Report()
    try:
        delivery = _round(name)
        window = current_app.extensions["settings"].payment_window
        for report in import_orders(db.session, file, delivery=delivery, at=clock.now(), window=window):
            if not dry_run:
                db.session.commit()
            _progress(report)
    except MarketError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    finally:
        db.session.rollback()
    _tell(report, delivery, dry_run=dry_run)


def _round(name: str | None) -> Round:
    if name is not None:
        found = round_named(db.session, name)
    else:
        found = next(iter(rounds_taking_orders(db.session, clock.now())), None)
    if found is None:
        raise MarketError(_("There is no such delivery round, or none takes orders now."))
    return found


def _progress(report: Report) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{report.entered + report.known + len(report.refused)} …", nl=False, err=True)


def _tell(report: Report, delivery: Round, *, dry_run: bool) -> None:
    for fault in sorted(report.refused, key=lambda fault: fault.line):
        click.echo(_("line %(line)s: %(reason)s", line=fault.line, reason=fault.reason), err=True)
    click.echo(
        _(
            "%(entered)s orders entered round “%(round)s”, %(known)s were here already, %(refused)s rows refused.",
            entered=report.entered,
            round=delivery.name,
            known=report.known,
            refused=len(report.refused),
        )
    )
    if report.beyond:
        click.echo(_("%(beyond)s parcels go beyond the round's capacity.", beyond=report.beyond))
    if dry_run:
        click.echo(_("Nothing was changed (--dry-run)."))
