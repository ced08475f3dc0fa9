"""What stands in the full city for the pages of rounds: wards that are apart, a last order of one ward, a rota."""

from datetime import timedelta

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.rota.models import Rota
from people.models import Standing
from shop.models import Combo, Round, Slot, WardClose
from shop.wards import set_standing
from tests import make

LOCKED = "Phong tỏa khu phố Bình Thung để truy vết, chốt kiểm soát ở cả hai đầu đường, dự kiến bảy ngày"
FIRST = "Phường vừa mở lại sau mười bốn ngày phong tỏa"


def apart(combo: Combo, delivery: Round) -> dict[str, str]:
    """A ward that is locked with an order in it, one that comes first, one that closes by itself, an order promised
    otherwise."""
    locked, first = make.ward("Bình Thắng"), make.ward("Đông Hòa")
    there = make.paid_order(combo, delivery=delivery, ward=locked, name="Lý Thị Chốt", phone="0912345691")
    for ward, standing, because in ((locked, Standing.LOCKED, LOCKED), (first, Standing.PRIORITISED, FIRST)):
        set_standing(db.session, ward, standing, seen=str(ward.version), doer=Doer("kinhte1", clock.now(), because))
    delivery.ward_closes.append(
        WardClose(ward=make.ward("Tân Bình"), closes_at=delivery.closes_at - timedelta(minutes=90))
    )
    db.session.add(Rota(ward_id=make.ward("Tân Bình").id, days=7))
    told = delivery.slot
    delivery.slot = Slot.EVENING
    otherwise = make.order(combo, delivery=delivery, name="Cao Thị Hẹn", phone="0912345692")
    delivery.slot = told
    calm = make.ward("Tân Bình")
    make.order(combo, delivery=delivery, ward=calm, name="Mai Thị Thong Thả", phone="0912345693")
    db.session.flush()
    return {
        "open ward": str(calm.id),
        "locked ward": str(locked.id),
        "prioritised ward": str(first.id),
        "locked order": there.token,
        "otherwise order": otherwise.token,
    }
