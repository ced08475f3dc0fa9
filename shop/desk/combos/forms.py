"""The form about a combo, its items as lines of text."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from kernel.forms import (
    BecauseForm,
    ChoiceField,
    KeepForm,
    PlainText,
    PriceField,
    WholeField,
    at_most,
    tidy,
    tidy_lines,
)
from kernel.text import disguises
from people.models import Supplier
from shop.quantities import Item, QuantityFault, parse_item

MOST_ITEMS = 40
LONGEST_ITEM = 120
LARGEST_QUANTITY = 1_000_000  # a tonne in grams


class ComboForm(KeepForm):
    """What is it called, where does it stand in the shop, who packs it, and what is in it?"""

    name = StringField(
        _l("Name"),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the name.")),
            Length(min=3, message=_l("At least %(min)d letters.")),
            at_most(80),
            PlainText(),
        ],
        render_kw={"autocomplete": "off"},
    )
    group = StringField(
        _l("Group"),
        description=_l("The shop shows combos of one group together. Choose one of those, or write a new one."),
        filters=[tidy],
        validators=[InputRequired(_l("Enter the group.")), at_most(40), PlainText()],
        render_kw={"autocomplete": "off", "list": "groups"},
    )
    items = TextAreaField(
        _l("Items"),
        description=_l("One a line: what, how much, of what. For example “rau muống 0,5 kg” or “trứng gà 10 quả”."),
        filters=[tidy_lines],
        validators=[InputRequired(_l("Write what is in the combo."))],
        render_kw={"rows": "10", "spellcheck": "false"},
    )
    supplier = ChoiceField(_l("Supplier"))
    position = WholeField(
        _l("Position"), least=1, most=9999, description=_l("Small numbers come first in the shop."),
    )  # fmt: skip
    cold_chain = BooleanField(
        _l("Keep cold until it is handed over: marked on picking lists, packing lists and labels")
    )
    on_sale = BooleanField(_l("On sale"))
    picture = FileField(
        _l("Picture"),
        description=_l("A photograph (JPEG, PNG or WebP). Without one the shop draws the items."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )
    drawn = BooleanField(_l("Show drawings of the items instead of the photograph"))

    def offer(self, firms: Sequence[Supplier], *, now: Supplier | None = None) -> None:
        """The firms that may pack it: the active ones, and the one that does now."""
        listed = {str(firm.id): firm.name for firm in [*firms, *([now] if now else [])]}
        self.supplier.choices = [(key, name, {"lang": "vi"}) for key, name in listed.items()]

    def validate_items(self, field: Field) -> None:
        lines = (field.data or "").splitlines()
        if len(lines) > MOST_ITEMS:
            raise ValidationError(_("At most %(many)d items.", many=MOST_ITEMS))
        for number, line in enumerate(lines, start=1):
            if fault := _fault(line):
                raise ValidationError(
                    _("Line %(number)d, “%(line)s”: %(fault)s", number=number, line=line[:60], fault=fault)
                )
        twice = [line for line in lines if lines.count(line) > 1]
        if twice:
            raise ValidationError(_("“%(line)s” stands here twice.", line=twice[0]))

    @property
    def parsed(self) -> list[Item]:
        """The items that can be read, for a look before saving."""
        return [parse_item(line) for line in (self.items.data or "").splitlines() if not _fault(line)]


class NewComboForm(ComboForm):
    """A combo that there was not, with its first price."""

    price = PriceField(_l("Price"), description=_l("In đồng, for example 130.000."), render_kw={"inputmode": "numeric"})


class PriceForm(BecauseForm):
    """What shall it cost, and why?"""

    becomes = PriceField(
        _l("New price"), description=_l("In đồng, for example 130.000."), render_kw={"inputmode": "numeric"}
    )


def _fault(line: str) -> str:
    """What is wrong with one item; empty where nothing is."""
    if len(line) > LONGEST_ITEM:
        return str(_("it is longer than %(many)d letters.", many=LONGEST_ITEM))
    if disguises(line):
        return str(_("there is a hidden or foreign character in it. Please type it again."))
    try:
        item = parse_item(line)
    except (QuantityFault, ValueError):
        return str(_("write what, how much and of what, such as “rau muống 0,5 kg”."))
    return str(_("that is too much for one household.")) if item.quantity > LARGEST_QUANTITY else ""
