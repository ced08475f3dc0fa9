"""What stands in a day's minute: balances, every movement in its place, what is open and what is settled since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from kernel import clock
from orders.payments.close.models import DaySeal
from orders.payments.close.moved.queries import (
    as_they_stand,
    came_in,
    debits_as_they_stand,
    reasons_aside,
    reasons_of,
    statements_that_say,
    told_of,
    went_out,
)
from orders.payments.close.queries import seal_before, seal_of
from orders.payments.close.stated import Stated, stated
from orders.payments.feeds.models import BankAccount
from orders.payments.models import DebitKind

Minute = dict[str, Any]
"""JSON values alone: days in ISO form, whole đồng."""
Movement = dict[str, Any]

PLACES = ("allocated", "credit", "refund_due", "refunded", "aside", "waiting")
"""Where money that came in can lie. ``waiting``: nobody has decided yet; the minute names it as open."""
_EXACT = timedelta(minutes=1)


def gather(session: Session, account: BankAccount, day: date) -> Minute:
    """The minute of a day as it would be sealed now."""
    was, before = seal_of(session, account.id, day), seal_before(session, account.id, day)
    known = _known(was)
    coming = _arrived(came_in(session, account.id, day), reasons_aside(session, account.id, day), known)
    going = [_left(row, known) for row in went_out(session, account.id, day)]
    bank = _bank_says(session, account.id, day)
    minute = {
        "account": {"bank": account.bank_code, "number": account.number, "holder": account.holder},
        "day": day.isoformat(),
        "balances": _balances(_opening(before, was, bank), coming, going, bank),
        "places": {place: _sum(coming, place) for place in PLACES},
        "out": {kind.value: _sum([each for each in going if each["kind"] == kind], "amount") for kind in DebitKind},
        "coming": coming,
        "going": going,
        "before": _since(session, before.snapshot if before else None),
    }
    return minute | {"changes": _changes(was, minute)}


def _bank_says(session: Session, account_id: int, day: date) -> Stated | None:
    told = told_of(session, account_id, day)
    return stated(day, told, statements_that_say(session, {each.statement_id for each in told}))


def _known(was: DaySeal | None) -> set[tuple[str, int]] | None:
    """What the version before has; None if there is none."""
    return {(each["side"], each["id"]) for each in movements(was.snapshot)} if was else None


def movements(minute: Minute) -> list[Movement]:
    """All that moved on the day, what came in first."""
    return [*minute["coming"], *minute["going"]]


def _arrived(
    rows: Iterable[Any], reasons: Mapping[int, str], known: set[tuple[str, int]] | None = None
) -> list[Movement]:
    """Transfers from their rows, one for each order that they pay."""
    return [
        _transfer([first, *others], reasons, known) for _key, (first, *others) in groupby(rows, key=attrgetter("id"))
    ]


def _transfer(rows: Sequence[Any], reasons: Mapping[int, str], known: set[tuple[str, int]] | None) -> Movement:
    row = rows[0]
    places = {
        "allocated": row.allocated,
        "credit": row.credit,
        "refund_due": row.refund_due,
        "refunded": row.refunded,
        "aside" if row.set_aside else "waiting": row.unplaced,
    }
    return {
        **_facts("in", row, row.payer_name, known),
        **{place: amount for place, amount in places.items() if amount},
        "orders": [[each.code, each.share] for each in rows if each.share],
        "why": reasons.get(row.id, ""),
    }


def _left(row: Any, known: set[tuple[str, int]] | None = None) -> Movement:
    return {**_facts("out", row, row.payee_name, known), "kind": row.kind.value, "why": row.because}


def _facts(side: str, row: Any, who: str, known: set[tuple[str, int]] | None) -> Movement:
    told = {
        "side": side,
        "id": row.id,
        "day": row.booked_on.isoformat(),
        "time": _hour(row.booked_on, row.earliest, row.latest),
        "amount": row.amount,
        "reference": row.reference,
        "memo": row.memo,
        "who": who,
    }
    return told | {"late": True} if known is not None and (side, row.id) not in known else told


def _hour(day: date, earliest: datetime, latest: datetime) -> str:
    """The hour where the bank tells one that lies within the day."""
    exact = latest - earliest < _EXACT and clock.local(earliest).date() == day
    return clock.local(earliest).strftime("%H:%M") if exact else ""


def _sum(those: Iterable[Movement], place: str) -> dict[str, int]:
    amounts = [each[place] for each in those if each.get(place)]
    return {"many": len(amounts), "amount": sum(amounts)}


def _opening(before: DaySeal | None, was: DaySeal | None, bank: Stated | None) -> tuple[int | None, str, str]:
    """With what the day begins, how that is known, and why somebody typed it. Never guessed."""
    if before is not None:
        return before.closing, "seal", ""
    kept = was.snapshot["balances"] if was else {}
    if kept.get("opening_from") == "typed":
        return kept["opening"], "typed", kept["opening_because"]
    if bank and bank.opening is not None:
        return bank.opening, "bank", ""
    return kept.get("opening"), kept.get("opening_from", ""), ""


def _balances(
    opening: tuple[int | None, str, str],
    coming: Sequence[Movement],
    going: Sequence[Movement],
    bank: Stated | None,
) -> dict[str, Any]:
    amount, origin, because = opening
    found = {
        "opening_from": origin,
        "opening_because": because,
        "in": sum(each["amount"] for each in coming),
        "out": sum(each["amount"] for each in going),
        "stated": bank.closing if bank else None,
        "stated_by": bank.filename if bank else "",
    }
    return _from(found, amount)


def _from(balances: Mapping[str, Any], opening: int | None) -> dict[str, Any]:
    closing = None if opening is None else opening + balances["in"] - balances["out"]
    stated_closing = balances["stated"]
    difference = 0 if closing is None or stated_closing is None else stated_closing - closing
    return {**balances, "opening": opening, "closing": closing, "difference": difference}


def opened_with(minute: Minute, amount: int, because: str) -> Minute:
    """The minute with an opening balance that somebody typed, because nothing states one."""
    typed = {**minute["balances"], "opening_from": "typed", "opening_because": because}
    return {**minute, "balances": _from(typed, amount)}


def still_open(minute: Minute) -> list[Movement]:
    """What is named as open: money in that waits for a decision, money out that nobody has explained."""
    return [each for each in movements(minute) if is_open(each)]


def is_open(movement: Movement) -> bool:
    return bool(movement.get("waiting")) or movement.get("kind") == DebitKind.UNEXPLAINED


def _since(session: Session, earlier: Minute | None) -> dict[str, list[Movement]]:
    """What was open when the day before was sealed: what has become of it, and what is open still."""
    were = [*earlier["before"]["still"], *still_open(earlier)] if earlier else []
    ids = {side: [each["id"] for each in were if each["side"] == side] for side in ("in", "out")}
    now = as_they_are(session, ids["in"], ids["out"])
    return {
        "settled": [each for each in now if not is_open(each)],
        "still": [each for each in now if is_open(each)],
    }


def as_they_are(session: Session, transfers: Sequence[int], debits: Sequence[int]) -> list[Movement]:
    """These movements as they stand now, whatever their day."""
    came = _arrived(as_they_stand(session, transfers), reasons_of(session, transfers)) if transfers else []
    return came + ([_left(row) for row in debits_as_they_stand(session, debits)] if debits else [])


def _changes(was: DaySeal | None, minute: Minute) -> dict[str, Any] | None:
    """What differs from the version before: movements that came late, balances that moved."""
    if was is None:
        return None
    balances = was.snapshot["balances"]
    return {
        "version": was.version,
        "sha256": was.sha256,
        "added": sum("late" in each for each in movements(minute)),
        "opening": balances["opening"],
        "closing": balances["closing"],
    }


def fingerprint(minute: Minute) -> str:
    """SHA-256 of the minute in canonical form (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(minute, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
