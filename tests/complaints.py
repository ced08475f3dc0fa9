"""Goods that came and complaints about them, short enough for a test to read as a sentence."""

from datetime import datetime

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from orders.models import Order
from suppliers.complaints import decide
from suppliers.complaints.keep import Said, complain, goods
from suppliers.complaints.models import Complaint, ComplaintKind
from suppliers.models import Parcel, ParcelState
from suppliers.parcels import advance
from suppliers.queries import parcels_of_order

HOTLINE = "1022"


def brought(order: Order, *, at: datetime | None = None, became: ParcelState = ParcelState.DELIVERED) -> Parcel:
    """All of an order is at its door."""
    parcels = parcels_of_order(db.session, order.id)
    for parcel in parcels:
        advance(parcel, became, by="ca", at=at or clock.now(), because="" if became is not ParcelState.FAILED else "x")
    db.session.commit()
    return parcels[0]


def complained(
    order: Order,
    item: str = "",
    *,
    line: int = 0,
    kind: ComplaintKind = ComplaintKind.SPOILED,
    words: str = "",
    photo: str = "",
    attempt: str | None = None,
) -> Complaint:
    """The resident says so now, of the order's line with that place."""
    about = goods(db.session, order, order.lines[line].id, item)
    said = Said(kind, words, photo, attempt)
    made = complain(db.session, order, about, said, at=clock.now(), hotline=HOTLINE)
    db.session.commit()
    return made


def clerk(because: str = "") -> Doer:
    return Doer("kinhte1", clock.now(), because)


def accepted(complaint: Complaint, amount: int, *, answer: str = "") -> Complaint:
    """The office gives so much back."""
    decide.accept(db.session, complaint, amount, answer=answer, seen=str(complaint.version), doer=clerk())
    db.session.commit()
    return complaint


def refused(complaint: Complaint, answer: str = "hàng vẫn tốt") -> Complaint:
    decide.refuse(db.session, complaint, answer=answer, seen=str(complaint.version), doer=clerk())
    db.session.commit()
    return complaint


def undone(complaint: Complaint, because: str = "nhầm đơn") -> Complaint:
    decide.undo(db.session, complaint, seen=str(complaint.version), doer=clerk(because))
    db.session.commit()
    return complaint
