"""A statement booked: previewed first, then piece by piece, each row once however often it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel import clock
from kernel.bulk import insert_many
from orders.payments.feeds.entries import Entry, entries
from orders.payments.feeds.models import BankAccount, ImportState, InboundMessage, Outcome, StatementImport
from orders.payments.feeds.queries import known_identities, unfinished
from orders.payments.feeds.sorting import sort_rows, write_rows
from orders.payments.feeds.statement import Direction, Row, Statement
from orders.payments.feeds.tellings.queries import is_told_by_hooks, lock_account
from orders.payments.intervals import covers_until
from orders.payments.memo import stamp_of
from orders.payments.models import Debit, DebitKind, Place, Posting, Transfer

PIECE = 1000
_KEPT_COUNT = ("next_row", "new", "known", "outgoing", "doubtful")


@dataclass(frozen=True, slots=True)
class Preview:
    """What booking a statement would do. ``fresh``, ``known`` and ``doubtful`` are its incoming rows."""

    account: BankAccount
    statement: Statement
    fresh: Sequence[Row]
    known: Sequence[Row]
    outgoing: Sequence[Row]
    doubtful: Sequence[Row] = ()

    @property
    def amount(self) -> int:
        """What is new, in whole đồng."""
        return sum(row.amount for row in self.fresh)


def preview(session: Session, statement: Statement, account: BankAccount) -> Preview:
    """Sort the rows into new, known, doubtful and outgoing. Changes nothing."""
    incoming = [
        (row, key)
        for row, key in zip(statement.rows, statement.identities, strict=True)
        if row.direction is Direction.IN
    ]
    known = _known(session, account.id, [key for _row, key in incoming])
    hooked = is_told_by_hooks(session, account.id)
    beside = sort_rows(session, account.id, [e for e in entries(statement) if e.incoming] if hooked else [])
    known_keys = known.keys() | beside.known.keys() | beside.joined.keys()
    return Preview(
        account=account,
        statement=statement,
        fresh=[row for row, key in incoming if key not in known_keys and key not in beside.quarantined],
        known=[row for row, key in incoming if key in known_keys],
        outgoing=[row for row in statement.rows if row.direction is Direction.OUT],
        doubtful=[row for row, key in incoming if key in beside.quarantined],
    )


def _known(session: Session, account_id: int, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), PIECE):
        found |= known_identities(session, account_id, keys[start : start + PIECE])
    return found


def keep(
    session: Session, seen: Preview, *, filename: str, by: str, at: datetime, drawn_at: datetime | None = None
) -> StatementImport:
    """Keep a previewed statement, to be booked when the clerk says so. ``drawn_at``: when it was made at the bank.

    If the same file is being booked, or its booking was broken off, the answer is that import, to be gone on with.
    """
    if begun := _begun(session, seen):
        return begun
    stamps = {row.number: stamp for row in seen.statement.rows if (stamp := stamp_of(row.memo))}
    kept = StatementImport(
        account=seen.account,
        filename=filename[:200],
        layout=seen.statement.layout,
        content=seen.statement,
        covers_until=drawn_at or covers_until(seen.statement, stamps=stamps, read_at=at),
        imported_by=by,
        imported_at=at,
    )
    session.add(kept)
    session.flush()
    session.expire(kept, ["content"])  # as large as the file; whoever needs it reads it as JSON
    return kept


def _begun(session: Session, seen: Preview) -> StatementImport | None:
    """The unfinished import of the very same rows. Such imports are few: they are compared one by one."""
    others = unfinished(session, seen.account.id)
    content = seen.statement.to_json() if others else {}
    return next((each for each in others if each.content == content), None)


class Booked(NamedTuple):
    """``done`` rows of the statement are booked; ``fresh`` are the transfers that the last piece brought, by id."""

    done: int
    fresh: Sequence[int]


def book(
    session: Session, kept: StatementImport, *, at: datetime, statement: Statement | None = None
) -> Iterator[Booked]:
    """Book the rows that are not booked yet. Yields after each piece; the caller commits there.

    Broken off anywhere it goes on where the last commit was; run twice it books nothing twice. What it brought has to
    be matched before the account's feed may count as covered: see ``cover``. Two that book the same import take turns.
    """
    statement = statement or Statement.from_json(kept.content)
    session.flush()
    session.expire(kept, ["content"])  # as large as the file, and not needed any more
    rows = entries(statement)
    while _next_row(session, kept) < len(rows):
        piece = rows[kept.next_row : kept.next_row + PIECE]
        fresh = _book_piece(session, kept, piece, at)
        kept.next_row += len(piece)
        yield Booked(kept.next_row, fresh)


def _next_row(session: Session, kept: StatementImport) -> int:
    """How far the booking is by now, with the import locked until the piece is committed."""
    session.flush()
    session.refresh(kept, [*_KEPT_COUNT, "state"], with_for_update={"of": StatementImport})
    if kept.state is not ImportState.BOOKED:
        kept.state = ImportState.BOOKING
    return kept.next_row


def _book_piece(session: Session, kept: StatementImport, piece: Sequence[Entry], at: datetime) -> list[int]:
    lock_account(session, kept.account_id)
    incoming = [entry for entry in piece if entry.incoming]
    rows = sort_rows(session, kept.account_id, incoming)
    open_ = [entry for entry in incoming if entry.identity not in rows.told] if rows.told else incoming
    fresh = _insert_transfers(session, kept, open_)
    write_rows(session, kept.account_id, rows, incoming, at=at)
    others = [entry.identity for entry in open_ if entry.identity not in fresh]
    known = known_identities(session, kept.account_id, others) | rows.known | rows.joined
    _post(session, fresh, kept, at)
    debits = _book_debits(session, kept, [entry for entry in piece if not entry.incoming])
    messages = [_message(kept, entry, fresh, known | debits, at=at) for entry in piece]
    insert_many(session, InboundMessage, messages)
    outcomes = Counter(message["outcome"] for message in messages)
    kept.new += outcomes[Outcome.BOOKED]
    kept.known += outcomes[Outcome.KNOWN]
    kept.outgoing += outcomes[Outcome.OUTGOING]
    kept.doubtful += outcomes[Outcome.QUARANTINED]
    session.flush()
    return sorted(transfer_id for transfer_id, _amount in fresh.values())


def _insert_transfers(session: Session, kept: StatementImport, incoming: Sequence[Entry]) -> dict[str, tuple[int, int]]:
    """Identity → (transfer's id, amount) of those that nobody had booked before."""
    rows = [_transfer(kept, entry) for entry in incoming]
    made = insert_many(session, Transfer, rows, returning=("identity", "id", "amount"), if_new=True)
    return {identity: (transfer_id, amount) for identity, transfer_id, amount in made}


def _movement(kept: StatementImport, entry: Entry) -> dict[str, Any]:
    row = entry.row
    return {
        "account_id": kept.account_id,
        "identity": entry.identity,
        "booked_on": row.booked_on,
        "earliest": entry.earliest,
        "latest": entry.latest,
        "amount": row.amount,
        "reference": row.reference,
        "memo": row.memo,
    }


def _transfer(kept: StatementImport, entry: Entry) -> dict[str, Any]:
    row = entry.row
    return _movement(kept, entry) | {
        "likely_at": entry.likely_at,
        "payer_name": row.payer_name,
        "payer_account": row.payer_account,
        "bank_hint": row.bank_hint or kept.account.bank_code,
        "unplaced": 0,
        "set_aside": False,
        "by_hand": False,
    }


def _book_debits(session: Session, kept: StatementImport, outgoing: Sequence[Entry]) -> dict[str, int]:
    """Identity → debit, new or known."""
    if not outgoing:
        return {}
    insert_many(session, Debit, [_debit(kept, entry) for entry in outgoing], returning=("id",), if_new=True)
    return known_identities(session, kept.account_id, [entry.identity for entry in outgoing], of=Debit)


def _debit(kept: StatementImport, entry: Entry) -> dict[str, Any]:
    row = entry.row
    return _movement(kept, entry) | {
        "payee_name": row.payer_name,
        "payee_account": row.payer_account,
        "kind": DebitKind.UNEXPLAINED,
        "because": "",
    }


def _post(session: Session, fresh: dict[str, tuple[int, int]], kept: StatementImport, at: datetime) -> None:
    postings = [
        {
            "transfer_id": transfer_id,
            "moved_from": Place.BANK,
            "moved_to": Place.UNPLACED,
            "amount": amount,
            "by": kept.imported_by,
            "at": at,
            "because": f"statement {kept.id}",
        }
        for transfer_id, amount in sorted(fresh.values())
    ]
    insert_many(session, Posting, postings)


def _message(
    kept: StatementImport, entry: Entry, fresh: dict[str, tuple[int, int]], known: dict[str, int], *, at: datetime
) -> dict[str, Any]:
    outcome, transfer_id, debit_id = Outcome.OUTGOING, None, None
    if not entry.incoming:
        debit_id = known[entry.identity]
    elif entry.identity in fresh:
        outcome, transfer_id = Outcome.BOOKED, fresh[entry.identity][0]
    elif entry.identity in known:
        outcome, transfer_id = Outcome.KNOWN, known[entry.identity]
    else:
        outcome = Outcome.QUARANTINED
    return {
        "account_id": kept.account_id,
        "statement_id": kept.id,
        "row": entry.row.number,
        "raw": entry.row.to_json(),
        "outcome": outcome,
        "transfer_id": transfer_id,
        "debit_id": debit_id,
        "received_at": at,
    }


def cover(session: Session, kept: StatementImport) -> None:
    """The statement is done, and the account's feed reaches as far as it, if it did not reach further before.

    To be said once its payments are matched: who waits for a feed (expiry, dispatch) goes by what is matched.
    """
    kept.state = ImportState.BOOKED
    kept.booked_at = kept.booked_at or clock.now()
    if kept.covers_until is not None:
        further = (BankAccount.covered_until.is_(None)) | (BankAccount.covered_until < kept.covers_until)
        session.execute(
            update(BankAccount)
            .where(BankAccount.id == kept.account_id, further)
            .values(covered_until=kept.covers_until)
        )
