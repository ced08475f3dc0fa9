"""What a token may be good for."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Scope(StrEnum):
    """One thing that a token allows. ``PEOPLE_READ`` adds names, phones and addresses to what others show."""

    ROUNDS_READ = "rounds:read"
    PURCHASES_READ = "purchases:read"
    PURCHASES_ACKNOWLEDGE = "purchases:acknowledge"
    MANIFESTS_READ = "manifests:read"
    PEOPLE_READ = "people:read"
    SHORTAGES_WRITE = "shortages:write"
    DELIVERIES_WRITE = "deliveries:write"


SAYS = {
    Scope.ROUNDS_READ: _l("Read rounds: when orders close, when goods leave, how many places are taken"),
    Scope.PURCHASES_READ: _l("Read purchase orders: what is ordered of you, and for how much"),
    Scope.PURCHASES_ACKNOWLEDGE: _l("Acknowledge a purchase order in somebody's name"),
    Scope.MANIFESTS_READ: _l("Read manifests: goods, stops and quantities, without names"),
    Scope.PEOPLE_READ: _l("See names, phones and addresses on manifests. Only for a program that plans deliveries"),
    Scope.SHORTAGES_WRITE: _l("Declare what is missing: it is shared out, and money goes back, at once"),
    Scope.DELIVERIES_WRITE: _l("Tell what became of a parcel: delivered, failed, taken back"),
}
