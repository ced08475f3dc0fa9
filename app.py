"""Composition root: builds the app; lists every blueprint, command and job."""

from __future__ import annotations

from flask import Flask

from kernel import cli as kernel_cli
from kernel import database, jobs, logs, web
from kernel.chain import evidence
from kernel.chain import jobs as chain_jobs
from kernel.health import health
from kernel.languages import languages
from kernel.notices import delivery, outbox
from kernel.settings import ROOT, Settings, from_environment
from office import styleguide
from office.admin.views import admin
from office.announcements.views import announcements
from office.audit.cli import audit as audit_commands
from office.audit.evidence import EVIDENCE
from office.cli import seed_command
from office.retention import jobs as retention_jobs
from orders import tracking
from orders.again.views import again
from orders.amiss.told import tells_of_complaints
from orders.cli import orders as order_commands
from orders.deadlines.views import deadlines
from orders.desk.closes.views import closes
from orders.desk.groups import desk_groups
from orders.desk.loudspeaker import loudspeaker
from orders.desk.rota.views import rota
from orders.desk.rounds.views import plans
from orders.desk.views import desk_orders
from orders.desk.wards.views import ward_desk
from orders.doors import tells_of_doors
from orders.groups import jobs as group_jobs
from orders.groups.views import groups
from orders.notices import jobs as notice_jobs
from orders.notices import offers
from orders.notices.cli import notices as notice_commands
from orders.notices.judging import overtaken
from orders.notices.views import notices, tell_me
from orders.notices.wording import EVENTS, fault_words, fields, words
from orders.payments import jobs as payment_jobs
from orders.payments.accounts.views import accounts
from orders.payments.books.views import ledger
from orders.payments.claims import jobs as claim_jobs
from orders.payments.claims.views import claims
from orders.payments.cli import payments as payment_commands
from orders.payments.close import jobs as close_jobs
from orders.payments.close.cli import close as close_commands
from orders.payments.close.views import closing
from orders.payments.credit.views import credit
from orders.payments.feeds.asking import jobs as mapping_jobs
from orders.payments.feeds.asking.views import mappings
from orders.payments.feeds.hooks import jobs as hook_jobs
from orders.payments.feeds.hooks.views import hooks
from orders.payments.feeds.tellings.views import quarantine
from orders.payments.feeds.views import statements
from orders.payments.giving_up.views import giving_up
from orders.payments.late.views import late
from orders.payments.refunds.batches.views import batches
from orders.payments.refunds.debits.views import debits
from orders.payments.refunds.proposing.views import paying_back
from orders.payments.refunds.views import refunds
from orders.payments.views import desk
from orders.receipts.views import receipts
from orders.short.told import tells_of_shortages
from orders.short.views import if_short
from orders.views import orders as order_pages
from orders.waiting import jobs as waiting_jobs
from orders.waiting import line
from orders.waiting.views import waiting
from orders.wording import is_typed, told
from people import sessions
from people.desk.views import staff
from people.views import people
from shop.desk.combos.views import combos
from shop.desk.prices.views import prices
from shop.desk.suppliers.views import firms
from shop.offline import offline
from shop.views import basket, shop
from suppliers import jobs as supplier_jobs
from suppliers import parcels
from suppliers.api import jobs as api_jobs
from suppliers.api import views as api
from suppliers.api.docs.spec import RESOURCES
from suppliers.api.docs.views import api_docs
from suppliers.api.tokens.views import tokens
from suppliers.cli import dispatch_command
from suppliers.complaints.answering.views import supplier_complaints
from suppliers.complaints.at_the_door import short_at_the_door
from suppliers.complaints.told import told_of_complaints
from suppliers.complaints.views import complaints
from suppliers.couriers.accounts.views import couriers_accounts
from suppliers.couriers.passes.views import passes
from suppliers.couriers.views import couriers
from suppliers.desk.complaints.views import desk_complaints
from suppliers.desk.deliveries.views import desk_deliveries
from suppliers.desk.purchases.views import desk_purchases
from suppliers.desk.scores.views import desk_scores
from suppliers.desk.settlements.views import desk_settlements
from suppliers.desk.shortages.views import desk_shortages
from suppliers.desk.views import rounds
from suppliers.door import keep as door
from suppliers.door.phone import courier_phone
from suppliers.door.resident import doorstep, told_at_doors
from suppliers.door.views import courier
from suppliers.downloads.views import downloads
from suppliers.notices.wording import with_suppliers
from suppliers.purchase import jobs as purchase_jobs
from suppliers.purchase.views import purchases
from suppliers.runs import jobs as run_jobs
from suppliers.runs.views import runs as run_pages
from suppliers.scores import jobs as score_jobs
from suppliers.scores.views import scores
from suppliers.settlement import jobs as settlement_jobs
from suppliers.settlement.views import settlements
from suppliers.shortages import jobs as shortage_jobs
from suppliers.shortages.calls import nobody_reached
from suppliers.shortages.told import told_of_shortages
from suppliers.shortages.views import shortages
from suppliers.tracking import parcel_stages
from suppliers.views import suppliers as supplier_pages

BLUEPRINTS = (
    *(health, languages, people, shop, basket, offline, order_pages, tell_me, claims, again, waiting),
    *(deadlines, if_short, groups, credit, giving_up, late, receipts, hooks),
    *(desk, desk_orders, desk_groups, statements, mappings, quarantine, refunds, paying_back, batches, debits),
    *(closing, ledger, rounds, loudspeaker, announcements, notices, supplier_pages, downloads),
    *(purchases, desk_purchases, shortages, desk_shortages, settlements, desk_settlements),
    *(admin, combos, prices, plans, closes, ward_desk, rota, firms, staff, accounts),
    *(courier, courier_phone, run_pages, couriers, couriers_accounts, passes),
    *(desk_deliveries, doorstep),
    *(complaints, desk_complaints, supplier_complaints, scores, desk_scores),
    *(tokens, api_docs, *RESOURCES),
)
JOBS = (
    *(payment_jobs, mapping_jobs, hook_jobs, claim_jobs, close_jobs, chain_jobs),
    *(supplier_jobs, run_jobs, purchase_jobs, shortage_jobs, settlement_jobs, api_jobs, score_jobs),
    *(waiting_jobs, group_jobs, notice_jobs, delivery, retention_jobs),
)
"""A jobs module registers its jobs by being imported."""

COMMANDS = (
    kernel_cli.database,
    kernel_cli.worker,
    order_commands,
    payment_commands,
    close_commands,
    notice_commands,
    dispatch_command,
    audit_commands,
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
    evidence.install(app, EVIDENCE)
    api.install(app)
    tracking.tells_of_parcels(parcel_stages)
    tells_of_shortages(told_of_shortages)
    tells_of_doors(told_at_doors)
    tells_of_complaints(told_of_complaints)
    parcels.when_handed_over(nobody_reached)
    door.when_counted(short_at_the_door)
    line.tells_of_offers(offers.place_kept)
    residents = outbox.Trade(words=words, fields=fields, overtaken=overtaken, titles=EVENTS)
    outbox.install(app, with_suppliers(residents))
    app.jinja_env.filters.update(told=told, notice_fault=fault_words)
    app.jinja_env.tests["typed"] = is_typed
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    styleguide.install(app)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app
