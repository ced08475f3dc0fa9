"""The ledger at the desk: what each account holds where, its movements by day, and each transfer's way."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from kernel.chain.queries import head
from kernel.database import db
from kernel.errors import NotFound
from kernel.paging import page_of, screen_of
from orders.payments.books.flow import parts_of, steps_of, stripes
from orders.payments.books.queries import PLACES, codes_of, days_of, movements, sums_of_accounts
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import accounts as every_account
from orders.payments.models import Transfer
from orders.payments.queries import desk_events_of, live_allocations, postings_of
from people.models import Role
from people.sessions import requires

ledger = Blueprint("ledger", __name__, url_prefix="/desk/ledger")

SHOWN = ("", "in", "out", *(place.value for place in PLACES))


@ledger.route("")
@requires(Role.OFFICE)
def index() -> ResponseReturnValue:
    """Every account by place, and one account's movements by day."""
    accounts = every_account(db.session)
    chosen, show = _chosen(list(accounts)), _show()
    screen = screen_of(
        lambda most, skip: movements(db.session, chosen.id, show, most=most, skip=skip) if chosen else []
    )
    days = {day: list(rows) for day, rows in groupby(screen.rows, key=lambda row: row.booked_on)}
    return render_template(
        "desk/ledger.html",
        accounts=accounts,
        sums=sums_of_accounts(db.session),
        chosen=chosen,
        show=show,
        days=days,
        day_sums=days_of(db.session, chosen.id, days.keys()) if chosen else {},
        screen=screen,
        head=head(db.session),
    )


def _chosen(accounts: list[BankAccount]) -> BankAccount | None:
    """The account that the address names, else the one that residents pay to."""
    asked = request.args.get("account", 0, type=int)
    named = [account for account in accounts if account.id == asked]
    if asked and not named:
        raise NotFound(_("There is no such account."))
    return next(iter(named or sorted(accounts, key=lambda account: not account.receives)), None)


def _show() -> str:
    show = request.args.get("show", "")
    return show if show in SHOWN else ""


@ledger.route("/transfers/<int:transfer_id>")
@requires(Role.OFFICE)
def way(transfer_id: int) -> ResponseReturnValue:
    """Where a transfer's đồng are, as a picture and a table, and how they came there."""
    transfer = db.session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound(_("There is no such transfer."))
    parts = parts_of(transfer, live_allocations(db.session, transfer.id))
    postings = postings_of(db.session, transfer.id)
    codes = codes_of(db.session, {each.order_id for each in postings if each.order_id})
    return render_template(
        "desk/way.html",
        transfer=transfer,
        stripes=stripes(parts),
        parts=page_of(parts),
        steps=page_of(steps_of(postings, desk_events_of(db.session, transfer.id), codes)),
    )
