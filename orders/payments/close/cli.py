"""Shell commands of the close: ``flask close 2021-09-06`` seals, ``flask close verify`` looks whether seals hold."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.money import MoneyFault, format_dong, parse_dong
from kernel.web import show_day
from orders.payments.close.models import DaySeal
from orders.payments.close.seal import Sealer, Typed, next_to_seal, seal
from orders.payments.close.verify import named, verify
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import account_at, accounts
from people.models import Role
from people.queries import staff_named


class _DayFirst(AppGroup):
    """A group that takes a day for the command that closes it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["day", *args])


close = _DayFirst("close", help="Close days: flask close DAY, or flask close verify.")


@close.command("day")
@click.argument("day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]))
@click.option("--account", default="", help="BANK:NUMBER; without it every account in use is closed.")
@click.option("--by", default="shell", show_default=True, help="Who closes, by the name that they sign in with.")
@click.option("--because", default="", help="Why the day is sealed over a difference: a head of the office only.")
@click.option("--opening", default="", help="The opening balance, where no statement states it, in whole đồng.")
@click.option("--opening-because", default="", help="Where that balance stands.")
def day_command(day: datetime, account: str, by: str, because: str, **opening: str) -> None:
    """Seal DAY and every day before it that is not closed, in the order of the days."""
    try:
        sealer, typed = _sealer(by, because), _typed(**opening)
        for each in _chosen(account):
            _close(each, day.date(), sealer, typed)
    except MarketError as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)
    finally:
        db.session.rollback()


def _close(account: BankAccount, until: date, sealer: Sealer, typed: Typed | None) -> None:
    """Each day is committed by itself: what is sealed stays so, whatever the next one is refused for."""
    while (day := next_to_seal(db.session, account.id, until)) is not None:
        made = seal(db.session, account.id, day, sealer, typed=typed)
        db.session.commit()
        click.echo(_told(made))


def _told(made: DaySeal) -> str:
    return str(
        _(
            "%(account)s, %(day)s, version %(version)s: "
            "%(opening)s + %(incoming)s − %(outgoing)s = %(closing)s. %(hash)s",
            account=f"{made.account.bank_code}:{made.account.number}",
            day=show_day(made.day),
            version=made.version,
            opening=format_dong(made.opening),
            incoming=format_dong(made.incoming),
            outgoing=format_dong(made.outgoing),
            closing=format_dong(made.closing),
            hash=made.sha256,
        )
    )


def _sealer(by: str, because: str) -> Sealer:
    if by == "shell":
        return Sealer("shell", "shell", clock.now())
    found = staff_named(db.session, by)
    if found is None or found.role is not Role.OFFICE or not found.active:
        raise NotFound(_("Nobody of the office signs in as %(name)s.", name=by))
    return Sealer(found.username, found.name, clock.now(), found.manages, because)


def _typed(opening: str, opening_because: str) -> Typed | None:
    if not opening:
        return None
    if not opening_because:
        raise click.UsageError(_("Say with --opening-because where the opening balance stands."))
    try:
        return Typed(parse_dong(opening), opening_because)
    except MoneyFault as fault:
        raise click.UsageError(_("--opening is whole đồng, for example 12500000.")) from fault


def _chosen(named_account: str) -> Sequence[BankAccount]:
    if not named_account:
        return [each for each in accounts(db.session) if each.active]
    bank, _colon, number = named_account.partition(":")
    found = account_at(db.session, bank, number)
    if found is None:
        raise NotFound(_("There is no such account."))
    return [found]


@close.command("verify")
def verify_command() -> None:
    """Look whether every seal is what was sealed. Ends with 1 if one is not."""
    looked, faulty = 0, 0
    for each in verify(db.session):
        looked += 1
        if each.fault:
            faulty += 1
            click.echo(f"{named(each.seal)}: {each.fault}", err=True)
    click.echo(_("%(many)s seals looked at, %(faulty)s faulty.", many=looked, faulty=faulty))
    if faulty:
        sys.exit(1)
