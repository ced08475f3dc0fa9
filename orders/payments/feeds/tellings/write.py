"""Tellings written down: which transfer each is, and what is put in quarantine. The caller has locked the account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.bulk import insert_many
from orders.payments.feeds.tellings.models import Doubt, DoubtState, Telling, TellingKey
from orders.payments.feeds.tellings.pairing import Paired, Standing, Why, pair
from orders.payments.feeds.tellings.queries import (
    doubted_before,
    from_statements,
    standing,
    tellings_of,
    told_before,
)
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.models import Place, Posting, Transfer


class Sorted(NamedTuple):
    """Tellings sorted out, each by its key: known transfers, doubts that exist, and how the others pair."""

    known: dict[str, int]
    doubted: dict[str, Doubt]
    paired: Paired


def sort_out(session: Session, account_id: int, feed: Feed, tellings: Sequence[Told]) -> Sorted:
    """What these tellings of one feed are, as far as others have told of it. Changes nothing.

    What is neither known, in doubt nor paired is a transfer of its own.
    """
    keys = [told.key for told in tellings]
    known = told_before(session, account_id, feed, keys)
    doubted = doubted_before(session, account_id, feed, [key for key in keys if key not in known])
    open_ = [told for told in tellings if told.key not in known and told.key not in doubted]
    stands = standing(session, account_id, feed, open_)
    if feed is not Feed.STATEMENT:
        stands += [
            Standing(each.id, as_told(each)) for told in open_ for each in from_statements(session, account_id, told)
        ]
    return Sorted(known, doubted, pair(open_, stands))


def as_told(transfer: Transfer) -> Told:
    """A transfer that its statement told first, as that told it."""
    return Told(
        feed=Feed.STATEMENT,
        key=transfer.identity,
        amount=transfer.amount,
        booked_on=transfer.booked_on,
        earliest=transfer.earliest,
        latest=transfer.latest,
        likely_at=transfer.likely_at,
        reference=transfer.reference,
        memo=transfer.memo,
        payer_name=transfer.payer_name,
        payer_account=transfer.payer_account,
        bank_hint=transfer.bank_hint,
    )


def write_tellings(session: Session, account_id: int, told: Iterable[tuple[Told, int]], *, at: datetime) -> None:
    """Keep who told which transfer, and under which keys it is found again."""
    tellings = {each.key: (each, transfer_id) for each, transfer_id in told}
    rows = [
        {
            "account_id": account_id,
            "feed": each.feed,
            "key": each.key,
            "transfer_id": transfer_id,
            "told": each.to_json(),
            "at": at,
        }
        for each, transfer_id in tellings.values()
    ]
    made = insert_many(session, Telling, rows, returning=("id", "key"), if_new=True)
    keys = [
        {"account_id": account_id, "key": key, "booked_on": tellings[row.key][0].booked_on, "telling_id": row.id}
        for row in made
        for key in tellings[row.key][0].keys
    ]
    insert_many(session, TellingKey, keys)


def of_statements(session: Session, account_id: int, transfers: Collection[Transfer], *, at: datetime) -> None:
    """Transfers that a statement told first are told by a webhook now: the statement's word stands beside it."""
    write_tellings(session, account_id, [(as_told(each), each.id) for each in transfers], at=at)


def forget_telling(session: Session, account_id: int, feed: Feed, key: str) -> None:
    """It was not this transfer after all. Its keys go with it."""
    same = (Telling.account_id == account_id) & (Telling.feed == feed) & (Telling.key == key)
    session.execute(delete(Telling).where(same))


class Doubtful(NamedTuple):
    """A telling, and which transfers it may be."""

    told: Told
    why: Why
    transfer_ids: Sequence[int]


def raise_doubts(session: Session, account_id: int, doubtful: Sequence[Doubtful], *, at: datetime) -> dict[str, int]:
    """Put tellings in quarantine. Answers the doubts' ids by the tellings' keys."""
    rows = [
        {
            "account_id": account_id,
            "feed": each.told.feed,
            "key": each.told.key,
            "why": each.why,
            "told": each.told.to_json(),
            "transfer_ids": list(each.transfer_ids),
            "state": DoubtState.OPEN,
            "transfer_id": None,
            "raised_at": at,
            "version": 1,
        }
        for each in doubtful
    ]
    return {row.key: row.id for row in insert_many(session, Doubt, rows, returning=("id", "key"))}


def book_transfer(session: Session, account_id: int, told: Told, *, by: str, because: str, at: datetime) -> int:
    """A transfer of its own, its money unplaced. Answers its id."""
    identity = told.key if told.feed is Feed.STATEMENT else f"{told.feed}:{told.key}"
    row = {
        "account_id": account_id,
        "identity": identity,
        **{name: getattr(told, name) for name in _COPIED},
        "unplaced": 0,
        "set_aside": False,
        "by_hand": False,
    }
    ((transfer_id,),) = insert_many(session, Transfer, [row], returning=("id",))
    posting = {"moved_from": Place.BANK, "moved_to": Place.UNPLACED, "amount": told.amount}
    about = {"transfer_id": transfer_id, "by": by, "at": at, "because": because}
    insert_many(session, Posting, [{**about, **posting}])
    return int(transfer_id)


_COPIED = (
    *("booked_on", "earliest", "latest", "likely_at", "amount"),
    *("reference", "memo", "payer_name", "payer_account", "bank_hint"),
)


def place(
    session: Session, account_id: int, told: Told, *, by: str, because: str, at: datetime, besides: Collection[int] = ()
) -> tuple[int, bool]:
    """Find the transfer that this is, none of ``besides``, or book one of its own. Answers its id, and if it is new.

    For what a person has decided: it is not put in doubt again.
    """
    stands = [each for each in _all_standing(session, account_id, told) if each.transfer_id not in besides]
    joined = pair([told], stands).joined.get(told.key)
    transfer_id = joined or book_transfer(session, account_id, told, by=by, because=because, at=at)
    join(session, account_id, told, transfer_id, at=at)
    return transfer_id, joined is None


def may_be(session: Session, doubt: Doubt) -> list[int]:
    """Which transfers the doubt may be as things stand now: others may have been told since, or come in."""
    told = doubt.as_told
    if doubt.why is Why.CHANGED:
        return list(doubt.transfer_ids)
    found = pair([told], _all_standing(session, doubt.account_id, told))
    joined, (_why, doubtful) = found.joined.get(told.key), found.doubtful.get(told.key, (None, []))
    tellers = tellings_of(session, doubt.transfer_ids)
    untold = [i for i in doubt.transfer_ids if doubt.feed not in {each.feed for each in tellers.get(i, ())}]
    return sorted({*untold, *doubtful, *([joined] if joined else [])})


def join(session: Session, account_id: int, told: Told, transfer_id: int, *, at: datetime) -> None:
    """This telling is that transfer. A statement's own word stands beside a webhook's from then on."""
    transfer = session.get_one(Transfer, transfer_id)
    if not transfer.identity.startswith(tuple(f"{feed}:" for feed in Feed)) and transfer.identity != told.key:
        of_statements(session, account_id, [transfer], at=at)
    write_tellings(session, account_id, [(told, transfer_id)], at=at)


def _all_standing(session: Session, account_id: int, told: Told) -> list[Standing]:
    stands = standing(session, account_id, told.feed, [told])
    if told.feed is not Feed.STATEMENT:
        stands += [Standing(each.id, as_told(each)) for each in from_statements(session, account_id, told)]
    return stands
