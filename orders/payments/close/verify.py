"""Whether the seals still are what was sealed: each snapshot's hash, each account's chain, the sums beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel.web import show_day
from orders.payments.close.minute import fingerprint
from orders.payments.close.models import DaySeal
from orders.payments.close.queries import all_seals
from orders.payments.feeds.queries import accounts


@dataclass(frozen=True, slots=True)
class Looked:
    """One seal looked at, and what is wrong with it, in words; "" if nothing is."""

    seal: DaySeal
    fault: str


def verify(session: Session) -> Iterator[Looked]:
    """Every seal of every account, along its chain. That the newest are gone, only a printed hash can tell."""
    for account in accounts(session):
        number, previous = 0, ""
        while seals := all_seals(session, account.id, number):
            for seal in seals:
                yield Looked(seal, _fault(seal, number + 1, previous))
                number, previous = seal.number, seal.sha256
                session.expunge(seal)  # with its snapshot


def _fault(seal: DaySeal, number: int, previous: str) -> str:
    if fingerprint(seal.snapshot) != seal.sha256:
        return str(_("its content is not what its hash says: it was changed after it was sealed"))
    if seal.number != number:
        return str(_("the seal before it is missing"))
    if seal.previous != previous:
        return str(_("it does not name the seal before it: one of the two was changed"))
    differing = [name for name, value in _columns(seal).items() if getattr(seal, name) != value]
    if differing:
        return str(_("its row says otherwise than its content: %(columns)s", columns=", ".join(differing)))
    return ""


def _columns(seal: DaySeal) -> dict[str, Any]:
    """What the row has to say, by the snapshot."""
    sealed, balances = seal.snapshot["seal"], seal.snapshot["balances"]
    told = {name: sealed[name] for name in ("version", "number", "previous", "by", "because")}
    sums = {"opening": "opening", "incoming": "in", "outgoing": "out", "closing": "closing", "stated": "stated"}
    return told | {column: balances[name] for column, name in sums.items()}


def named(seal: DaySeal) -> str:
    """A seal as people speak of it."""
    return str(
        _(
            "%(account)s, %(day)s, version %(version)s (seal %(number)s)",
            account=f"{seal.account.bank_code}:{seal.account.number}",
            day=show_day(seal.day),
            version=seal.version,
            number=seal.number,
        )
    )
