"""The events that suppliers are told of, and the matters that they belong to."""

from __future__ import annotations

from enum import StrEnum


class SupplierEvent(StrEnum):
    """What a supplier, or one of its teams, should look at."""

    ORDERED = "purchase_ordered"
    NUDGED = "purchase_nudged"
    SETTLEMENT = "settlement_drawn"
    TEAM_NUDGED = "team_nudged"
    SHARE_NUDGED = "share_nudged"


PURCHASE = "purchase"
SETTLING = "settling"
BRINGING = "bringing"
