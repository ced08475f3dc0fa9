"""Combos written: added under a code of the system's, changed, taken off sale. What was ordered stays as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from kernel.changes import Doer, note, note_new, note_part, take_turn
from kernel.errors import MarketError
from kernel.money import format_dong
from people.models import Supplier
from people.queries import lock_supplier
from shop import pictures
from shop.models import Combo, ComboItem
from shop.prices import KIND
from shop.quantities import Item, show_quantity
from shop.queries import all_combos, combo_codes

_CODE = re.compile(r"C([0-9]{2,6})")
TRIES = 5


class NameTaken(MarketError):
    """Two combos of one name: a resident could not tell them apart."""

    status = 422


class SupplierOff(MarketError):
    """A firm that is switched off sells nothing."""

    status = 422


def written(item: Item | ComboItem) -> str:
    """An item as the form has it: ``rau muống 0,5 kg``."""
    remark = f" ({item.remark})" if item.remark else ""
    amount = show_quantity(item.quantity, item.unit, item.measure)
    # A grouped number is for readers; the form reads figures without groups.
    return f"{item.name} {amount.replace('.', '')}{remark}"


def facts(combo: Combo) -> dict[str, object]:
    """What the form about a combo shows."""
    return {
        "name": combo.name,
        "group": combo.group,
        "items": "\n".join(written(item) for item in combo.items),
        "supplier": str(combo.supplier_id),
        "position": combo.position,
        "cold_chain": combo.cold_chain,
        "on_sale": combo.on_sale,
    }


def _told(combo: Combo) -> dict[str, object]:
    """What the history tells of a combo: the firm by its name, items on one line."""
    told = facts(combo)
    return {**told, "supplier": combo.supplier.name, "items": str(told["items"]).replace("\n", "; ")}


def add(session: Session, combo: Combo, items: Sequence[Item], doer: Doer) -> None:
    """A new combo under the next free code, its first price in the history. Does not commit."""
    _check(session, combo)
    combo.items = _rows(items)
    for _try in range(TRIES):
        combo.code = next_code(session)
        try:
            with session.begin_nested():
                session.add(combo)
            break
        except IntegrityError:  # somebody took the code at the same moment
            continue
    else:
        raise MarketError(_("Others add combos at this moment. Try once more."))
    note_new(session, KIND, combo.id, f"{combo.code} {combo.name}", doer)
    note(session, KIND, combo.id, {}, {"price": format_dong(combo.price)}, doer)


def next_code(session: Session) -> str:
    """``C21`` after ``C20``."""
    numbers = [int(found[1]) for code in combo_codes(session) if (found := _CODE.fullmatch(code))]
    return f"C{max(numbers, default=0) + 1:02d}"


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a form says of a combo."""

    name: str
    group: str
    position: int
    on_sale: bool
    cold_chain: bool
    supplier_id: int
    items: Sequence[Item]


def change(session: Session, combo: Combo, filled: Filled, *, seen: str | None, doer: Doer) -> int:
    """Write what the form says; answers how many fields it changed. Does not commit."""
    was = _told(combo)
    take_turn(session, combo, seen)
    for field in ("name", "group", "position", "on_sale", "cold_chain"):
        setattr(combo, field, getattr(filled, field))
    combo.supplier = session.get_one(Supplier, filled.supplier_id)
    if [written(item) for item in combo.items] != [written(item) for item in filled.items]:
        combo.items = _rows(filled.items)
    with session.no_autoflush:
        _check(session, combo)
    return note(session, KIND, combo.id, was, _told(combo), doer)


def change_picture(
    session: Session, combo: Combo, upload: FileStorage | None, *, drawn: bool = False, doer: Doer
) -> None:
    """An upload becomes the combo's picture; without one, ``drawn`` shows its goods again. Does not commit."""
    was = combo.picture
    if upload and upload.filename:
        pictures.keep(session, combo, upload)
    elif drawn:
        pictures.remove(session, combo)
    if combo.picture != was:
        note_part(session, KIND, combo.id, "picture", about="", was="", became="·", doer=doer)


def put_on_sale(session: Session, combo: Combo, on_sale: bool, *, seen: str | None, doer: Doer) -> None:
    """On sale or off it, and nothing else. Does not commit."""
    take_turn(session, combo, seen)
    note(session, KIND, combo.id, {"on_sale": combo.on_sale}, {"on_sale": on_sale}, doer)
    combo.on_sale = on_sale
    _check(session, combo)


def _check(session: Session, combo: Combo) -> None:
    firm = lock_supplier(session, combo.supplier.id)
    if combo.on_sale and (firm is None or not firm.active):
        raise SupplierOff(_("This supplier is switched off, so the combo cannot be on sale."))
    same = [each for each in all_combos(session) if each is not combo and each.name.casefold() == combo.name.casefold()]
    if same and combo.on_sale and any(each.on_sale for each in same):
        raise NameTaken(_("Combo %(code)s has this name already.", code=same[0].code))


def _rows(items: Sequence[Item]) -> list[ComboItem]:
    return [
        ComboItem(
            position=place,
            name=item.name,
            quantity=item.quantity,
            unit=item.unit,
            measure=item.measure,
            remark=item.remark,
        )
        for place, item in enumerate(items, start=1)
    ]
