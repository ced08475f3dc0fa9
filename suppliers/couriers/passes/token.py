"""The signed text of a pass: who, for which wards, from when until when. Whoever changes a letter has no pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app as app
from itsdangerous import BadData, URLSafeSerializer

SALT = "courier-pass"
LONGEST = 1_000
"""Letters; a pass for all wards has 140."""


class Forged(ValueError):
    """Not a text of ours: changed, cut off, or signed with another key."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What is signed. ``wards``: codes of 2021. It holds from ``begins`` on, no more at ``ends``."""

    courier_id: int
    wards: tuple[str, ...]
    begins: datetime
    ends: datetime


def sign(what: Pass) -> str:
    """The pass as a part of an address; the same pass is the same text."""
    told = [what.courier_id, [int(code) for code in what.wards], _seconds(what.begins), _seconds(what.ends)]
    return str(_serializer().dumps(told))


def read(text: str) -> Pass:
    """The pass that ``text`` is, to the letter: a signature has spellings that decode alike."""
    if len(text) > LONGEST:
        raise Forged(text[:20])
    try:
        courier_id, wards, begins, ends = _serializer().loads(text)
        found = Pass(courier_id, tuple(f"{code:05d}" for code in wards), _moment(begins), _moment(ends))
    except (BadData, ValueError, TypeError, OverflowError) as fault:
        raise Forged(text[:20]) from fault
    if sign(found) != text:
        raise Forged(text[:20])
    return found


def _serializer() -> URLSafeSerializer:
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(app.secret_key or "", salt=SALT, signer_kwargs=how)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
