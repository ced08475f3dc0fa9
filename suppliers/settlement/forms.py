"""Forms of settlements."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import AnyOf, DataRequired, InputRequired, Regexp

from kernel import clock
from kernel.forms import DayField, PlainText, at_most, tidy
from people.models import Supplier
from suppliers.settlement.draw import Period


class DrawForm(FlaskForm):
    """Whose settlement, and for which days?"""

    supplier = SelectField(_l("Supplier"), validate_choice=False)
    begins_on = DayField(_l("From"), validators=[InputRequired(_l("Write the first day of the period."))])
    ends_on = DayField(
        _l("To"),
        description=_l("Day of the mark at the door. What was not settled before comes in, too."),
        validators=[InputRequired(_l("Write the last day of the period."))],
    )

    def offer(self, suppliers: Sequence[Supplier]) -> DrawForm:
        self.supplier.choices = [(str(each.id), each.name, {"lang": "vi"}) for each in suppliers]
        self._known = {str(each.id): each.id for each in suppliers}
        return self

    @property
    def supplier_id(self) -> int:
        return self._known[self.supplier.data]

    def validate_supplier(self, field: SelectField) -> None:
        if field.data not in self._known:
            raise ValidationError(_("Choose a supplier."))

    @property
    def period(self) -> Period:
        if self.begins_on.data is None or self.ends_on.data is None:
            raise TypeError("the form has not been validated")
        return Period(self.begins_on.data, self.ends_on.data)

    def validate_ends_on(self, field: DayField) -> None:
        if self.begins_on.data and field.data and field.data < self.begins_on.data:
            raise ValidationError(_("The last day is before the first."))
        if field.data and field.data > clock.today():
            raise ValidationError(_("This day has not come yet: a settlement is of days gone by."))


class AgreeForm(FlaskForm):
    """Who agrees? ``seen``: the version that was shown."""

    seen = HiddenField(validators=[AnyOf([str(number) for number in range(1, 1000)])])
    name = StringField(
        _l("Full name"),
        description=_l("It stands on the paper."),
        filters=[tidy],
        validators=[DataRequired(_l("Write the name of whoever agrees.")), at_most(80), PlainText()],
        render_kw={"autocomplete": "name"},
    )

    @property
    def version(self) -> int:
        return int(self.seen.data or 0)


class DisagreeForm(FlaskForm):
    """What is wrong with it? ``seen``: the version that was shown."""

    seen = HiddenField(validators=[AnyOf([str(number) for number in range(1, 1000)])])
    because = StringField(
        _l("What is not right?"),
        description=_l("Name the parcels or sums. The other side reads it."),
        filters=[tidy],
        validators=[DataRequired(_l("Say what is not right.")), at_most(500)],
    )

    @property
    def version(self) -> int:
        return int(self.seen.data or 0)


class PayForm(FlaskForm):
    """Which debit paid it?"""

    debit = StringField(
        _l("Number of the debit"),
        description=_l("As it stands among the money that went out."),
        filters=[tidy],
        validators=[
            DataRequired(_l("Write the number of the debit.")),
            Regexp(r"[1-9][0-9]{0,8}$", message=_l("There is no debit of this number.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    because = StringField(
        _l("Reason"),
        description=_l("How do you know? The next clerk will read this."),
        filters=[tidy],
        validators=[DataRequired(_l("Say how you know.")), at_most(200)],
    )
