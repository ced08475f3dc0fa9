"""A row in the one form in which it is hashed: the same on both databases, and after a dump and a restore."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Date, Enum, String, cast, func, type_coerce
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import JSON

from kernel.chain.evidence import Trim
from kernel.database import Moment

SHORT = 8
"""Bytes of a row's digest that its link keeps: they say which row is meant, the root says whether."""

Convert = Callable[[Any], Any]


def readable(column: Column[Any], *, postgresql: bool) -> ColumnElement[Any]:
    """The column as plain text or number, whatever nonsense somebody wrote into it: it must be read to be named."""
    kind = column.type
    if isinstance(kind, Moment) and postgresql:
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    if isinstance(kind, Date) and postgresql:
        return func.to_char(column, "YYYY-MM-DD")
    if isinstance(kind, JSON) and postgresql:
        return cast(column, String)
    return type_coerce(column, String) if isinstance(kind, Moment | Date | JSON | Enum | Boolean) else column


def converter(column: Column[Any], trim: Trim | None) -> Convert | None:
    """What is still to be done to a value as `readable` gives it."""
    if isinstance(column.type, Moment):
        return _moment
    if isinstance(column.type, Boolean):
        return _flag
    return _json(trim or _whole) if isinstance(column.type, JSON) else None


def digest(values: Sequence[Any]) -> bytes:
    """sha256 of a row's values in canonical JSON."""
    return sha256(written(values)).digest()


def written(value: Any) -> bytes:
    """JSON without blanks, keys in order."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a number beyond 64 bits, bytes where text should be: nothing that we wrote
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=repr).encode("utf-8", "replace")


def _moment(value: Any) -> Any:
    """SQLite's own CURRENT_TIMESTAMP leaves out what is nothing."""
    return f"{value}.000000" if isinstance(value, str) and len(value) == len("2021-09-06 02:00:00") else value


def _flag(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _whole(value: Any) -> Any:
    return value


def _json(trim: Trim) -> Convert:
    def convert(value: Any) -> Any:
        try:
            return trim(orjson.loads(value))
        except (ValueError, TypeError, KeyError, AttributeError):
            return value

    return convert


def ranges(ids: Sequence[int]) -> str:
    """Rising numbers, short: 1, 2, 3, 5 is "1..3,5"."""
    if not ids:
        return ""
    breaks = [index for index, (one, other) in enumerate(pairwise(ids), start=1) if other != one + 1]
    pieces = [ids[begin:end] for begin, end in pairwise([0, *breaks, len(ids)])]
    return ",".join(f"{piece[0]}..{piece[-1]}" if len(piece) > 1 else str(piece[0]) for piece in pieces)


def numbers(text: str) -> list[int]:
    """What `ranges` made short."""
    found: list[int] = []
    for piece in text.split(","):
        first, _to, last = piece.partition("..")
        found.extend(range(int(first), int(last or first) + 1))
    return found
