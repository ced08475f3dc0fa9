"""What forms of several packages share: WTForms itself speaks no Vietnamese, so its own messages have words of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length

from kernel.changes import shown
from kernel.money import MoneyFault, format_dong, parse_dong
from kernel.text import disguises

_WHOLE = re.compile(r"[0-9]{1,9}")


def at_most(letters: int) -> Length:
    """No longer than so many letters."""
    return Length(max=letters, message=_l("At most %(max)d letters."))


def tidy(text: str | None) -> str:
    """Composed letters (NFC) and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def tidy_lines(text: str | None) -> str:
    """Composed letters and single spaces, line by line; empty lines are gone."""
    return "\n".join(filter(None, map(tidy, (text or "").splitlines())))


class PlainText:
    """No hidden or look-alike characters: such a name could never be found, or matched with a payment."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if disguises(field.data or ""):
            raise ValidationError(_("There is a hidden or foreign character in here. Please type it again."))


WALL_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"]
"""As browsers send it, and as people write it where a browser leaves it to them."""


class WallTimeField(DateTimeLocalField):
    """A date and time as a clock on the wall shows it, without a zone. Its hint says how to write it."""

    def __init__(self, *args: Any, description: Any = "", **kwargs: Any) -> None:
        how = _l("Day, month, year and 24 hours, for example 22/11/2026 17:30.")
        if description:
            how = _l("%(what)s Day, month, year and 24 hours, for example 22/11/2026 17:30.", what=description)
        super().__init__(*args, **{"format": WALL_TIMES, **kwargs}, description=how)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(_("Write day and time, for example 22/11/2026 17:30.")) from fault


class DayField(DateField):
    """A day of the calendar. Its hint says how to write it."""

    def __init__(self, *args: Any, description: Any = "", **kwargs: Any) -> None:
        how = _l("Day, month and year, for example 22/11/2026.")
        if description:
            how = _l("%(what)s Day, month and year, for example 22/11/2026.", what=description)
        super().__init__(*args, **{"format": ["%Y-%m-%d", "%d/%m/%Y"], **kwargs}, description=how)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(_("Write the day, for example 22/11/2026.")) from fault


class HourField(TimeField):
    """An hour of the day. Its hint says how to write it."""

    def __init__(self, *args: Any, description: Any = "", **kwargs: Any) -> None:
        how = _l("24 hours, for example 17:30.")
        if description:
            how = _l("%(what)s 24 hours, for example 17:30.", what=description)
        super().__init__(*args, **kwargs, description=how)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(_("Write the hour, for example 17:30.")) from fault


class ChoiceField(SelectField):
    """One of a list."""

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data not in [choice[0] for choice in self.choices or ()]:
            raise ValidationError(_("Choose one of the list."))


class WholeField(StringField):
    """A whole number from ``least`` to ``most``, written in digits and nothing else."""

    def __init__(self, *args: Any, least: int = 0, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"render_kw": {"inputmode": "numeric", "autocomplete": "off"}, **kwargs})
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = tidy(valuelist[0] if valuelist else "")

    def pre_validate(self, form: FlaskForm) -> None:
        if self.number is None:
            raise ValidationError(
                _("Enter a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )

    @property
    def number(self) -> int | None:
        """What was written, if it is a number within the bounds."""
        return whole(str(self.data), self.least, self.most)


def whole(text: str, least: int, most: int) -> int | None:
    """The whole number that ``text`` is, if it lies within the bounds."""
    number = int(text) if _WHOLE.fullmatch(text) else None
    return number if number is not None and least <= number <= most else None


class PriceField(StringField):
    """Whole đồng, as people write them: 120000, 120.000 or 120k."""

    LEAST, MOST = 1_000, 10_000_000

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = tidy(valuelist[0] if valuelist else "")

    def pre_validate(self, form: FlaskForm) -> None:
        if self.amount is None:
            raise ValidationError(
                _(
                    "Enter a price from %(least)s to %(most)s.",
                    least=format_dong(self.LEAST),
                    most=format_dong(self.MOST),
                )
            )

    @property
    def amount(self) -> int | None:
        try:
            amount = parse_dong(self.data or "")
        except (MoneyFault, ValueError):  # Python reads no number of thousands of digits
            return None
        return amount if self.LEAST <= amount <= self.MOST else None


class KeepForm(FlaskForm):
    """A form about one thing that several people keep; ``version`` is the one that was shown."""

    version = HiddenField(default="")


class BecauseForm(KeepForm):
    """Why? For steps that the next person, or the public, will ask about."""

    because = StringField(
        _l("Reason"),
        description=_l("It stays in the history."),
        filters=[tidy],
        validators=[DataRequired(_l("Say why.")), Length(min=4, message=_l("Say it in a few words.")), at_most(200)],
    )


class Difference(NamedTuple):
    """One field of a form that was overtaken: what stands there now, and what was typed."""

    label: str
    now: str
    typed: str


def differences(form: FlaskForm, facts: Mapping[str, object]) -> Iterator[Difference]:
    """Where the filled form and the thing as it is now differ."""
    for field in form:
        if field.name in facts and _same(field.data) != _same(facts[field.name]):
            yield Difference(str(field.label.text), _worded(field, facts[field.name]), _worded(field, field.data))


def _same(value: object) -> object:
    return value if isinstance(value, bool) else shown(value)


def _worded(field: Field, value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(dict(getattr(field, "choices", None) or ()).get(value, shown(value)))
