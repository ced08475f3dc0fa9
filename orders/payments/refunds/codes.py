"""A refund's code: ``HT``, six symbols and one that checks them; and how it is found in a bank's memo."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

from orders.reference import ALPHABET, check_symbol

PREFIX = "HT"
_BODY = 6
_ANYWHERE = re.compile(f"(?=({PREFIX}[{ALPHABET}]{{{_BODY + 1}}}))")


def new_code() -> str:
    """An unguessable code. The table sees to it that it is not in use."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_BODY))
    return PREFIX + body + check_symbol(body)


def codes_in(memo: str) -> Iterator[str]:
    """Every valid code that stands in the memo, whatever blanks the bank has put in or swallowed."""
    for found in _ANYWHERE.finditer("".join(memo.split()).upper()):
        body, check = found[1][len(PREFIX) : -1], found[1][-1]
        if check_symbol(body) == check:
            yield found[1]
