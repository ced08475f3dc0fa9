"""Shell commands about notices: the log, another try, and a test of one channel."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from kernel.notices.delivery import adapter_for
from kernel.notices.letters import Fault, Letter, Words
from kernel.notices.models import Channel, NoticeState
from kernel.notices.outbox import rules
from kernel.notices.queries import notices_log
from kernel.notices.secrets import refresh_zalo, zalo_access_token
from orders.notices import desk

notices = AppGroup("notices", help="What residents are told by SMS, Zalo, e-mail and push.")

WAYS = [channel.value for channel in Channel if channel not in (Channel.HAND, Channel.PUSH)]


@notices.command("list")
@click.option("--state", type=click.Choice([state.value for state in NoticeState]))
@click.option("--channel", type=click.Choice([channel.value for channel in Channel]))
@click.option("--order", "code", default="", help="Of one order, by its code.")
@click.option("--most", default=40, show_default=True, type=click.IntRange(1, 10_000))
def list_command(state: str | None, channel: str | None, code: str, most: int) -> None:
    """The newest notices: number, time, order, event, channel, state, tries, fault. No addresses, no texts."""
    rows = notices_log(
        db.session,
        state=NoticeState(state) if state else None,
        channel=Channel(channel) if channel else None,
        subject=code.upper(),
        most=most,
    )
    for row in rows:
        told = clock.local(row.created_at).isoformat(timespec="seconds")
        click.echo(
            "\t".join(map(str, (row.id, told, row.subject, row.event, row.channel, row.state, row.attempts, row.fault)))
        )


@notices.command("retry")
@click.argument("numbers", nargs=-1, type=int)
def retry_command(numbers: tuple[int, ...]) -> None:
    """Send notices that failed once more: those of NUMBERS, or all (500 at once)."""
    again = desk.retry_all(db.session, at=clock.now(), only=numbers)
    db.session.commit()
    click.echo(_("%(many)s notices are sent again.", many=len(again)))


@notices.command("test")
@click.argument("channel", type=click.Choice(WAYS))
@click.argument("address")
@click.option("--event", default="placed", show_default=True, help="Whose template is used, for Zalo.")
def test_command(channel: str, address: str, event: str) -> None:
    """Send a test message by CHANNEL to ADDRESS (a phone, an e-mail address, user:NUMBER at Zalo), now."""
    words = Words(_("A test"), _("Đi Chợ Thay: this is a test. You need not do anything."))
    sample = {"code": "DC2222222", "total": "100.000 ₫", "owed": "100.000 ₫", "paid": "0 ₫", "link": rules().public_url}
    sample |= {"deadline": "21:00 31/12", "delivery": "31/12", "amount": "0 ₫", "reason": "-", "hotline": "1022"}
    letter = Letter(secrets.token_hex(16), event, address, words, sample)
    try:
        _refresh(Channel(channel))
        receipt = adapter_for(db.session, Channel(channel))(letter)
    except Fault as fault:
        raise click.ClickException(_("Not sent: %(code)s", code=fault.code)) from fault
    click.echo(_("Sent. The gateway calls it %(receipt)s.", receipt=receipt or "-"))


def _refresh(channel: Channel) -> None:
    account = rules().zalo
    if channel is Channel.ZALO and account and zalo_access_token(db.session, account) is None:
        for _step in refresh_zalo(db.session, account, seconds=rules().timeout):
            db.session.commit()
