"""What forms of several packages share: WTForms itself speaks no Vietnamese, so its own messages have words of ours."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField
from wtforms.validators import Length


def at_most(letters: int) -> Length:
    """No longer than so many letters."""
    return Length(max=letters, message=_l("At most %(max)d letters."))


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
