"""The form of who says that they have paid."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import Optional

from kernel import clock
from kernel.forms import PlainText, WallTimeField, at_most, tidy
from kernel.money import MoneyFault, parse_dong

LONG_AGO = timedelta(days=30)
SOON = timedelta(minutes=10)


class ClaimForm(FlaskForm):
    """Have you paid? From which bank, when and how much, if you like."""

    bank = StringField(_l("Your bank or wallet"), filters=[tidy], validators=[Optional(), at_most(60), PlainText()])
    paid_at = WallTimeField(_l("When you transferred it"), validators=[Optional()])
    amount = StringField(
        _l("Amount"),
        filters=[tidy],
        validators=[Optional(), at_most(20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )

    @property
    def moment(self) -> datetime | None:
        """What was typed is what a clock on a wall in Vietnam showed."""
        typed: datetime | None = self.paid_at.data
        return typed and typed.replace(tzinfo=clock.VIETNAM)

    @property
    def dong(self) -> int | None:
        return parse_dong(self.amount.data) if self.amount.data else None

    def validate_paid_at(self, field: Field) -> None:
        moment = self.moment
        if moment and moment > clock.now() + SOON:
            raise ValidationError(_("This time is still to come. Write when you made the transfer."))
        if moment and moment < clock.now() - LONG_AGO:
            raise ValidationError(_("This is long ago. Check the day."))

    def validate_amount(self, field: Field) -> None:
        try:
            positive = parse_dong(field.data) > 0
        except MoneyFault:
            positive = False
        if not positive or len(field.data) > 20:
            raise ValidationError(_("Write the amount in whole đồng, for example 100.000."))
