"""Shell commands of the office."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from kernel.database import db
from office.seed import keep_accounts, seed
from people.queries import suppliers


@click.command("seed")
@click.option("--if-empty", is_flag=True, help="Say so and do nothing where there is a city already.")
@with_appcontext
def seed_command(*, if_empty: bool) -> None:
    """Put the demo city into an empty database; its sign-ins go to instance/demo-accounts.json."""
    if suppliers(db.session):
        if not if_empty:
            raise click.ClickException(_("There is a city in this database already. Nothing was changed."))
        click.echo(_("There is a city in this database already."))
        return
    passwords = seed(db.session)
    db.session.commit()
    path = current_app.extensions["settings"].instance / "demo-accounts.json"
    keep_accounts(path, passwords)
    click.echo(_("The demo city is ready. Sign-ins: %(path)s", path=path))
