"""Forms about teams, their vehicles and their couriers' accounts."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from kernel import clock
from kernel.forms import DayField, HourField, KeepForm, PlainText, WholeField, at_most, tidy, tidy_lines
from kernel.phones import PhoneFault, normalise
from orders.forms import PHONE_FAULTS
from people.desk.staff import LONGEST
from suppliers.couriers.blocks import NotUnderstood, Served, parse

MOST_BAGS = 500
LONGEST_TEXT = 4_000


class TeamForm(KeepForm):
    """What is the team called, when does it ride, and which blocks does it serve?"""

    name = StringField(
        _l("Name"),
        description=_l("As its couriers call it, for example “Đội Rau 1”."),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the name.")),
            Length(min=2, message=_l("At least %(min)d letters.")),
            at_most(40),
            PlainText(),
        ],
        render_kw={"autocomplete": "off"},
    )
    phone = StringField(
        _l("Phone of the team"),
        description=_l("A mobile number that is answered during the shift."),
        filters=[tidy],
        validators=[InputRequired(_l("Enter the phone number."))],
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )
    begins = HourField(_l("Shift begins"), validators=[InputRequired(_l("Enter the hour."))])
    ends = HourField(_l("Shift ends"), validators=[InputRequired(_l("Enter the hour."))])
    blocks = TextAreaField(
        _l("Wards and blocks"),
        description=_l(
            "One a line: a ward for all of it, or ward and block as “Dĩ An: KP Thống Nhất 1”. "
            "The pass holds for these wards."
        ),
        filters=[tidy_lines],
        validators=[InputRequired(_l("Name at least one ward.")), at_most(LONGEST_TEXT), PlainText()],
        render_kw={"rows": 6},
    )
    served: list[Served]

    def validate_phone(self, field: Field) -> None:
        try:
            field.data = normalise(field.data)
        except PhoneFault as fault:
            raise ValidationError(str(PHONE_FAULTS[fault.reason])) from fault

    def validate_ends(self, field: Field) -> None:
        if field.data and self.begins.data and field.data <= self.begins.data:
            raise ValidationError(_("The shift ends after it begins, on the same day."))

    def validate_blocks(self, field: Field) -> None:
        try:
            self.served = parse(field.data)
        except NotUnderstood as fault:
            raise ValidationError(str(fault)) from fault


class VehicleForm(KeepForm):
    """What does the team ride, and how much does it take?"""

    name = StringField(
        _l("Vehicle"),
        description=_l("For example “Xe máy 1” or “Xe ba gác”."),
        filters=[tidy],
        validators=[InputRequired(_l("Enter the name.")), at_most(40), PlainText()],
        render_kw={"autocomplete": "off"},
    )
    plate = StringField(
        _l("Number plate"),
        description=_l("It stands on the pass. Leave it empty for a bicycle."),
        filters=[tidy, str.upper],
        validators=[at_most(16), PlainText()],
        render_kw={"autocomplete": "off"},
    )
    bags = WholeField(_l("Bags that it takes at once"), least=1, most=MOST_BAGS)


class LastsForm(KeepForm):
    """Until the end of which day does an account last?"""

    last_day = DayField(
        _l("Last day"),
        description=_l("At most 60 days ahead."),
        validators=[InputRequired(_l("Enter the day."))],
    )

    def validate_last_day(self, field: Field) -> None:
        today = clock.today()
        if not today <= field.data <= today + LONGEST:
            raise ValidationError(_("From today to %(days)s days ahead. Choose another day.", days=LONGEST.days))


class UploadForm(KeepForm):
    """A table of couriers."""

    file = FileField(
        _l("Table of couriers (Excel or CSV)"),
        description=_l("Columns: full name, phone, team, expires; in any order. At most 100 lines."),
        validators=[FileRequired(_l("Choose the file."))],
    )
