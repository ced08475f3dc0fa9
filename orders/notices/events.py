"""The events that residents are told of, and the matters that they belong to."""

from __future__ import annotations

from enum import StrEnum


class Event(StrEnum):
    """What happened to an order; last, to somebody who waits for a place."""

    PLACED = "placed"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    DEADLINE_NEAR = "deadline_near"
    DEADLINE_MOVED = "deadline_moved"
    DELIVERY_MOVED = "delivery_moved"
    TAKEN_BACK = "taken_back"
    MONEY_KEPT = "money_kept"
    CANCELLED = "cancelled"
    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    FAILED = "failed"
    REFUNDED = "refunded"
    SHORT = "short"
    NOT_SHORT = "not_short"
    COMPLAINT_ACCEPTED = "complaint_accepted"
    COMPLAINT_REFUSED = "complaint_refused"
    PLACE_KEPT = "place_kept"


MONEY = "money"
"""The matter of what is to be paid: each news of it overtakes the one before."""

WAY = "way"
DAY = "day"
"""The matter of when it is brought."""

PLACE = "place"
"""The matter of a place in a full round."""


def of_parcel(parcel_id: int) -> str:
    """The matter of one parcel at the door."""
    return f"parcel:{parcel_id}"


def of_shortage(shortage_id: int) -> str:
    """The matter of one shortage: an order may be short of several things."""
    return f"shortage:{shortage_id}"


def of_complaint(complaint_id: int) -> str:
    """The matter of one complaint: what is said of it last overtakes what was said before."""
    return f"complaint:{complaint_id}"


def of_refund(refund_id: int) -> str:
    """The matter of one refund: an order may have several."""
    return f"refund:{refund_id}"
