"""Until when, and why?"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired

from kernel.clock import VIETNAM
from kernel.forms import WallTimeField, at_most, tidy


class DeadlineForm(FlaskForm):
    """The new deadline, and the reason for the next clerk."""

    until = WallTimeField(_l("To be paid before"), validators=[InputRequired(_l("Enter day and hour."))])
    because = StringField(
        _l("Reason"),
        description=_l("The next clerk will read this."),
        filters=[tidy],
        validators=[DataRequired(_l("Say why.")), at_most(200)],
    )

    @property
    def moment(self) -> datetime:
        """What was typed is what a clock on a wall in Vietnam shows. Ask once the form is valid."""
        typed: datetime = self["until"].data
        return typed.replace(tzinfo=VIETNAM)
