"""The form of who wants to wait for a place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from kernel.forms import PlainText, tidy
from orders.consent import WAITING, WORDINGS
from orders.forms import Phone
from people.models import WardRow
from people.wards import WARDS_2021
from shop.models import Round
from shop.rounds import round_promise, sentence

_ROW_NUMBER = re.compile(r"[0-9]{1,9}")


class WaitForm(FlaskForm):
    """Who waits, in which ward, for which round?"""

    name = StringField(
        _l("Full name"),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter your full name.")),
            Length(min=2, max=80, message=_l("A name has 2 to 80 letters.")),
            PlainText(),
        ],
        render_kw={"autocomplete": "name"},
    )
    phone = StringField(
        _l("Mobile phone"),
        validators=[InputRequired(_l("Enter the phone number that we can reach you at.")), Phone()],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    ward = SelectField(_l("Ward"), coerce=str, validate_choice=False, filters=[tidy])
    round = RadioField(_l("Delivery round"), coerce=str, validate_choice=False)
    consent = BooleanField(
        WORDINGS[WAITING],
        validators=[DataRequired(_l("We need your consent to keep you on the list. Tick the box if you agree."))],
    )

    def offer(self, rounds: Sequence[Round]) -> None:
        """The choices; the first round where none is chosen."""
        listed = ((ward.name, ward.name, {"lang": "vi"}) for ward in WARDS_2021)
        self.ward.choices = [("", _("Choose your ward")), *listed]
        self.round.choices = [(str(each.id), sentence(round_promise(each))) for each in rounds]
        if not self.round.data and rounds:
            self.round.data = str(rounds[0].id)

    def validate_ward(self, field: Field) -> None:
        if field.data not in {ward.name for ward in WARDS_2021}:
            raise ValidationError(_("Choose your ward."))

    def validate_round(self, field: Field) -> None:
        if not _ROW_NUMBER.fullmatch(field.data or ""):
            raise ValidationError(_("Choose a delivery round."))

    def chosen_ward(self, wards: Sequence[WardRow]) -> WardRow:
        return next(ward for ward in wards if ward.name == self.ward.data)
