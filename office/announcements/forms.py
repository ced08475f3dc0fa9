"""Forms of the announcements."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Optional

from kernel import clock
from kernel.forms import WallTimeField, at_most, tidy
from people.models import WardRow

_BREAKS = re.compile(r"\r\n?")
SHOWN_FOR = timedelta(days=7)


def paragraphs(text: str | None) -> str:
    """Composed letters, single spaces, and one line a paragraph."""
    lines = _BREAKS.sub("\n", unicodedata.normalize("NFC", text or "")).split("\n")
    return "\n".join(line for line in (" ".join(each.split()) for each in lines) if line)


def in_a_week() -> Any:
    """The full hour, as a clock on a wall shows it."""
    return clock.local(clock.now() + SHOWN_FOR).replace(minute=0, second=0, microsecond=0, tzinfo=None)


class AnnouncementForm(FlaskForm):
    """What is to be told, to whom, and until when?"""

    ward = SelectField(_l("For"), coerce=str)
    title = StringField(
        _l("Title"), filters=[tidy], validators=[DataRequired(_l("Write what it is about.")), at_most(80)]
    )
    body = TextAreaField(
        _l("Text"),
        description=_l("Plain words, at most 600 letters. A new line begins a new paragraph."),
        filters=[paragraphs],
        validators=[DataRequired(_l("Write what residents should know.")), at_most(600)],
    )
    title_en = StringField(_l("Title in English"), filters=[tidy], validators=[at_most(80)])
    body_en = TextAreaField(_l("Text in English"), filters=[paragraphs], validators=[at_most(600)])
    expires_at = WallTimeField(
        _l("Shown until"),
        description=_l("Empty: until somebody withdraws it."),
        default=in_a_week,
        validators=[Optional()],
    )

    def offer_wards(self, wards: Sequence[WardRow]) -> None:
        listed = ((str(ward.id), ward.name, {"lang": "vi"}) for ward in wards)
        self.ward.choices = [("", _("the whole city")), *listed]

    @property
    def until(self) -> datetime | None:
        typed: datetime | None = self.expires_at.data
        return typed and typed.replace(tzinfo=clock.VIETNAM)

    def validate_expires_at(self, field: Field) -> None:
        if self.until and self.until <= clock.now():
            raise ValidationError(_("This time is over. Choose a later one."))

    def validate_body_en(self, field: Field) -> None:
        self._both_or_neither(field)

    def validate_title_en(self, field: Field) -> None:
        self._both_or_neither(field)

    def _both_or_neither(self, field: Field) -> None:
        if bool(self.title_en.data) != bool(self.body_en.data) and not field.data:
            raise ValidationError(_("Write title and text in English, or neither."))
