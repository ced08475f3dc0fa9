"""What shall become of money that found no order, or left one again? Each posts back what was shown."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired

from kernel.forms import at_most
from orders.payments.forms import DeskForm
from orders.payments.late.choices import Way
from orders.payments.models import Debit


class WayForm(DeskForm):
    """Which of the ways, for which order? ``shown``: what was offered."""

    code = HiddenField()
    shown = HiddenField()
    way = HiddenField()

    def validate_way(self, field: Field) -> None:
        if field.data not in set(Way):
            raise ValidationError(_("Choose what becomes of the money."))


class SpendForm(DeskForm):
    """For which order is the credit used?"""

    code = StringField(
        _l("The order’s code"),
        filters=[lambda text: (text or "").replace(" ", "").upper()],
        validators=[InputRequired(_l("Enter the order code.")), at_most(12)],
    )


class DebitForm(DeskForm):
    """By which debit did the bank take it back?"""

    debit = RadioField(_l("By this debit"), coerce=str, validate_choice=False)

    def offer(self, debits: Sequence[Debit]) -> None:
        self.debit.choices = [(str(each.id), each.memo) for each in debits]
        if len(debits) == 1 and not self.debit.data:
            self.debit.data = str(debits[0].id)

    def validate_debit(self, field: Field) -> None:
        if field.data not in {choice[0] for choice in self.debit.choices or ()}:
            raise ValidationError(_("Choose the debit by which the bank took it back."))
