"""Refusals: exceptions whose message is written for the person who caused them."""

from __future__ import annotations


class MarketError(Exception):
    """Something that cannot be done. The message says what happened, then what to do; ``status`` is the HTTP answer."""

    status = 409


class NotFound(MarketError):
    """There is no such thing, or it is not yours to see: the two answer alike."""

    status = 404


class TooManyTries(MarketError):
    """A throttle is shut. ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
