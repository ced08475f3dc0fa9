"""What is taken out of a manifest once its deliveries are long done: to whom they went, in every version of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kernel import files
from orders.models import Order
from suppliers import typeset
from suppliers.delta import everywhere
from suppliers.manifest import PERSONAL, Stop, fingerprint
from suppliers.models import Manifest
from suppliers.queries import lock_manifests_of


def forget(session: Session, orders: Sequence[Order]) -> None:
    """Blank these orders' stops in every version and delta; papers that were kept are deleted. Does not commit."""
    codes = {order.code for order in orders}
    for manifest in lock_manifests_of(session, [order.id for order in orders]):
        _drop_papers(manifest)
        manifest.snapshot = _without(manifest.snapshot, codes)
        manifest.delta = everywhere(manifest.delta, lambda stop: _blank(stop, codes))
        manifest.sha256 = fingerprint(manifest.snapshot)


def _drop_papers(manifest: Manifest) -> None:
    """All that is kept of the manifest as it stood, and the one paper of the time before there were pieces."""
    folder = typeset.folder(manifest)
    for name in files.names(folder):
        files.delete(f"{folder}/{name}")
    files.delete(f"{folder}.pdf")


def _without(snapshot: dict[str, Any], codes: Collection[str]) -> dict[str, Any]:
    return {**snapshot, "stops": [_blank(stop, codes) for stop in snapshot["stops"]]}


def _blank(stop: Stop, codes: Collection[str]) -> Stop:
    if stop["code"] not in codes:
        return stop
    return {**stop, **{fact: "" for fact in PERSONAL if fact in stop}, "forgotten": True}
