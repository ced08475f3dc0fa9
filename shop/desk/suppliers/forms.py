"""The form about a supplier."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from kernel.forms import KeepForm, PlainText, at_most, tidy

# A mobile, a landline with its area, or a service number.
_PHONE = re.compile(r"0[0-9]{9,10}|1[89]00[0-9]{4,6}")


def bare_phone(text: str | None) -> str:
    """Without the blanks, dots and hyphens that people write; ``+84`` as 0."""
    bare = re.sub(r"[\s.\-()]+", "", text or "")
    return "0" + bare.removeprefix("+84") if bare.startswith("+84") else bare


class SupplierForm(KeepForm):
    """What is the firm called, and which number is answered there?"""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the name.")),
            Length(min=3, message=_l("At least %(min)d letters.")),
            at_most(80),
            PlainText(),
        ],
    )
    phone = StringField(
        _l("Phone"),
        description=_l("The number that the office calls: mobile, landline with its area, or 1900 …"),
        filters=[bare_phone],
        validators=[InputRequired(_l("Enter the phone number.")), at_most(20)],
        render_kw={"autocomplete": "off", "inputmode": "tel"},
    )

    def validate_phone(self, field: Field) -> None:
        if not _PHONE.fullmatch(field.data):
            raise ValidationError(_("This is no Vietnamese phone number. For example 0274 3800 100 or 0912 345 678."))


class SwitchForm(KeepForm):
    """Switch a firm off: shall its combos go off sale with it?"""

    combos_too = BooleanField(_l("Yes, take these combos off sale"))
