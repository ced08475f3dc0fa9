"""What stands in the full city of couriers: a team's run with a stop in each of its states."""

from datetime import timedelta
from uuid import UUID

from kernel import clock
from kernel.database import db
from people.models import Staff
from people.queries import staff_named
from shop.models import Combo, Round
from suppliers.door.keep import Telling, tell
from suppliers.door.models import DoorKind, DoorReason
from suppliers.models import Manifest
from suppliers.queries import parcels_of_batch
from tests import make
from tests.desk import send

K = DoorKind
PEOPLE = ("Nguyễn Thị Gấp", "Trần Văn Đợi", "Lê Thị Nhận", "Phạm Văn Vắng", "Võ Thị Trùng", "Đỗ Thị Hai Lần")


def brought(combo: Combo, delivery: Round) -> dict[str, str]:
    """One stop that is urgent, one that waits, one delivered, one failed once, one told twice, one failed twice."""
    courier = staff_named(db.session, "giao1")
    assert courier
    team = courier.team
    assert team
    for number, name in enumerate(PEOPLE, start=1):
        make.paid_order(combo, delivery=delivery, name=name, address=f"{number} Trần Hưng Đạo, KP Nhị Đồng 1")
    (manifest,) = send(db.session, delivery)
    run = make.run(manifest, team)
    parcels = parcels_of_batch(db.session, manifest.batch_id)
    parcels[1].urgent, parcels[2].order.lat, parcels[2].order.lon = True, 10.9061, 106.7702
    told = _told(manifest, courier)
    return {
        "run": run.code,
        "run manifest": manifest.number,
        "left parcel": str(parcels[2].id),
        "run code": parcels[2].order.code,
        "told event": told,
        "delivered in run code": parcels[3].order.code,
        "delivered in run order": parcels[3].order.token,
    }


def _told(manifest: Manifest, courier: Staff) -> str:
    parcels, began = parcels_of_batch(db.session, manifest.batch_id), clock.now()
    first = UUID(int=1)
    witnessed = {"witness": "Bà Tư, tổ trưởng"}
    steps = (
        (3, K.DELIVERED, 0, witnessed),
        (4, K.FAILED, 1, {"reason": DoorReason.ABSENT, "words": "gọi không nghe máy"}),
        (5, K.DELIVERED, 2, witnessed),
        (5, K.FAILED, 3, {"reason": DoorReason.REFUSED}),
        (6, K.FAILED, 4, {"reason": DoorReason.LOCKED_AREA}),
        (6, K.FAILED, 5, {"reason": DoorReason.ABSENT}),
    )
    for number, (stop, kind, seconds, facts) in enumerate(steps, start=1):
        at = began + timedelta(seconds=seconds)
        telling = Telling(str(UUID(int=number)), parcels[stop].id, kind, at, **facts)  # type: ignore[arg-type]
        tell(db.session, telling, courier, heard_at=at)
    return str(first)
