"""The forms of a group order: who leads it, one neighbour, many neighbours as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kernel.forms import PlainText, WholeField, at_most, tidy
from orders.consent import LEADER, NEIGHBOUR, NEIGHBOURS, WORDINGS
from orders.forms import Phone, if_short_field
from orders.groups.draft import Entry
from orders.groups.models import Neighbour
from orders.groups.table import read_table
from orders.waiting.forms import WaitForm
from shop.basket import MOST_OF_ONE
from shop.models import Combo

_ASKED = DataRequired(_l("Ask first. Tick the box if they agree: without that we may not keep their name."))
_PICK = "many_"


class LeaderForm(WaitForm):
    """Who leads the group, in which ward, for which round?"""

    consent = BooleanField(
        WORDINGS[LEADER],
        validators=[DataRequired(_l("We need your consent to take your payment. Tick the box if you agree."))],
    )


class Quantity(WholeField):
    """How many of a combo; nothing written is none."""

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data:
            super().pre_validate(form)


class NeighbourForm(FlaskForm):
    """One neighbour: who, where, and which combos?"""

    name = StringField(
        _l("Full name"),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the neighbour's full name.")),
            Length(min=2, max=80, message=_l("A name has 2 to 80 letters.")),
            PlainText(),
        ],
        render_kw={"autocomplete": "off"},
    )
    phone = StringField(
        _l("Mobile phone"),
        description=_l("Who has none: leave it empty, and the courier calls you."),
        validators=[Optional(), Phone()],
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )
    address = StringField(
        _l("Address"),
        description=_l("House number, street or lane, quarter. Boarding house: the room too."),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the address to deliver to.")),
            Length(min=4, max=200, message=_l("An address has 4 to 200 letters.")),
            PlainText(),
        ],
        render_kw={"autocomplete": "off"},
    )
    consent = BooleanField(WORDINGS[NEIGHBOUR], validators=[_ASKED])

    @property
    def quantities(self) -> list[Quantity]:
        """A field for each combo, in the shop's order."""
        return [field for field in self if isinstance(field, Quantity)]

    @property
    def entry(self) -> Entry:
        picked = {field.name.removeprefix(_PICK): field.number or 0 for field in self.quantities}
        return Entry(
            name=self.name.data or "",
            phone=self.phone.data or "",
            address=self.address.data or "",
            picked={code: many for code, many in picked.items() if many},
            consent=NEIGHBOUR,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.quantities and not any(field.data for field in self.quantities if field.data != "0"):
            self.quantities[0].errors = [_("Choose at least one combo.")]
            return False
        return valid


def neighbour_form(
    combos: Sequence[Combo], *, known: Neighbour | None = None, like: Neighbour | None = None
) -> NeighbourForm:
    """The form with a field for each combo; filled in with what is ``known``, or with what somebody else gets."""
    fields = {_PICK + combo.code: Quantity(combo.name, most=MOST_OF_ONE) for combo in combos}
    form: type[NeighbourForm] = type("NeighbourForm", (NeighbourForm,), fields)
    return form(data={**_person(known), **_picked(known or like)})


def _person(known: Neighbour | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {"name": known.name, "phone": known.phone, "address": known.address, "consent": True}


def _picked(known: Neighbour | None) -> Mapping[str, str]:
    return {_PICK + code: str(many) for code, many in known.picked.items()} if known else {}


class TableForm(FlaskForm):
    """Many neighbours at once, as a table that was written elsewhere."""

    table = TextAreaField(
        _l("Table of neighbours"),
        description=_l("A line each: name; phone; address; combos. The phone may be left out, the semicolon not."),
        validators=[InputRequired(_l("Paste at least one line.")), at_most(20_000)],
    )
    consent = BooleanField(WORDINGS[NEIGHBOURS], validators=[_ASKED])

    def read(self, combos: Sequence[Combo]) -> list[Entry]:
        """The neighbours of the table; none where a line is faulty, and the field names the faults."""
        entries, faults = read_table(self.table.data or "", {combo.code for combo in combos}, consent=NEIGHBOURS)
        self.table.errors = faults or ([] if entries else [_("Paste at least one line.")])
        return [] if faults else entries


class PlaceForm(FlaskForm):
    """Order for all of them? ``seen_total``: what the leader was shown. Each neighbour may say otherwise later."""

    if_short = if_short_field()
    seen_total = HiddenField()
