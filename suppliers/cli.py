"""Shell commands of the suppliers package."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError
from shop.models import Round
from shop.queries import all_rounds, round_named
from suppliers.dispatch import dispatch


@click.command("dispatch")
@click.option("--round", "name", help="The round's name (default: the oldest that has not left).")
@click.option("--because", default="", help="Why it should leave before its time, or without its statements.")
@with_appcontext
def dispatch_command(name: str | None, because: str) -> None:
    """Send a round's paid orders to their suppliers and print the manifests' numbers."""
    delivery = _find(name)
    try:
        manifests = dispatch(
            db.session,
            delivery,
            at=clock.now(),
            by="shell",
            patience=current_app.extensions["settings"].feed_patience,
            override=because,
        )
    except MarketError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    for manifest in manifests:
        click.echo(f"{manifest.number}\t{len(manifest.snapshot['stops'])}\t{manifest.snapshot['amount']}")


def _find(name: str | None) -> Round:
    if name is not None:
        found = round_named(db.session, name)
    else:
        waiting = [delivery for delivery in all_rounds(db.session) if delivery.dispatched_at is None]
        found = min(waiting, key=lambda delivery: delivery.last_close, default=None)
    if found is None:
        raise click.ClickException(_("There is no such delivery round."))
    return found
