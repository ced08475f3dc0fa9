"""Composition root: builds the app; lists every blueprint, command and job."""

from __future__ import annotations

from flask import Flask

import orders.payments.models
import suppliers.models  # noqa: F401
from kernel import cli as kernel_cli
from kernel import database, jobs, logs, web
from kernel.health import health
from kernel.settings import ROOT, Settings, from_environment

BLUEPRINTS = (health,)
COMMANDS = (kernel_cli.database, kernel_cli.worker)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole program, for the given settings or those of the environment."""
    settings = settings or from_environment()
    app = Flask("market", root_path=str(ROOT), instance_path=str(settings.instance))
    app.extensions["settings"] = settings
    logs.install(app, settings.log_level)
    database.install(app, settings)
    web.install(app, settings)
    jobs.install(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
