"""Later versions of a manifest: gathered anew from what stands now, with what changed since the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel import jobs
from suppliers.delta import Delta, difference
from suppliers.manifest import LineChange, combo_facts, fingerprint, gather, lines_of
from suppliers.models import Batch, Manifest, Parcel, ParcelState
from suppliers.parcels import advance
from suppliers.queries import combos_with_items, lock_batch, parcels_with_orders, versions_of
from suppliers.shortages.changes import changes_by_shortages

NAMES_IT = ("number", "version", "made_at", "form")
"""What of a snapshot's head differs in each version, whatever else does."""


def changes_of(session: Session, batch: Batch) -> Mapping[int, LineChange]:
    """Order line → what became of it since dispatch."""
    return changes_by_shortages(session, batch.id)


def reissue(session: Session, batch: Batch, *, at: datetime, by: str, because: str) -> Manifest:
    """Write the batch's manifest anew as things stand. Where nothing differs, the newest version stays the newest.

    A stop to which nothing is left to bring is taken off the list, and its parcel becomes one that could not be
    delivered; one that comes back is on its way again. Does not commit.
    """
    lock_batch(session, batch.id)
    was, parcels = versions_of(session, batch.id)[0], parcels_with_orders(session, batch.id)
    version = was.version + 1
    number = f"{batch.manifest_number}-v{version}"
    snapshot = gather(
        batch,
        number,
        [(parcel.stop, parcel.order) for parcel in parcels],
        _combos(session, was, parcels),
        at=at,
        version=version,
        changes=changes_of(session, batch),
    )
    delta = difference(was.snapshot, snapshot)
    if not _differs(was.snapshot, delta):
        return was
    _follow(parcels, delta, by=by, at=at, because=because)
    made = Manifest(
        number=number,
        batch=batch,
        version=version,
        supplier_id=batch.supplier_id,
        made_at=at,
        snapshot=snapshot,
        sha256=fingerprint(snapshot),
        delta=delta,
        made_by=by,
        because=because,
    )
    session.add(made)
    session.flush()
    jobs.promise(session, "typeset", key=f"typeset:{number}", payload={"number": number})
    return made


def _combos(session: Session, was: Manifest, parcels: Sequence[Parcel]) -> Sequence[dict[str, Any]]:
    """The combos as they were when the goods left; those that an old snapshot does not hold, as they are today."""
    kept = {combo["code"]: combo for combo in was.snapshot["combos"] if "items" in combo}
    lines = [line for parcel in parcels for line in lines_of(parcel.order, was.supplier_id)]
    wanted = {line.combo_id for line in lines if line.combo and line.combo.code not in kept and line.combo_id}
    today = [combo_facts(combo) for combo in combos_with_items(session, wanted).values()] if wanted else []
    bare = [{key: value for key, value in combo.items() if key != "quantity"} for combo in kept.values()]
    return [*bare, *today]


def _differs(was: dict[str, Any], delta: Delta) -> bool:
    head = delta["head"]
    names = (was.keys() | head.keys()) - {*NAMES_IT, "stops"}
    stops = delta["removed"] or delta["added"] or delta["changed"]
    return bool(stops) or any(was.get(name) != head.get(name) for name in names)


def _follow(parcels: Sequence[Parcel], delta: Delta, *, by: str, at: datetime, because: str) -> None:
    """Parcels go with their stops: off the list as failed, back on it as on their way."""
    removed, added = set(delta["removed"]), {stop["code"] for stop in delta["added"]}
    for parcel in parcels:
        if parcel.order.code in removed and parcel.state is ParcelState.DISPATCHED:
            advance(parcel, ParcelState.FAILED, by=by, at=at, because=because)
        elif parcel.order.code in added and parcel.state is ParcelState.FAILED:
            advance(parcel, ParcelState.DISPATCHED, by=by, at=at, because=because)
