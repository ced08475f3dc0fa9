"""What is taken out of a manifest's snapshot once its deliveries are long done: to whom they went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kernel import files
from orders.models import Order
from suppliers import typeset
from suppliers.manifest import fingerprint
from suppliers.queries import lock_manifests_of

PERSONAL = ("address", "name", "phone", "note")


def forget(session: Session, orders: Sequence[Order]) -> None:
    """Blank these orders' stops in every manifest; a PDF that was kept of it is deleted. Does not commit."""
    codes = {order.code for order in orders}
    for manifest in lock_manifests_of(session, [order.id for order in orders]):
        files.delete(typeset.kept_name(manifest))
        manifest.snapshot = _without(manifest.snapshot, codes)
        manifest.sha256 = fingerprint(manifest.snapshot)


def _without(snapshot: dict[str, Any], codes: Collection[str]) -> dict[str, Any]:
    return {**snapshot, "stops": [_blank(stop) if stop["code"] in codes else stop for stop in snapshot["stops"]]}


def _blank(stop: dict[str, Any]) -> dict[str, Any]:
    return {**stop, **dict.fromkeys(PERSONAL, ""), "forgotten": True}
