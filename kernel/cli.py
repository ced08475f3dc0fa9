"""Shell commands of the kernel: the database's migrations and the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from huey import Huey

from kernel.database import db
from kernel.jobs import beat
from kernel.settings import ROOT

if TYPE_CHECKING:
    from alembic.config import Config

database = AppGroup("db", help="Migrate the database that DATABASE_URL names.")


def _config() -> Config:
    from alembic.config import Config  # late: it costs every command half a second, and few migrate

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the tables to REVISION (default: the newest)."""
    from alembic import command

    command.upgrade(_config(), revision)
    click.echo(_("The database is up to date."))


@database.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the tables back to REVISION."""
    from alembic import command

    command.downgrade(_config(), revision)


@database.command("current")
def current() -> None:
    """Print the revision that the database is at."""
    from alembic import command

    command.current(_config())


@database.command("revision")
@click.option("-m", "--message", required=True)
def revision(message: str) -> None:
    """Write a migration from what the models have that the database lacks."""
    from alembic import command

    command.revision(_config(), message=message, autogenerate=True)


@click.command("worker")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 32))
@with_appcontext
def worker(threads: int) -> None:
    """Do background work until stopped."""
    beat(db.session)
    db.session.commit()
    huey: Huey = current_app.extensions["huey"]
    consumer = huey.create_consumer(workers=threads, worker_type="thread", check_worker_health=True)
    consumer.run()
