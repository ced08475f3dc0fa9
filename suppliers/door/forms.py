"""What a courier tells of a stop."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.fields import SelectMultipleField
from wtforms.validators import AnyOf, Optional

from kernel.forms import PlainText, at_most, tidy
from suppliers.door.models import DoorKind, DoorReason
from suppliers.door.wording import REASONS

_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AGE = re.compile(r"[0-9]{1,9}")
_SHORT = re.compile(r"(?P<code>[^|]{1,20})\|(?P<item>[^|]{1,120})")
MOST_SHORT = 40


def new_key() -> str:
    """For a form that a page offers: sent twice it counts once."""
    return str(uuid4())


class Ticked(SelectMultipleField):
    """What was ticked, whatever the page offered meanwhile."""

    def pre_validate(self, form: FlaskForm) -> None:
        if len(self.data or ()) > MOST_SHORT or not all(_SHORT.fullmatch(each) for each in self.data or ()):
            raise ValidationError(_("What is missing was not understood. Reload the page and tick it again."))


class TellForm(FlaskForm):
    """What happened at the door? ``age``: how many seconds ago, by the phone; empty for just now."""

    key = HiddenField(validators=[Optional()])
    kind = HiddenField(validators=[AnyOf([kind.value for kind in DoorKind])])
    undoes = HiddenField(validators=[Optional()])
    age = HiddenField(validators=[Optional()])
    photo = FileField(
        _l("Photo of the goods at the door"),
        description=_l("The bags and the door. Never an identity card, no paper with a number on it, no face."),
        render_kw={"accept": "image/*", "capture": "environment"},
    )
    witness = StringField(
        _l("Or who of the block saw it"),
        description=_l("Name and task, for example “Bà Tư, tổ trưởng”, where the resident has no phone."),
        filters=[tidy],
        validators=[at_most(80), PlainText()],
        render_kw={"autocomplete": "off"},
    )
    reason = SelectField(_l("Why?"), validate_choice=False)
    words = StringField(
        _l("In a few words"), filters=[tidy], validators=[at_most(160), PlainText()], render_kw={"autocomplete": "off"}
    )
    short = Ticked(_l("What is missing"), validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [("", _("Choose")), *((each.value, words) for each, words in REASONS.items())]

    def validate_key(self, field: Field) -> None:
        if field.data and not _KEY.fullmatch(field.data):
            raise ValidationError(_("This was not understood. Reload the page and try again."))

    def validate_undoes(self, field: Field) -> None:
        if self.kind.data == DoorKind.UNDONE and not _KEY.fullmatch(field.data or ""):
            raise ValidationError(_("This was not understood. Reload the page and try again."))

    def validate_reason(self, field: Field) -> None:
        if self.kind.data == DoorKind.FAILED and field.data not in list(DoorReason):
            raise ValidationError(_("Choose why it could not be handed over: the resident reads it."))

    @property
    def told_key(self) -> str:
        """The phone's own, or a new one."""
        return self.key.data or new_key()

    def happened_at(self, heard_at: datetime) -> datetime:
        """When it happened: the phone says how long ago, so that its clock may be wrong."""
        age = self.age.data or ""
        seconds = int(age) if _AGE.fullmatch(age) else 0
        return heard_at - timedelta(seconds=seconds)

    def missing(self) -> list[dict[str, str]]:
        """What was ticked as missing: a combo's code and the item's name."""
        return [found.groupdict() for each in self.short.data or () if (found := _SHORT.fullmatch(each))]
