"""The form of a round's last orders: one time for each ward, empty for that of the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Optional

from kernel import clock
from kernel.forms import KeepForm, WallTimeField, at_most, tidy
from orders.desk.rounds.forms import FARTHEST, aware, wall
from people.models import WardRow
from shop.models import Round

_WARD = "ward-"


class WardTime(WallTimeField):
    """The last order of the ward ``ward_id``."""

    @property
    def ward_id(self) -> int:
        return int(self.name.removeprefix(_WARD))


class ClosesForm(KeepForm):
    """Until when does each ward order and pay?"""

    closed_now = BooleanField(_l("Yes, these wards close at once: their last order lies in the past"))
    because = StringField(
        _l("Reason"),
        description=_l("Needed where residents of the ward have ordered. They read it on their order's page."),
        filters=[tidy],
        validators=[Optional(), at_most(200)],
    )

    @property
    def times(self) -> list[WardTime]:
        return [field for field in self if isinstance(field, WardTime)]

    def moments(self) -> dict[int, datetime]:
        """Ward → its own last order. Ask once the form is valid."""
        return {field.ward_id: aware(field.data) for field in self.times if field.data}

    def fits(self, delivery: Round) -> bool:
        """Whether each time lies within the round; what is wrong stands at its field."""
        for field in self.times:
            if fault := self._fault(field, delivery):
                field.errors = [fault]
        if not any(field.errors for field in self.times) and self._is_past(delivery) and not self.closed_now.data:
            self.closed_now.errors = [_("A last order lies in the past: tick the box if the ward closes at once.")]
        return not self.errors

    def _fault(self, field: WardTime, delivery: Round) -> str:
        if field.data is None:
            return ""
        if abs(field.data.date() - clock.today()) > FARTHEST:
            return str(_("%(ward)s: within a year, please.", ward=field.label.text))
        if aware(field.data) <= delivery.opens_at:
            return str(_("%(ward)s: it closes after the round opens.", ward=field.label.text))
        if aware(field.data) > delivery.dispatch_at:
            return str(_("%(ward)s: it cannot close after the round is dispatched.", ward=field.label.text))
        return ""

    def _is_past(self, delivery: Round) -> bool:
        """Whether a ward that takes orders now would not any more."""
        now, fresh = clock.now(), self.moments()
        open_now = [field.ward_id for field in self.times if delivery.takes_orders(now, field.ward_id)]
        return any(fresh.get(ward_id, delivery.closes_at) <= now for ward_id in open_now)


def closes_form(wards: Sequence[WardRow], delivery: Round, *, typed: bool) -> ClosesForm:
    """The form with a field for each ward; filled in with what is kept, unless something was ``typed``."""
    fields = {f"{_WARD}{ward.id}": WardTime(ward.name, validators=[Optional()]) for ward in wards}
    form: type[ClosesForm] = type("ClosesForm", (ClosesForm,), fields)
    return form(data=None if typed else {**facts(delivery), "version": str(delivery.version)})


def facts(delivery: Round) -> Mapping[str, object]:
    return {f"{_WARD}{ward_id}": wall(moment) for ward_id, moment in delivery.own_closes.items()}
