"""What stands in the full city of complaints and scores, in each of their states."""

from datetime import timedelta

from kernel import clock, files
from kernel.database import db
from shop.models import Combo
from suppliers.complaints import decide
from suppliers.complaints.keep import told_at_door
from suppliers.scores.count import count
from tests import make
from tests.complaints import accepted, brought, complained, refused, undone
from tests.desk import pay, send
from tests.kernel.photos import photo

LONG = "Cá ươn, rau dập nát và úa vàng, trứng vỡ ba quả, chảy hết ra túi gạo bên dưới; " * 4


def complaints(combo: Combo) -> dict[str, str]:
    """A round that was brought: complaints that wait, are accepted, refused, taken back, or paid back by hand."""
    delivery = make.round(closes_at=clock.now() + timedelta(minutes=1))
    orders = [make.order(combo, delivery=delivery, name="Bùi Thị Mít", phone=f"09123456{n:02d}") for n in range(4)]
    for order in orders:
        pay(db.session, make.transfer(order.total), order)
    old, late, on_its_way = (make.paid_order(combo, delivery=delivery) for _each in range(3))
    (manifest,) = send(db.session, delivery)
    parcels = [brought(order) for order in orders]
    brought(old)
    brought(late, at=clock.now() - timedelta(hours=25))
    items = [item.name for item in combo.items]
    files.put("complaints/state.webp", photo(640, 480, kind="WEBP"))
    first, second, third, untold = orders
    waiting = complained(first, items[0], words=LONG, photo="complaints/state.webp")
    replied = complained(second)
    decide.reply(db.session, replied, "Chúng tôi đóng gói đủ.", by="rau", at=clock.now())
    told_at_door(
        db.session, parcels[2], key="state", short=[{"code": "C99", "item": "dưa hấu"}], at=clock.now(), by="giao1"
    )
    made = {"accepted": accepted(complained(third, items[0]), 5_000, answer="Xin lỗi bà con.")}
    made["refused"] = refused(complained(third, items[1]))
    made["undone"] = undone(accepted(complained(third), 1_000))
    made["by hand"] = accepted(complained(old), 2_000)
    count(db.session, [manifest.batch_id], at=clock.now())
    db.session.commit()
    ids = {f"{name} complaint": str(each.id) for name, each in made.items()}
    return {
        **ids,
        "waiting complaint": str(waiting.id),
        "replied complaint": str(replied.id),
        "complained order": first.token,
        "decided order": third.token,
        "late order": late.token,
        "late line": str(late.lines[0].id),
        "unbrought order": on_its_way.token,
        "unbrought line": str(on_its_way.lines[0].id),
        "brought order": untold.token,
        "brought line": str(untold.lines[0].id),
        "brought item": items[0],
        "complained line": str(first.lines[0].id),
        "complained item": items[0],
        "scored firm": str(combo.supplier_id),
    }
