"""How a settlement's states, lines and deeds are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from suppliers.settlement.models import LineKind, SettlementDeed, SettlementState

STATES = {
    SettlementState.DRAFT: _l("To be agreed"),
    SettlementState.PUT_BACK: _l("Put back"),
    SettlementState.AGREED: _l("Agreed"),
    SettlementState.DROPPED: _l("Dropped"),
}
KINDS = {
    LineKind.DELIVERED: _l("Delivered"),
    LineKind.LATE: _l("Delivered earlier, marked late"),
    LineKind.UNDONE: _l("Correction: mark taken back"),
    LineKind.AGAIN: _l("Correction: delivered after all"),
    LineKind.DEDUCTED: _l("Correction: deduction changed"),
}
DEEDS = {
    SettlementDeed.DRAWN: _l("Drawn up"),
    SettlementDeed.OFFICE_AGREED: _l("The office agrees"),
    SettlementDeed.SUPPLIER_AGREED: _l("The supplier agrees"),
    SettlementDeed.OFFICE_DISAGREED: _l("The office does not agree"),
    SettlementDeed.SUPPLIER_DISAGREED: _l("The supplier does not agree"),
    SettlementDeed.DROPPED: _l("Dropped"),
    SettlementDeed.PAID: _l("Paid"),
}


def kind_words(kind: str) -> str:
    """Why a parcel stands in a settlement."""
    return str(KINDS[LineKind(kind)])
