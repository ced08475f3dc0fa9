"""Questions about who told what: tellings, what stands to be told again, what is in doubt."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.queries import among
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.tellings.models import Doubt, DoubtEvent, DoubtState, Telling, TellingKey
from orders.payments.feeds.tellings.pairing import Standing
from orders.payments.feeds.tellings.told import Feed, Told
from orders.payments.models import Transfer

_DAY = timedelta(days=1)
_SIGNS = " .-_,/:;()[]+#|&*'\""
_MOST_STANDING = 500


def lock_account(session: Session, account_id: int) -> None:
    """Whoever books into an account takes turns, so that each sees what the one before has booked.

    Not as strong as a lock that would keep others from naming the account in rows of theirs.
    """
    session.execute(select(BankAccount.id).where(BankAccount.id == account_id).with_for_update(key_share=True)).all()


def lock_every_account(session: Session) -> Sequence[BankAccount]:
    found = select(BankAccount).order_by(BankAccount.id).with_for_update(of=BankAccount, key_share=True)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def is_told_by_hooks(session: Session, account_id: int) -> bool:
    """Whether anything of this account was told by a webhook or is in doubt: most accounts need no second look."""
    told = exists().where(Telling.account_id == account_id)
    doubted = exists().where(Doubt.account_id == account_id)
    return bool(session.scalar(select(told | doubted)))


def told_before(session: Session, account_id: int, feed: Feed, keys: Collection[str]) -> dict[str, int]:
    """Key → transfer, of what this feed has told already."""
    same = (Telling.account_id == account_id) & (Telling.feed == feed)
    rows = session.execute(select(Telling.key, Telling.transfer_id).where(same, among(session, Telling.key, keys)))
    return {row.key: row.transfer_id for row in rows}


def doubted_before(session: Session, account_id: int, feed: Feed, keys: Collection[str]) -> dict[str, Doubt]:
    """Key → the doubt that it is in, or was."""
    same = (Doubt.account_id == account_id) & (Doubt.feed == feed)
    found = session.scalars(select(Doubt).where(same, among(session, Doubt.key, keys)))
    return {doubt.key: doubt for doubt in found}


def standing(session: Session, account_id: int, feed: Feed, tellings: Collection[Told]) -> list[Standing]:
    """Transfers that others than ``feed`` have told and ``feed`` has not, found by any key of these tellings."""
    if not tellings:
        return []
    wanted = {key for told in tellings for key in told.keys}
    days = [told.booked_on for told in tellings]
    same = aliased(Telling)
    told_by_it = exists().where(same.transfer_id == Telling.transfer_id, same.feed == feed)
    rows = session.execute(
        select(Telling.transfer_id, Telling.told)
        .join(TellingKey, TellingKey.telling_id == Telling.id)
        .where(
            TellingKey.account_id == account_id,
            among(session, TellingKey.key, wanted),
            TellingKey.booked_on.between(min(days) - _DAY, max(days) + _DAY),
            ~told_by_it,
        )
        .order_by(Telling.id)
    )
    found = {Told.from_json(row.told): row.transfer_id for row in rows}
    return [Standing(transfer_id, told) for told, transfer_id in found.items()]


def from_statements(session: Session, account_id: int, told: Told) -> list[Transfer]:
    """Transfers that only statements have told so far and that may be what a webhook tells: sum, day, a bit of text."""
    days = (told.booked_on - _DAY, told.booked_on + _DAY)
    return list(
        session.scalars(
            select(Transfer)
            .where(
                Transfer.account_id == account_id,
                Transfer.booked_on.between(*days),
                Transfer.amount == told.amount,
                ~exists().where(Telling.transfer_id == Transfer.id),
                or_(*_bits(told)),
            )
            .order_by(Transfer.id)
            .limit(_MOST_STANDING)
        )
    )


def _bits(told: Told) -> Iterator[ColumnElement[bool]]:
    reference, memo = _squashed(Transfer.reference), _squashed(Transfer.memo)
    for number in told.references:
        yield reference.contains(number, autoescape=True)
    for bit in {*told.references, *told.tokens, *told.prefixes}:
        yield memo.contains(bit, autoescape=True)
    yield memo.in_(sorted({*told.bodies, *told.inner}))


def _squashed(column: ColumnElement[str] | object) -> ColumnElement[str]:
    """A memo without blanks and the commoner signs, in capitals, nearly as ``told.squash`` makes it."""
    text = func.upper(column)
    for sign in _SIGNS:
        text = func.replace(text, sign, "")
    return text


def tellings_of(session: Session, transfer_ids: Collection[int]) -> dict[int, list[Telling]]:
    """Transfer → who told it, oldest first; nobody is named where only statements did."""
    found: dict[int, list[Telling]] = {}
    rows = select(Telling).where(among(session, Telling.transfer_id, transfer_ids)).order_by(Telling.id)
    for telling in session.scalars(rows):
        found.setdefault(telling.transfer_id, []).append(telling)
    return found


def transfers_at(session: Session, transfer_ids: Collection[int]) -> dict[int, Transfer]:
    rows = session.scalars(select(Transfer).where(among(session, Transfer.id, transfer_ids)))
    return {transfer.id: transfer for transfer in rows}


def open_doubts(session: Session, *, most: int, skip: int = 0) -> Sequence[Doubt]:
    """What waits in quarantine, oldest first."""
    waits = Doubt.state == DoubtState.OPEN
    return session.scalars(select(Doubt).where(waits).order_by(Doubt.id).limit(most).offset(skip)).all()


def decided_doubts(session: Session, *, most: int, skip: int = 0) -> Sequence[Doubt]:
    """What clerks have decided, newest first."""
    done = Doubt.state != DoubtState.OPEN
    return session.scalars(select(Doubt).where(done).order_by(Doubt.id.desc()).limit(most).offset(skip)).all()


def count_doubts(session: Session) -> int:
    """How many wait in quarantine. Served by a partial index."""
    return session.scalar(select(func.count()).select_from(Doubt).where(Doubt.state == DoubtState.OPEN)) or 0


def lock_doubt(session: Session, doubt_id: int) -> Doubt | None:
    found = select(Doubt).where(Doubt.id == doubt_id).with_for_update(of=Doubt)
    return session.scalar(found.execution_options(populate_existing=True))


def doubt_events(session: Session, doubt_id: int) -> Sequence[DoubtEvent]:
    return session.scalars(select(DoubtEvent).where(DoubtEvent.doubt_id == doubt_id).order_by(DoubtEvent.id)).all()


def unconfirmed(session: Session, *, most: int, until: date) -> Sequence[Transfer]:
    """Transfers that only webhooks told although a statement covers their day: no bank has confirmed them."""
    by_statement = exists().where(Telling.transfer_id == Transfer.id, Telling.feed == Feed.STATEMENT)
    return session.scalars(
        select(Transfer)
        .join(Transfer.account)
        .where(
            exists().where(Telling.transfer_id == Transfer.id),
            ~by_statement,
            Transfer.latest < BankAccount.covered_until,
            Transfer.booked_on >= until,
        )
        .order_by(Transfer.booked_on, Transfer.id)
        .limit(most)
    ).all()
