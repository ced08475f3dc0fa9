"""The form of the rota: once in how many days, for the city and for wards that have a rule of their own."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from kernel.forms import KeepForm, WholeField, at_most, tidy
from orders.rota.keep import MOST_DAYS, Rule
from people.models import WardRow

_WARD = "ward-"


class OwnDays(WholeField):
    """The rule of the ward ``ward_id``; nothing written is that of the city."""

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data:
            super().pre_validate(form)

    @property
    def ward_id(self) -> int:
        return int(self.name.removeprefix(_WARD))


class RotaForm(KeepForm):
    """How often does a household order?"""

    city = WholeField(
        _l("The whole city: once in so many days"),
        most=MOST_DAYS,
        description=_l("0: as often as they like. 7: once a week, counted by days of delivery."),
    )
    because = StringField(
        _l("Reason"),
        description=_l("It stays in the history."),
        filters=[tidy],
        validators=[DataRequired(_l("Say why.")), Length(min=4, message=_l("Say it in a few words.")), at_most(200)],
    )

    @property
    def own(self) -> list[OwnDays]:
        return [field for field in self if isinstance(field, OwnDays)]

    def rule(self) -> Rule:
        """Ask once the form is valid."""
        own = {field.ward_id: field.number for field in self.own if field.number is not None}
        return Rule(self.city.number or 0, own)


def rota_form(wards: Sequence[WardRow], kept: Rule, version: int, *, typed: bool) -> RotaForm:
    """The form with a field for each ward; filled in with what is kept, unless something was ``typed``."""
    fields = {f"{_WARD}{ward.id}": OwnDays(ward.name, most=MOST_DAYS) for ward in wards}
    form: type[RotaForm] = type("RotaForm", (RotaForm,), fields)
    return form(data=None if typed else {**facts(kept), "version": str(version)})


def facts(kept: Rule) -> dict[str, object]:
    return {"city": str(kept.city), **{f"{_WARD}{ward_id}": str(days) for ward_id, days in kept.own.items()}}
