"""Many at once, but some at a time: what a step needs, its code too, then stays in the processor's cache."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

AT_ONCE = 200
"""Transfers that take one step together."""

_Thing = TypeVar("_Thing")


def some_of(things: Sequence[_Thing]) -> Iterator[Sequence[_Thing]]:
    """All of them in their order, ``AT_ONCE`` at a time."""
    return (things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))
