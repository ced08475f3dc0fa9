"""From transfers to all that one run decides about: their orders, whatever else holds these, and what is owed.

A transfer brings in the orders that it may mean; an order brings in the transfers that the matcher gave it and that may
still change; they bring in theirs, until nothing new comes. So what is decided together is what belongs together, and
the rest of the city is not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.text import search_key
from orders.models import OrderState
from orders.payments.aliases import aliases_for
from orders.payments.lookup import queries
from orders.payments.lookup.queries import OrderRow, TransferRow
from orders.payments.matcher.facts import OrderFacts, Status, TransferFacts
from orders.payments.matcher.firmness import same_person
from orders.payments.matcher.reach import Reach
from orders.payments.matcher.reading import Reading
from people.queries import ward_names

LOOK_BACK = timedelta(days=45)
"""How long before a transfer a closed order may have been placed to be shown as its candidate."""

PIECE = 1000

Shares = dict[int, int]
"""Order's id → whole đồng."""


@dataclass(slots=True)
class _Names:
    """Names that were looked up; of them those of which only the newest orders are in; and of these which sums, too."""

    looked_up: set[str] = field(default_factory=set)
    crowded: set[str] = field(default_factory=set)
    sums: set[tuple[str, int]] = field(default_factory=set)


class Gathering:
    """What one run decides about: ``transfers`` with their ``ids``, and the ``orders`` that they may mean.

    ``readings`` are those of memos that may be used again. ``order_ids`` are by code. ``given`` is what the matcher had
    given of a transfer before; ``kept`` is what an order (by code) holds that the matcher might take back, but not in
    this run: no transfer that is decided points at it.
    """

    def __init__(self, session: Session, *, alone: bool = False) -> None:
        """``alone``: no other transfers are drawn in, and every order keeps what it holds."""
        self.session, self._alone = session, alone
        self.ids: list[int] = []
        self.transfers: list[TransferFacts] = []
        self.readings: list[Reading | None] = []
        self.orders: list[OrderFacts] = []
        self.order_ids: dict[str, int] = {}
        self.given: dict[int, Shares] = {}
        self.kept = Counter[str]()
        self._households: set[str] = set()  # phones of which every order was looked up
        self._known: set[str] = set()  # codes of orders that a memo points at, or a payer bears the name of
        self._places: dict[str, set[int]] = {}  # among ``orders``, by code and by phone
        self._payers, self._named = _Names(), _Names()
        self._shown: dict[str, int] = {}  # orders of which only the name was found: code → place among ``orders``
        self._wards = ward_names(session)
        self._met: set[int] = set()
        self._queue: list[int] = []

    def gather(self, transfer_ids: Sequence[int]) -> Iterator[int]:
        """Yields how many transfers are in after each piece."""
        self._enqueue(transfer_ids)
        while self._queue:
            piece, self._queue = self._queue[:PIECE], self._queue[PIECE:]
            self._add(queries.transfer_rows(self.session, piece))
            yield len(self.ids)

    def _enqueue(self, transfer_ids: Sequence[int]) -> None:
        fresh = [transfer_id for transfer_id in transfer_ids if transfer_id not in self._met]
        self._met.update(fresh)
        self._queue += fresh

    def _add(self, rows: Sequence[TransferRow]) -> None:
        if not rows:
            return
        aliases = aliases_for(self.session, rows)
        facts = [_transfer_facts(row, aliases.get(row.id, ())) for row in rows]
        self.ids += [row.id for row in rows]
        self.transfers += facts
        self._find_orders([Reach(transfer) for transfer in facts])

    def _find_orders(self, reaches: list[Reach]) -> None:
        """Exact codes and phones first, then what is one slip away from them, then names, for those still without."""
        since = min(reach.transfer.earliest for reach in reaches) - LOOK_BACK
        self._look_up(_all(r.codes for r in reaches), _all(r.phones for r in reaches), since)
        reaches = [self._read_again(reach, since) for reach in reaches]
        self.readings += [reach.reading if reach.reads_alike else None for reach in reaches]
        slips = [reach.slips(phones=self._places) for reach in reaches]
        self._look_up(_all(codes for codes, _ in slips), _all(phones for _, phones in slips), since)
        self._look_up_names(reaches, since)

    def _read_again(self, reach: Reach, since: datetime) -> Reach:
        """A code that is believed only because it is in use leaves other digits to read."""
        read = {mark.text for mark in reach.reading.codes}
        if not any(code in self.order_ids for code in reach.codes - read):
            return reach
        again = Reach(reach.transfer, known=self.order_ids)
        self._look_up(again.codes - reach.codes, again.phones - reach.phones, since)
        return again

    def _look_up_names(self, reaches: Sequence[Reach], since: datetime) -> None:
        """A payer's own orders count when it is decided. Others of a name in the memo are only shown to a clerk."""
        payers = {(reach.payers_name, reach.transfer.amount) for reach in reaches if self._may_be_anothers(reach)}
        self._take(self._of_names(payers, self._payers, since))
        named = {(name, r.transfer.amount) for r in reaches if not self._points(r) for name in r.names()}
        shown = {(name, amount) for name, amount in named if name not in self._payers.looked_up}
        self._take(self._of_names(shown, self._named, since), only_shown=True)

    def _may_be_anothers(self, reach: Reach) -> bool:
        """Whether a payer's other orders matter: not to somebody who pays the very sum of an order of his own."""
        marks = (*reach.reading.codes, *reach.reading.phones)
        meant = [self.orders[place] for mark in marks for place in self._places.get(mark.text, ())]
        own = all(same_person(reach.payer, search_key(order.name)) for order in meant)
        exact = any(order.owed == reach.transfer.amount for order in meant)
        return bool(reach.payer) and not (own and exact)

    def _of_names(self, wanted: set[tuple[str, int]], names: _Names, since: datetime) -> list[OrderRow]:
        """Orders of these names not looked up before; of a crowded one those of the sum beside it, too."""
        fresh = {name for name, _amount in wanted} - names.looked_up
        found, crowded = queries.orders_by_name(self.session, fresh, since)
        names.looked_up |= fresh
        names.crowded |= crowded
        sums = {(name, amount) for name, amount in wanted if name in names.crowded} - names.sums
        names.sums |= sums
        return found + queries.orders_by_name_and_sum(self.session, sums, since)

    def _points(self, reach: Reach) -> bool:
        """Whether the memo names a known order by code, phone or its group's code: no name is looked for then."""
        return any(mark.text in self._places for mark in (*reach.reading.codes, *reach.reading.phones))

    def _look_up(self, codes: set[str], phones: set[str], since: datetime) -> None:
        """The orders of these codes and phones, and all others of the same households."""
        found = queries.orders_by_code(self.session, codes - self._known)
        households = ({order.phone for order in found if order.phone} | phones) - self._households
        self._take([*found, *queries.orders_by_phone(self.session, households, since)])
        self._households |= households

    def _take(self, rows: Sequence[OrderRow], *, only_shown: bool = False) -> None:
        """``only_shown``: their name alone was found, so no money comes to them now, and what they hold they keep."""
        only_shown = only_shown or self._alone
        known = self.order_ids if only_shown else self._known
        fresh = {row.id: row for row in rows if row.code not in known}
        if not fresh:
            return
        self.order_ids |= {row.code: row.id for row in fresh.values()}
        if not only_shown:
            self._known.update(row.code for row in fresh.values())
        settled, loose = self._held(fresh.keys(), only_shown=only_shown)
        for row in fresh.values():
            self.kept[row.code] = loose[row.id] if only_shown else 0
            self._put(self._order_facts(row, owed=max(0, row.due - settled[row.id])), only_shown=only_shown)

    def _held(self, order_ids: Collection[int], *, only_shown: bool) -> tuple[Counter[int], Counter[int]]:
        """Order → what it holds for good, and what the matcher may take back; its transfer joins, if it is to."""
        holdings = queries.holdings(self.session, order_ids)
        free = self._free({holding.transfer_id for holding in holdings if holding.transfer_id is not None})
        if not only_shown:
            self._join(free)
        settled, loose = Counter[int](), Counter[int]()
        for holding in holdings:
            (loose if holding.transfer_id in free else settled)[holding.order_id] += holding.amount
        return settled, loose

    def _put(self, order: OrderFacts, *, only_shown: bool) -> None:
        place = self._shown.pop(order.code, len(self.orders))
        self.orders[place : place + 1] = [order]
        for key in filter(None, (order.code, order.phone, order.group)):
            self._places.setdefault(key, set()).add(place)
        if only_shown:
            self._shown[order.code] = place

    def _free(self, transfer_ids: set[int]) -> dict[int, Shares]:
        """Those of which all may still change, with what they pay: no clerk has touched them, nothing has left."""
        if not transfer_ids:
            return {}
        free: dict[int, Shares] = {number: {} for number in queries.untouched(self.session, transfer_ids)}
        theirs = queries.holdings_of(self.session, free)
        for held, left in theirs:
            if left:
                free.pop(held.transfer_id or 0, None)
        for held, _left in theirs:
            if held.transfer_id in free:
                free[held.transfer_id][held.order_id] = held.amount
        return free

    def _join(self, free: dict[int, Shares]) -> None:
        """They are decided together with what brought them in."""
        self.given |= free
        self._enqueue(sorted(free))

    def _order_facts(self, row: OrderRow, *, owed: int) -> OrderFacts:
        return OrderFacts(
            code=row.code,
            name=row.name,
            phone=row.phone,
            ward=self._wards[row.ward_id],
            address=row.address,
            total=row.total,
            owed=owed,
            placed_at=row.placed_at,
            expires_at=row.expires_at,
            status=_status(row, owed),
            group=row.group_code or "",
        )


def _all(sets: Iterable[set[str]]) -> set[str]:
    return set[str]().union(*sets)


def _status(row: OrderRow, owed: int) -> Status:
    """An order that only the matcher itself has paid, and that has not left, is decided about afresh."""
    if row.state in (OrderState.EXPIRED, OrderState.CANCELLED):
        return Status(row.state.value)
    return Status.AWAITING if owed > 0 and row.dispatched_at is None else Status.PAID


def _transfer_facts(row: TransferRow, aliases: tuple[str, ...]) -> TransferFacts:
    """Named by what the bank says of it, not by our number: what arrives first must not be served first."""
    return TransferFacts(
        id=f"{row.likely_at:%Y%m%d%H%M%S%f}:{row.account_id}:{row.identity}",
        earliest=row.earliest,
        latest=row.latest,
        amount=row.amount,
        memo=row.memo,
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        bank=row.bank_hint,
        aliases=aliases,
    )
