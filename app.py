"""Composition root: builds the app; lists every blueprint, command and job."""

from __future__ import annotations

from flask import Flask

from kernel import cli as kernel_cli
from kernel import database, jobs, logs, web
from kernel.health import health
from kernel.languages import languages
from kernel.settings import ROOT, Settings, from_environment
from office.cli import seed_command
from orders import tracking
from orders.cli import orders as order_commands
from orders.desk.views import desk_orders
from orders.payments import jobs as payment_jobs
from orders.payments.cli import payments as payment_commands
from orders.payments.feeds.views import statements
from orders.payments.views import desk
from orders.views import orders as order_pages
from orders.wording import told
from people import sessions
from people.views import people
from shop.views import basket, shop
from suppliers import jobs as supplier_jobs
from suppliers.cli import dispatch_command
from suppliers.desk.views import rounds
from suppliers.tracking import parcel_stages
from suppliers.views import suppliers as supplier_pages

BLUEPRINTS = (
    health,
    languages,
    people,
    shop,
    basket,
    order_pages,
    desk,
    desk_orders,
    statements,
    rounds,
    supplier_pages,
)
JOBS = (payment_jobs, supplier_jobs)
"""A jobs module registers its jobs by being imported."""

COMMANDS = (
    kernel_cli.database,
    kernel_cli.worker,
    order_commands,
    payment_commands,
    dispatch_command,
    seed_command,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole program, for the given settings or those of the environment."""
    settings = settings or from_environment()
    app = Flask("market", root_path=str(ROOT), instance_path=str(settings.instance))
    app.extensions["settings"] = settings
    logs.install(app, settings.log_level)
    database.install(app, settings)
    web.install(app, settings)
    sessions.install(app)
    jobs.install(app, settings)
    tracking.tells_of_parcels(parcel_stages)
    app.jinja_env.filters["told"] = told
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
