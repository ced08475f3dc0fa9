"""What schemas of requests and answers are made of: one source for the specification, the checks and the answers."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from kernel.forms import tidy

LARGEST_ID = 2**31 - 1
_DIGITS = re.compile(r"-?[0-9]{1,18}")


def _whole(value: Any) -> Any:
    """A number of JSON without a fraction, or the digits of an address; no words, no truth values."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticCustomError("whole", "a whole number")
    return value


def _number(value: Any) -> Any:
    """Of a body: what is written in quotes is no number."""
    if isinstance(value, str):
        raise PydanticCustomError("whole", "a whole number")
    return _whole(value)


Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number in an address."""

Version = Annotated[int, Field(ge=1, le=LARGEST_ID), BeforeValidator(_number)]
"""The version of a thing that somebody saw, in a body. The bounds come first, else they are not in the schema."""


Amount = Annotated[int, Field(ge=1, le=1_000_000_000), BeforeValidator(_number)]
"""How much of something, in a body."""

WORDS_PATTERN = r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=WORDS_PATTERN), AfterValidator(tidy)]
"""What a person wrote, on one line, without blanks around it."""

_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01bf\u1e00-\u1eff"
PersonName = Annotated[
    str,
    Field(min_length=2, max_length=80, pattern=f"^[{_LETTERS}][{_LETTERS} .'-]*[{_LETTERS}.]$"),
    AfterValidator(tidy),
]
"""A person's name in Latin letters, composed (NFC): nothing that hides or only looks like them."""


class Asked(BaseModel):
    """What a request says. What the specification does not name is refused: a slip of the pen is not passed over."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What an answer says."""

    model_config = ConfigDict(from_attributes=True)


class Page(Asked):
    """Which part of a list."""

    limit: Whole = Field(50, ge=1, le=100, description=_l("How many at most."))
    cursor: Whole = Field(
        0, ge=0, le=LARGEST_ID, description=_l("Where the list goes on: what “next” said. 0 is its beginning.")
    )


class Once(BaseModel):
    """What makes a request that writes safe to repeat."""

    idempotency_key: str = Field(
        min_length=8,
        max_length=64,
        pattern="^[A-Za-z0-9_-]+$",
        description=_l(
            "A word of your own, new for each thing that you tell, the same when you repeat it. For 48 hours a repeated"
            " request is answered as the first one was, and done once."
        ),
    )


def listed(rows: list[Any], limit: int) -> tuple[list[Any], bool]:
    """The rows of one page, and whether more follow; ``rows`` is one longer where they do."""
    return rows[:limit], len(rows) > limit


def said(kind: str, context: dict[str, Any]) -> str | None:
    """What is wrong with a field, in words; None where only the library knows."""
    words = {
        "missing": lambda: _("This is missing."),
        "extra_forbidden": lambda: _("The specification knows nothing of this name."),
        "whole": lambda: _("This has to be a whole number."),
        "string_type": lambda: _("This has to be text."),
        "string_pattern_mismatch": lambda: _("These letters are not allowed here."),
        "string_too_short": lambda: _("At least %(min)d letters.", min=context["min_length"]),
        "string_too_long": lambda: _("At most %(max)d letters.", max=context["max_length"]),
        "greater_than_equal": lambda: _("At least %(least)s.", least=context["ge"]),
        "less_than_equal": lambda: _("At most %(most)s.", most=context["le"]),
        "literal_error": lambda: _("One of: %(these)s.", these=context["expected"]),
        "union_tag_invalid": lambda: _("One of: %(these)s.", these=context["expected_tags"]),
        "model_type": lambda: _("This has to be an object."),
    }
    return words[kind]() if kind in words else None


Moment = datetime
"""RFC 3339, in UTC."""
