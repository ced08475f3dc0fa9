"""Forms about shortages: declaring one, what a resident agreed to, how the office shares and what items are worth."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, RadioField, StringField, ValidationError
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from kernel.forms import ChoiceField, PlainText, PriceField, at_most, tidy
from shop.quantities import QuantityFault, Unit, parse_quantity
from suppliers.shortages.models import Rule
from suppliers.shortages.worth import ItemKey

RULES = {
    Rule.PAYMENT: _l("By time of payment: who paid last goes without"),
    Rule.PROPORTION: _l("In proportion: everybody goes without the same part"),
}
UNITS = {
    Unit.GRAM: _l("for a kilogram"),
    Unit.MILLILITRE: _l("for a litre"),
    Unit.PIECE: _l("for a piece"),
}
MOST = 1_000_000_000


class ShortageForm(FlaskForm):
    """What is missing, how much of it, why, and what can be given instead?

    ``seen``: the digest of what was shown; without it the form only asks to be shown what would happen.
    """

    item = ChoiceField(_l("What is missing"), coerce=str, validate_choice=False)
    quantity = StringField(
        _l("How much of it"),
        description=_l("With its unit, for example “37 kg”, “500 g” or “12 quả”."),
        filters=[tidy],
        validators=[InputRequired(_l("Say how much is missing.")), at_most(30)],
        render_kw={"autocomplete": "off"},
    )
    because = StringField(
        _l("Why"),
        description=_l("The office reads this, and so may the resident."),
        filters=[tidy],
        validators=[InputRequired(_l("Say why it can't be brought.")), at_most(200)],
        render_kw={"autocomplete": "off"},
    )
    instead = StringField(
        _l("What you can give instead"),
        description=_l("For example “thịt heo 500 g”. Leave it empty if there is nothing of the same worth."),
        filters=[tidy],
        validators=[Optional(), at_most(100), PlainText()],
        render_kw={"autocomplete": "off"},
    )
    seen = HiddenField(validators=[at_most(40)])
    attempt = HiddenField(default=lambda: secrets.token_urlsafe(12), validators=[at_most(40)])

    def __init__(self, *args: Any, items: Mapping[ItemKey, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._measures = items
        self.missing = 0
        listed = [(f"{unit.value}:{name}", name, {"lang": "vi"}) for name, unit in items]
        self.item.choices = [("", _("Choose the item")), *listed]

    @property
    def chosen(self) -> ItemKey:
        unit, _colon, name = (self.item.data or "").partition(":")
        return name, Unit(unit)

    def validate_item(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Choose the item."))

    def validate_quantity(self, field: Field) -> None:
        """In the item's own unit; a piece may be called as it is, or not at all."""
        try:
            self.missing, unit, measure = parse_quantity(field.data)
        except QuantityFault as fault:
            raise ValidationError(
                _("Write a number and its unit, for example “37 kg”, “500 g” or “12 quả”.")
            ) from fault
        if self.missing > MOST:
            raise ValidationError(_("That is more than any manifest holds."))
        if self.item.errors or not self.item.data:
            return
        known = self._measures.get(self.chosen, "")
        if unit is not self.chosen[1]:
            raise ValidationError(_ASK_UNIT[self.chosen[1]] % {"measure": known})
        if measure and measure.lower() != known.lower():
            raise ValidationError(_ASK_UNIT[Unit.PIECE] % {"measure": known})


_ASK_UNIT = {
    Unit.GRAM: _l("This item is weighed: write for example 37 kg or 500 g."),
    Unit.MILLILITRE: _l("This item is measured: write for example 2 l or 500 ml."),
    Unit.PIECE: _l("This item is counted: write for example 12 %(measure)s."),
}


class AnswerForm(FlaskForm):
    """What did the resident agree to?"""

    order = IntegerField(validators=[InputRequired()])
    became = HiddenField(validators=[AnyOf(["equivalent", "refund"])])
    instead = StringField(_l("Agreed: we bring instead"), filters=[tidy], validators=[at_most(100), PlainText()])


class RuleForm(FlaskForm):
    """How is a shortage shared out? ``version`` is the one that was shown."""

    rule = RadioField(
        _l("Who goes without"),
        choices=list(RULES.items()),
        validate_choice=False,
        validators=[AnyOf(list(Rule), message=_l("Choose one of the list."))],
    )
    version = HiddenField()


class PriceForm(FlaskForm):
    """What is an item worth where it is missing?"""

    name = StringField(
        _l("Item"),
        description=_l("As the combos write it, for example “cá nục”."),
        filters=[tidy],
        validators=[InputRequired(_l("Name the item.")), Length(max=80, message=_l("At most %(max)d letters."))],
        render_kw={"autocomplete": "off", "list": "known-items"},
    )
    unit = ChoiceField(_l("What the price is for"), choices=list(UNITS.items()), coerce=str, validate_choice=False)
    price = PriceField(_l("Price in đồng"))
