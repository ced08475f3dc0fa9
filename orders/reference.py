"""The order code: ``DC``, six symbols without look-alikes, and one that checks them."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # 31 symbols, a prime: no 0 O 1 I L
PREFIX = "DC"
_BODY = 6
_INDEX = {symbol: index for index, symbol in enumerate(ALPHABET)}
_WEIGHTS = (*range(1, _BODY + 1), -1)  # of a valid code, Σ weight · index is 0 mod 31
_FORM = re.compile(f"{PREFIX}[{ALPHABET}]{{{_BODY + 1}}}")


def check_symbol(body: str) -> str:
    """Σ place · index mod 31, places 1…6 from the left: catches each wrong symbol and each swap of neighbours."""
    return ALPHABET[sum(place * _INDEX[symbol] for place, symbol in enumerate(body, start=1)) % len(ALPHABET)]


def fitting_symbol(code: str, at: int) -> str:
    """The one symbol that makes ``code`` valid at place ``at`` (from 0, behind the prefix); "" if there is none."""
    place, owing = at - len(PREFIX), 0
    for other, symbol in enumerate(code[len(PREFIX) :]):
        if other != place:
            if symbol not in _INDEX:
                return ""
            owing -= _WEIGHTS[other] * _INDEX[symbol]
    return ALPHABET[owing * pow(_WEIGHTS[place], -1, len(ALPHABET)) % len(ALPHABET)]


def new_code() -> str:
    """An unguessable code. Whoever stores it sees to it that it is not in use."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_BODY))
    return PREFIX + body + check_symbol(body)


def is_valid(code: str) -> bool:
    """Whether ``code``, in upper case, has the right form and check symbol."""
    if not _FORM.fullmatch(code):
        return False
    body, check = code[len(PREFIX) : -1], code[-1]
    return check_symbol(body) == check
