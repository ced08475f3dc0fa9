"""Forms for residents: checkout and tracking."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional

from kernel.forms import PlainText, at_most, tidy
from kernel.phones import PhoneFault, PhoneReason, normalise
from kernel.pins import Pin
from orders.consent import CURRENT, WORDINGS
from orders.models import IfShort
from orders.pin import NoPin, doubt, read_pin
from orders.reference import is_valid
from orders.wording import IF_SHORT
from people.wards import WARDS_2021, Ward, understand
from shop.capacity import Offer

PHONE_FAULTS = {
    PhoneReason.EMPTY: _l("Enter the phone number that we can reach you at."),
    PhoneReason.NOT_DIGITS: _l("A phone number has digits only, for example 0912 345 678."),
    PhoneReason.FOREIGN: _l("Enter a Vietnamese mobile number, for example 0912 345 678."),
    PhoneReason.TOO_SHORT: _l(
        "This phone number is too short: a mobile number has ten digits, for example 0912 345 678."
    ),
    PhoneReason.TOO_LONG: _l(
        "This phone number is too long: a mobile number has ten digits, for example 0912 345 678."
    ),
    PhoneReason.LANDLINE: _l("This is a landline. The courier needs a mobile number, for example 0912 345 678."),
    PhoneReason.NO_SUCH_PREFIX: _l("No Vietnamese mobile number begins like this. Check the first digits."),
}


_LAST4 = re.compile(r"[0-9]{4}")
_ROW_NUMBER = re.compile(r"[0-9]{1,9}")


class Phone:
    """Any usual form of a Vietnamese mobile number; the field keeps the ten digits."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        try:
            field.data = normalise(field.data or "")
        except PhoneFault as fault:
            raise ValidationError(str(PHONE_FAULTS[fault.reason])) from fault


def if_short_field() -> RadioField:
    """What a resident wants where something can't be brought. Whoever says nothing gets the money back."""
    return RadioField(
        _l("If something can't be brought"),
        choices=list(IF_SHORT.items()),
        default=IfShort.REFUND.value,
        validate_choice=False,
        validators=[AnyOf(list(IfShort), message=_l("Choose one of the list."))],
    )


class CheckoutForm(FlaskForm):
    """Who gets it, where, in which round, and may we keep that?"""

    name = StringField(
        _l("Full name"),
        description=_l("As you will write it when you pay."),
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
    ward_typed = StringField(
        _l("Or type your ward"),
        description=_l("The new name (since 2025) will do too."),
        filters=[tidy],
        validators=[at_most(80)],
    )
    address = StringField(
        _l("Address"),
        description=_l("House number, street or lane, quarter. Boarding house: the room too."),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the address to deliver to.")),
            Length(min=4, max=200, message=_l("An address has 4 to 200 letters.")),
            PlainText(),
        ],
        render_kw={"autocomplete": "street-address"},
    )
    location = StringField(
        _l("Location"),
        description=_l("Two numbers, or the long link, copied from a map: 10.9056, 106.7692."),
        filters=[tidy],
        validators=[Optional(), at_most(500)],
        render_kw={"autocomplete": "off"},
    )
    note = TextAreaField(
        _l("Note for the courier"),
        filters=[tidy],
        validators=[Optional(), at_most(300)],
    )
    round = RadioField(_l("Delivery round"), coerce=str, validate_choice=False)
    if_short = if_short_field()
    consent = BooleanField(
        WORDINGS[CURRENT],
        # DataRequired: what is sent must say yes. InputRequired would take a "false" for consent.
        validators=[DataRequired(_l("We need your consent to deliver to you. Tick the box if you agree."))],
    )
    seen_total = HiddenField()
    sure_of = HiddenField(validators=[at_most(500)])
    attempt = HiddenField(default=lambda: secrets.token_urlsafe(12), validators=[at_most(40)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found_ward: Ward | None = None
        self.pin: Pin | None = None
        self.offer_wards(WARDS_2021)

    def offer_wards(self, wards: tuple[Ward, ...]) -> None:
        self.ward.choices = [("", _("Choose your ward")), *((ward.name, ward.name, {"lang": "vi"}) for ward in wards)]

    def offer_rounds(self, offers: Sequence[Offer]) -> None:
        self.round.choices = [(str(offer.round.id), offer.round.name) for offer in offers]
        if not self.round.data and (free := [offer for offer in offers if not offer.full]):
            self.round.data = str(free[0].round.id)

    def validate_ward(self, field: Field) -> None:
        """One ward of 2021, from the list or from what was typed. A name that may mean several asks which."""
        typed = field.data or self.ward_typed.data or ""
        possible = understand(typed) if typed else ()
        if len(possible) == 1:
            self.found_ward = possible[0]
            return
        if possible:
            self.offer_wards(possible)
            raise ValidationError(
                _("“%(typed)s” can mean several wards of before 2025. Choose yours here.", typed=typed)
            )
        raise ValidationError(
            _("We do not know this ward. Choose it from the list.") if typed else _("Choose your ward.")
        )

    def validate_location(self, field: Field) -> None:
        """A place in the city. One that is far from the ward is asked about once: who sends it again means it."""
        if not field.data:
            return
        try:
            pin = read_pin(field.data)
        except NoPin as fault:
            raise ValidationError(str(fault)) from fault
        asked = doubt(pin, self.found_ward) if self.found_ward else ""
        if asked and self.sure_of.data != field.data:
            self.sure_of.data = field.data
            raise ValidationError(asked)
        self.pin = pin

    def validate_round(self, field: Field) -> None:
        if not _ROW_NUMBER.fullmatch(field.data or ""):
            raise ValidationError(_("Choose a delivery round."))


class TrackForm(FlaskForm):
    """Which order, and the last four digits of the phone it was placed with?"""

    code = StringField(
        _l("Order code"),
        description=_l("It begins with DC and stands on your order's page."),
        filters=[lambda code: (code or "").replace(" ", "").upper()],
        validators=[InputRequired(_l("Enter the order code."))],
        render_kw={"autocapitalize": "characters", "autocomplete": "off"},
    )
    last4 = StringField(
        _l("Last four digits of your phone number"),
        filters=[lambda digits: (digits or "").replace(" ", "")],
        validators=[InputRequired(_l("Enter the last four digits of the phone number."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"},
    )

    def validate_code(self, field: Field) -> None:
        if not is_valid(field.data):
            raise ValidationError(_("This is no order code. It looks like DC2CYTZ9S: DC and seven letters or digits."))

    def validate_last4(self, field: Field) -> None:
        if not _LAST4.fullmatch(field.data):
            raise ValidationError(_("Exactly four digits."))


class IfShortForm(FlaskForm):
    """What shall we do if something of this order can't be brought?"""

    if_short = if_short_field()


class ReasonForm(FlaskForm):
    """Why? For steps that the office takes or takes back."""

    because = StringField(
        _l("Reason"),
        description=_l("The next clerk will read this."),
        filters=[tidy],
        validators=[DataRequired(_l("Say how you know.")), at_most(200)],
    )
