"""The form of a ward's standing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from kernel.forms import KeepForm, at_most, tidy
from people.models import Standing

STANDINGS = {
    Standing.OPEN: _l("Open: orders and deliveries as usual"),
    Standing.LOCKED: _l("Locked: no orders and no deliveries"),
    Standing.PRIORITISED: _l("First: its orders are packed and brought before others"),
}


class StandingForm(KeepForm):
    """How do deliveries to this ward stand, and why?"""

    standing = RadioField(
        _l("Deliveries"),
        choices=[(each.value, words) for each, words in STANDINGS.items()],
        validators=[InputRequired(_l("Choose one of these."))],
    )
    because = StringField(
        _l("Reason"),
        description=_l("Residents of the ward read it in the shop; of an open ward it stays in the history alone."),
        filters=[tidy],
        validators=[DataRequired(_l("Say why.")), Length(min=4, message=_l("Say it in a few words.")), at_most(200)],
    )

    @property
    def chosen(self) -> Standing:
        return Standing(self.standing.data)
