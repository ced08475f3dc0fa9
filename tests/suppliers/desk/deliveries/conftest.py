"""Two teams and what is in no run, in two wards, on the day of delivery; and noise: other days, other rounds."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from people.models import Staff, Supplier, Team
from shop.models import Combo, Round, Slot
from suppliers.door.keep import Telling, tell
from suppliers.door.models import DoorEvent, DoorKind, DoorReason
from suppliers.models import Manifest, Parcel
from suppliers.queries import parcels_of_batch
from tests import make
from tests.desk import send

FIRST, SECOND = (1, 2, 4), (3, 5)
D, F, U = DoorKind.DELIVERED, DoorKind.FAILED, DoorKind.UNDONE


@dataclass
class City:
    """Six stops of one round: 1 to 3 in An Bình, the others in Dĩ An. Team 1 brings 1, 2 and 4; team 2 brings 3 and 5;
    the sixth is in no run."""

    session: Session
    day: date
    combo: Combo
    supplier: Supplier
    manifest: Manifest
    teams: tuple[Team, Team]
    couriers: tuple[Staff, Staff]

    def parcel(self, stop: int) -> Parcel:
        return parcels_of_batch(self.session, self.manifest.batch_id)[stop]

    def tell(self, kind: DoorKind, stop: int, **more) -> DoorEvent:
        facts = {"witness": "Bà Tư"} if kind is D else {"reason": DoorReason.ABSENT} if kind is F else {}
        photo, by = more.pop("photo", None), more.pop("by", self.couriers[0 if stop in FIRST else 1])
        at, heard_at = more.pop("at", clock.now()), more.pop("heard_at", clock.now())
        telling = Telling(str(uuid.uuid4()), self.parcel(stop).id, kind, at, **{**facts, **more})
        event = tell(self.session, telling, by, heard_at=heard_at, photo=photo)
        self.session.commit()
        return event

    def board(self, **asked) -> str:
        return "/desk/deliveries?" + "&".join(f"{name}={value}" for name, value in asked.items())


def sent(session, combo: Combo, delivery: Round, many: int = 6) -> Manifest:
    for number in range(1, many + 1):
        name, address = f"Người nhận {number}", f"{number} Lê Lợi, KP Đông"
        ward = "An Bình" if number * 2 <= many else "Dĩ An"
        make.paid_order(combo, delivery=delivery, name=name, address=address, ward=ward, phone=f"09123400{number:02d}")
    return send(session, delivery)[0]


@pytest.fixture
def town(session, stopped_clock) -> City:
    supplier = make.supplier("RAU")
    combo = make.combo("C02", name="Rau củ 5 món", packed_by=supplier)
    noise = sent(session, combo, make.round(closes_at=clock.now() - timedelta(days=1)), 3)
    delivery = make.round(closes_at=clock.now() + timedelta(days=1), slot=Slot.MORNING)
    manifest = sent(session, combo, delivery)
    teams = make.team(supplier, "Đội 1"), make.team(supplier, "Đội 2")
    make.run(noise, teams[0])
    couriers = make.courier(teams[0], "giao.an"), make.courier(teams[1], "giao.binh")
    made = City(session, delivery.delivery_on, combo, supplier, manifest, teams, couriers)
    for team, stops in zip(teams, (FIRST, SECOND), strict=True):
        make.run(manifest, team, stops=stops)
    session.commit()
    stopped_clock.set(clock.at(made.day, 8))
    return made
