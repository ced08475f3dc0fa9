"""Passwords: argon2id, the same time spent whether a name is known or not; which ones are too easy to guess."""

from __future__ import annotations

import re
import secrets
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from kernel.text import fold

_hasher = PasswordHasher()

# What remains of a common password once figures and signs around it are gone, and what its letters are made of.
_COMMON = {
    "ABC", "ADMIN", "ADMINISTRATOR", "ANHYEUEM", "BINHDUONG", "CHANGEME", "CONYEUME", "DEMO", "DIAN",
    "DICHOTHAY", "DRAGON", "EMYEUANH", "FOOTBALL", "HELLO", "ILOVEYOU", "KHONGBIET", "KHONGCO", "KINHTE",
    "LETMEIN", "MASTER", "MATKHAU", "MATKHAUMOI", "MONKEY", "PASS", "PASSWORD", "PHONGKINHTE", "PRINCESS",
    "SECRET", "SUNSHINE", "TEST", "TOIYEUBAN", "USER", "VIETNAM", "VIETNAMVODICH", "WELCOME", "XINCHAO",
}  # fmt: skip
_ROWS = ("01234567890123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM", "1QAZ2WSX3EDC4RFV")
_UNLIKE = str.maketrans("@$", "AS")
_FEWEST_LETTERS = 5
# Letters that no ambiguity is in: somebody reads it from a screen, or writes it on paper.
_START_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Whether ``password`` is the one behind the hash. For nobody (None) it takes as long, and is False."""
    try:
        _hasher.verify(password_hash or _nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobody() -> str:
    return hashed(secrets.token_hex())


class Weakness(StrEnum):
    """Why a password is too easy; the form words it."""

    NAME = "name"
    COMMON = "common"
    MONOTONOUS = "monotonous"


def weakness(password: str, username: str) -> Weakness | None:
    """What makes ``password`` one of the first that anybody would try; None if nothing does."""
    plain = re.sub(r"[\W_]+", "", fold(password).translate(_UNLIKE))
    if fold(username) in fold(password) or fold(username) in plain:
        return Weakness.NAME
    if len(set(plain)) < _FEWEST_LETTERS:
        return Weakness.MONOTONOUS
    return Weakness.COMMON if _is_common(plain) else None


def _is_common(plain: str) -> bool:
    """A common word with figures around it, said once or more; or a walk along the keyboard."""
    word = plain.strip("0123456789")
    once = re.sub(r"^(.+?)\1+$", r"\1", word)
    if not word or once in _COMMON:
        return True
    return all(any(piece in row or piece in row[::-1] for row in _ROWS) for piece in _walks(plain))


def _walks(plain: str) -> list[str]:
    """The text cut where letters and figures meet, where no row of keys holds it whole."""
    whole = any(plain in row or plain in row[::-1] for row in _ROWS)
    return [plain] if whole else re.findall(r"[0-9]+|[^0-9]+", plain)


def start_password() -> str:
    """Three groups of four that are easily told apart: 59 bits, for the first sign-in only."""
    return "-".join("".join(secrets.choice(_START_LETTERS) for _ in range(4)) for _ in range(3))
