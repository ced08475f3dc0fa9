"""What stands in the full city of deliveries: a day with teams, what is in no run, failed, contradicts, is late."""

import io
from datetime import timedelta
from uuid import UUID

from PIL import Image

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from people.models import Staff
from shop.models import Combo
from suppliers.desk.deliveries.keep import nudge_supplier, nudge_team
from suppliers.door.keep import Telling, tell
from suppliers.door.models import DoorKind, DoorReason
from suppliers.models import Manifest, Parcel
from suppliers.queries import parcels_of_batch
from tests import make
from tests.desk import send

K = DoorKind
LONG = "Nguyễn Phúc Bảo Hoàng Trương Công Tôn Nữ Thị Thuỳ Dương Phương Thảo Nguyên"
STREET = "Phòng trọ số 1234, hẻm 567/89/10/11 Đường Nguyễn Thị Minh Khai nối dài, tổ 15, khu phố Thống Nhất 2"
MANY = 9


def out() -> dict[str, str]:
    """Nine stops: 1 brought with a photo, 2 told twice, 3 tried once, 4 twice, the others left; two are in no run."""
    combo = make.combo("C79", on_sale=False)
    manifest = _sent(combo, delivered_in=1, many=MANY)
    late = _sent(combo, delivered_in=-2, many=3)
    parcels = parcels_of_batch(db.session, manifest.batch_id)
    parcels[5].order.name, parcels[5].order.address = LONG, STREET
    team = make.team(manifest.batch.supplier, "Đội giao phường Dĩ An và các khu nhà trọ", ("Dĩ An", ""))
    courier = make.courier(team, "giao.phuong")
    make.run(manifest, team, stops=range(1, MANY - 1))
    make.run(late, team)
    _told(parcels, courier)
    parcels[6].urgent = True
    doer, day = Doer("kinhte1", clock.now() - timedelta(hours=1)), manifest.batch.round.delivery_on
    nudge_team(db.session, team.id, day, doer)
    nudge_supplier(db.session, team.supplier_id, day, doer)
    tokens = {"photographed": 1, "tried": 3, "tried twice": 4, "coming": 7}
    return {
        **{f"{name} order": parcels[stop].order.token for name, stop in tokens.items()},
        "delivery day": day.isoformat(),
        "late day": late.batch.round.delivery_on.isoformat(),
        "delivery team": str(team.id),
        "delivery ward": str(parcels[1].order.ward_id),
        "told at door code": parcels[2].order.code,
    }


def _sent(combo: Combo, *, delivered_in: int, many: int) -> Manifest:
    delivery = make.round(closes_at=clock.now() + timedelta(days=delivered_in - 1))
    for number in range(1, many + 1):
        where = {"name": f"Trịnh Thị Giao {number}", "address": f"{number} Nguyễn Trãi, KP Bình Minh"}
        make.paid_order(combo, delivery=delivery, phone=f"09123407{number:02d}", **where)
    return send(db.session, delivery)[0]


def _told(parcels: dict[int, Parcel], courier: Staff) -> None:
    began = clock.now()
    steps = (
        (1, K.DELIVERED, {"witness": "Bà Tư, tổ trưởng", "short": [{"code": "C79", "item": "rau muống"}]}),
        (2, K.DELIVERED, {"witness": "Ông Sáu"}),
        (2, K.FAILED, {"reason": DoorReason.ABSENT, "words": "gọi nhiều lần không nghe máy"}),
        (3, K.FAILED, {"reason": DoorReason.LOCKED_AREA}),
        (4, K.FAILED, {"reason": DoorReason.ABSENT}),
        (4, K.FAILED, {"reason": DoorReason.REFUSED, "words": "đã mua ở chợ"}),
    )
    for number, (stop, kind, facts) in enumerate(steps, start=1):
        at = began + timedelta(seconds=number)
        telling = Telling(str(UUID(int=7_000 + number)), parcels[stop].id, kind, at, **facts)  # type: ignore[arg-type]
        tell(db.session, telling, courier, heard_at=at, photo=_photo() if stop == 1 else None)


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "#3a7").save(file, "WEBP")
    return file.getvalue()
