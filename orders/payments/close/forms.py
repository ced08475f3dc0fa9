"""Forms of the close: one day sealed, or all up to a day."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from kernel.forms import DayField, at_most, tidy
from kernel.money import MoneyFault, parse_dong
from orders.payments.close.minute import Minute, fingerprint
from orders.payments.close.seal import Typed

MOST = 10**15


class SealForm(FlaskForm):
    """Does the day look right? Asks besides what only a person can say: an opening balance, why a difference stands."""

    seen = HiddenField(validators=[InputRequired(_l("Load this page again, then send it once more."))])
    opening = StringField(
        _l("Opening balance"),
        description=_l("No statement states it. Read it at the bank, in whole đồng: 12.500.000"),
        filters=[tidy],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    opening_because = StringField(
        _l("Where did you read it?"),
        description=_l("It is printed on the minute. For example: “paper statement of 31/08, page 2”."),
        filters=[tidy],
        validators=[DataRequired(_l("Say where the balance stands.")), at_most(200)],
    )
    because = StringField(
        _l("Why is the day sealed over the difference?"),
        description=_l("It is printed on the minute."),
        filters=[tidy],
        validators=[DataRequired(_l("Say why.")), Length(min=4, message=_l("Say it in a few words.")), at_most(200)],
    )
    sure = BooleanField(
        _l("I have compared the sums with the bank's statement."),
        validators=[InputRequired(_l("Compare the sums, then tick the box."))],
    )

    @classmethod
    def about(cls, minute: Minute, **kwargs: Any) -> SealForm:
        """The form with the questions that this day raises."""
        form = cls(**kwargs)
        balances = minute["balances"]
        if balances["opening"] is not None:
            del form.opening, form.opening_because
        if not balances["difference"]:
            del form.because
        if not form.is_submitted() or "formdata" in kwargs:
            form.seen.data = fingerprint(minute)
        return form

    def validate_opening(self, field: Field) -> None:
        try:
            amount = parse_dong(field.data or "")
        except (MoneyFault, ValueError):  # Python reads no number of thousands of digits
            raise ValidationError(_("Enter whole đồng, for example 12.500.000.")) from None
        if amount > MOST:
            raise ValidationError(_("Enter whole đồng, for example 12.500.000."))

    @property
    def typed(self) -> Typed | None:
        """The opening balance, where it was asked for."""
        if self.opening is None:
            return None
        return Typed(parse_dong(self.opening.data or ""), self.opening_because.data or "")

    @property
    def reason(self) -> str:
        return (self.because.data or "") if self.because is not None else ""


class UpToForm(FlaskForm):
    """Up to which day?"""

    day = DayField(_l("Close all days up to"), validators=[InputRequired(_l("Say up to which day."))])
