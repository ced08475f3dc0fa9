"""Forms of the shop."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from shop.basket import MOST_OF_ONE


class QuantityField(IntegerField):
    """A number of things, in words of ours where it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(_("Enter a whole number.")) from fault


class PickForm(FlaskForm):
    """How many of this combo?"""

    combo = HiddenField(validators=[InputRequired()])
    quantity = QuantityField(
        _l("Quantity"),
        default=1,
        validators=[NumberRange(min=0, max=MOST_OF_ONE, message=_l("Between %(min)d and %(max)d of one combo."))],
        render_kw={"inputmode": "numeric", "min": "0", "max": str(MOST_OF_ONE)},
    )
