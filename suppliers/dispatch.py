"""Dispatch: at the cut-off, the paid orders of a round become parcels, one batch and one manifest for each supplier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kernel import jobs
from kernel.chain.seal import seal_now
from kernel.errors import MarketError
from kernel.web import show_moment
from orders import lifecycle
from orders.models import Order
from orders.notices import telling
from orders.payments.feeds.queries import covered_until
from orders.queries import last_deadline, ready_to_leave
from shop.models import Round
from suppliers.manifest import combo_facts, fingerprint, gather, lines_of, stop_order
from suppliers.models import Batch, Manifest, Parcel, ParcelEvent, ParcelState
from suppliers.purchase.keep import place
from suppliers.queries import combos_with_items, next_batch_number


class NotYet(MarketError):
    """The round may not leave yet; the office may say why it should all the same."""


class NothingPaid(MarketError):
    """There is no paid order waiting in this round."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a round may leave now: its time has come, and every account's feed covers its last payment."""

    due: bool
    covered_until: datetime | None
    covered: bool
    waited_long_enough: bool

    @property
    def ready(self) -> bool:
        return self.due and (self.covered or self.waited_long_enough)


def readiness(session: Session, delivery: Round, *, at: datetime, patience: timedelta) -> Readiness:
    """Look at the clock and at the feeds. After ``patience`` a silent feed no longer holds people's food back.

    A round that was closed early waits for those who may still pay: their deadline is what they were told.
    """
    covered = covered_until(session)
    last = max(delivery.last_close, last_deadline(session, delivery.id) or delivery.last_close)
    return Readiness(
        due=delivery.dispatch_at <= at,
        covered_until=covered,
        covered=covered is not None and covered >= last,
        waited_long_enough=delivery.last_close + patience <= at,
    )


def dispatch(
    session: Session, delivery: Round, *, at: datetime, by: str, patience: timedelta, override: str = ""
) -> Sequence[Manifest]:
    """Send the round's confirmed orders to their suppliers. A second call sends only what was paid since.

    Refuses a round that is not ready unless ``override`` says why. What it goes by is sealed first. Does not commit.
    """
    seal_now(session)
    state = readiness(session, delivery, at=at, patience=patience)
    if not state.ready and not override:
        raise NotYet(_why_not(delivery, state))
    by_supplier = _by_supplier(ready_to_leave(session, delivery.id))
    if not by_supplier:
        raise NothingPaid(_nothing_waits(delivery))
    because = override or "the time had come"
    manifests = [
        _send(
            session,
            Batch(round=delivery, supplier_id=supplier_id, dispatched_by=by, dispatched_at=at, because=because),
            orders,
        )
        for supplier_id, orders in sorted(by_supplier.items())
    ]
    delivery.dispatched_at = at
    telling.on_its_way(session, [order for orders in by_supplier.values() for order in orders], at=at)
    return manifests


def _nothing_waits(delivery: Round) -> str:
    if delivery.dispatched_at is not None:
        return str(_("This round has left, and no further paid order is waiting."))
    return str(_("No paid order is waiting in this round. Match the payments first."))


def _why_not(delivery: Round, state: Readiness) -> str:
    if not state.due:
        return str(_("This round leaves at %(at)s. To send it before, say why.", at=show_moment(delivery.dispatch_at)))
    words = _(
        "The statements do not reach to %(at)s yet, the last moment to pay for this round. "
        "Import them first, or say why it should leave without.",
        at=show_moment(delivery.last_close),
    )
    return str(words)


def _by_supplier(orders: Sequence[Order]) -> Mapping[int, list[Order]]:
    """Supplier → the orders it packs something of. An order with a line that nobody packs yet waits whole."""
    found: dict[int, list[Order]] = defaultdict(list)
    for order in orders:
        suppliers = {line.supplier_id for line in order.lines}
        for supplier_id in suppliers if None not in suppliers else ():
            if supplier_id is not None:
                found[supplier_id].append(order)
    return found


def _send(session: Session, batch: Batch, orders: list[Order]) -> Manifest:
    batch.number = next_batch_number(session, batch.round.id, batch.supplier_id)
    session.add(batch)
    session.flush()
    in_order = sorted(orders, key=stop_order)
    for stop, order in enumerate(in_order, start=1):
        lifecycle.leave(order, at=batch.dispatched_at)
        session.add(_parcel(batch, stop, order))
    manifest = _manifest(session, batch, in_order)
    place(session, batch, in_order)
    session.flush()
    jobs.promise(session, "typeset", key=f"typeset:{manifest.number}", payload={"number": manifest.number})
    return manifest


def _parcel(batch: Batch, stop: int, order: Order) -> Parcel:
    event = ParcelEvent(
        became=ParcelState.DISPATCHED, by=batch.dispatched_by, at=batch.dispatched_at, because=batch.because
    )
    return Parcel(order_id=order.id, supplier_id=batch.supplier_id, batch_id=batch.id, stop=stop, history=[event])


def _manifest(session: Session, batch: Batch, orders: list[Order]) -> Manifest:
    wanted = {
        line.combo_id for order in orders for line in lines_of(order, batch.supplier_id) if line.combo_id is not None
    }
    number = batch.manifest_number
    combos = [combo_facts(combo) for combo in combos_with_items(session, wanted).values()]
    snapshot = gather(batch, number, list(enumerate(orders, start=1)), combos, at=batch.dispatched_at)
    manifest = Manifest(
        number=number,
        batch=batch,
        supplier_id=batch.supplier_id,
        made_at=batch.dispatched_at,
        snapshot=snapshot,
        sha256=fingerprint(snapshot),
    )
    session.add(manifest)
    return manifest
