"""Suppliers written: added under a code of the system's, changed, switched off with what they sell."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.changes import Doer, note, note_new, take_turn
from kernel.errors import MarketError
from people.models import Supplier
from people.queries import lock_supplier, supplier_by_name, suppliers
from shop.prices import KIND as COMBO
from shop.queries import on_sale_of

KIND = "supplier"
_CODE = re.compile(r"NCC([0-9]{2,6})")
TRIES = 5


class NameTaken(MarketError):
    """There is a firm of this name."""

    status = 422


class StillSells(MarketError):
    """The firm has combos on sale; whoever switches it off has to say that they go, too."""

    status = 422


def facts(firm: Supplier) -> dict[str, object]:
    return {"name": firm.name, "phone": firm.phone}


def add(session: Session, firm: Supplier, doer: Doer) -> None:
    """A new firm under the next free code. Does not commit."""
    _check_name(session, firm.name)
    for _try in range(TRIES):
        firm.code = next_code(session)
        try:
            with session.begin_nested():
                session.add(firm)
            break
        except IntegrityError:  # somebody took the code at the same moment
            continue
    else:
        raise MarketError(_("Others add suppliers at this moment. Try once more."))
    note_new(session, KIND, firm.id, f"{firm.code} {firm.name}", doer)


def next_code(session: Session) -> str:
    """``NCC04`` after ``NCC03``; it stands in the numbers of manifests."""
    numbers = [int(found[1]) for firm in suppliers(session) if (found := _CODE.fullmatch(firm.code))]
    return f"NCC{max(numbers, default=0) + 1:02d}"


def change(session: Session, firm: Supplier, *, name: str, phone: str, seen: str | None, doer: Doer) -> None:
    """Another name, another phone. Does not commit."""
    was = facts(firm)
    if name != firm.name:
        _check_name(session, name, besides=firm)
    take_turn(session, firm, seen)
    firm.name, firm.phone = name, phone
    note(session, KIND, firm.id, was, facts(firm), doer)


def switch(session: Session, firm: Supplier, *, active: bool, combos_too: bool, seen: str | None, doer: Doer) -> int:
    """Switch a firm off, its combos off sale; or on again, its combos staying where they are. Does not commit.

    Answers how many combos went off sale. What residents have ordered is still packed and brought.
    """
    take_turn(session, firm, seen)
    lock_supplier(session, firm.id)
    selling = [] if active else on_sale_of(session, firm.id)
    if selling and not combos_too:
        raise StillSells(
            _("It still sells %(many)s combos: tick the box if they shall go off sale.", many=len(selling))
        )
    note(session, KIND, firm.id, {"active": firm.active}, {"active": active}, doer)
    firm.active = active
    for combo in selling:
        note(session, COMBO, combo.id, {"on_sale": True}, {"on_sale": False}, doer)
        combo.on_sale, combo.version = False, combo.version + 1
    return len(selling)


def _check_name(session: Session, name: str, *, besides: Supplier | None = None) -> None:
    same = supplier_by_name(session, name)
    if same is not None and same is not besides:
        raise NameTaken(_("Supplier %(code)s has this name already.", code=same.code))
