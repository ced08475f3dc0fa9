"""What forms of several packages share: WTForms itself speaks no Vietnamese, so its own messages have words of ours."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField
from wtforms.validators import Length


def at_most(letters: int) -> Length:
    """No longer than so many letters."""
    return Length(max=letters, message=_l("At most %(max)d letters."))


class WallTimeField(DateTimeLocalField):
    """A date and time as a clock on the wall shows it, without a zone."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(_("Write day and time, for example 2026-11-22 17:30.")) from fault
