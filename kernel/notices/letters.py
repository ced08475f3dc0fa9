"""What passes between the outbox and an adapter: a letter out, a receipt or a fault back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in its reader's language: ``text`` whole, link included; ``title`` for what has a head."""

    title: str
    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice ready to go. ``key`` is the same at each attempt; ``fields`` fill a gateway's own template."""

    key: str
    event: str
    address: str
    words: Words
    fields: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, Any] = field(default_factory=dict)


class Adapter(Protocol):
    """A way of telling. Answers the gateway's own number for it, or raises a Fault."""

    def __call__(self, letter: Letter) -> str: ...


class Fault(Exception):
    """It was not sent. ``code`` is short and holds nothing of the letter.

    ``passing``: worth another try, after ``retry_after`` seconds at the earliest. ``everyone``: others would fare alike
    just now. ``gone``: the address is no more, and is forgotten.
    """

    def __init__(
        self, code: str, *, passing: bool, everyone: bool = False, gone: bool = False, retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.passing = passing
        self.everyone = everyone
        self.gone = gone
        self.retry_after = retry_after
