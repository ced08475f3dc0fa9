"""What is asked of the database meanwhile, on whatever connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Engine, event


class Asked(NamedTuple):
    """One statement as it was sent; many rows of one statement count once."""

    statement: str
    values: Any


@contextmanager
def listening() -> Iterator[list[Asked]]:
    """A list that grows while statements are sent."""
    heard: list[Asked] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any) -> None:
        heard.append(Asked(statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
