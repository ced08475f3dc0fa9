"""A team with its courier, and a manifest whose stops it brings."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from orders.models import Order
from people.models import Staff, Team
from suppliers.door.keep import Telling, tell
from suppliers.door.models import DoorEvent, DoorKind, DoorReason
from suppliers.models import Manifest, Parcel
from suppliers.queries import parcels_of_batch
from tests import make
from tests.desk import send

K = DoorKind


def key() -> str:
    return str(uuid.uuid4())


@dataclass
class Out:
    """Parcels on their way, and who brings them."""

    session: Session
    manifest: Manifest
    orders: list[Order]
    team: Team
    courier: Staff
    other: Staff

    def parcel(self, stop: int = 1) -> Parcel:
        """As it stands now, whoever has marked it meanwhile."""
        found = parcels_of_batch(self.session, self.manifest.batch_id)[stop]
        self.session.flush()
        self.session.expire(found)
        return found

    def telling(self, kind: DoorKind = K.DELIVERED, *, stop: int = 1, at: datetime | None = None, **more) -> Telling:
        facts = {"witness": "Bà Tư, tổ trưởng"} if kind is K.DELIVERED else {}
        facts |= {"reason": DoorReason.ABSENT} if kind is K.FAILED else {}
        moment = at or clock.now()
        return Telling(more.pop("key", None) or key(), self.parcel(stop).id, kind, moment, **{**facts, **more})

    def tell(self, kind: DoorKind = K.DELIVERED, *, by: Staff | None = None, heard_at=None, **more) -> DoorEvent:
        told = kind if isinstance(kind, Telling) else self.telling(kind, **more)
        event = tell(self.session, told, by or self.courier, heard_at=heard_at or clock.now())
        self.session.commit()
        return event


@pytest.fixture
def out(session, stopped_clock) -> Out:
    supplier = make.supplier("RAU")
    combo = make.combo("C02", name="Rau củ 5 món", packed_by=supplier)
    delivery = make.round()
    orders = [
        make.paid_order(combo, delivery=delivery, name=f"Người nhận {number}", address=f"{number} Lê Lợi, KP Đông")
        for number in range(1, 4)
    ]
    manifest = send(session, delivery)[0]
    team = make.team(supplier, "Đội 1", ("Dĩ An", "KP Đông"))
    made = Out(session, manifest, orders, team, make.courier(team, "giao.an"), make.courier(team, "giao.binh"))
    session.commit()
    stopped_clock.set(manifest.made_at + timedelta(hours=1))
    return made
