"""Long lists for PostgreSQL, written at once: the driver turns each number and text into bytes by itself."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class Lists(ListDumper):
    """Of whole numbers, or of texts without what has a meaning in an array; any other as the driver does."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        kinds = {*map(type, obj)}
        if kinds == {int}:
            return f"{{{','.join(map(str, obj))}}}".encode()
        if kinds == {str}:
            quoted = '","'.join(obj)
            if quoted.count('"') == 2 * (len(obj) - 1) and "\\" not in quoted and "\0" not in quoted:
                return f'{{"{quoted}"}}'.encode()
        return super().dump(obj)


def write_at_once(connection: Connection[Any]) -> None:
    """Let a connection write its lists so."""
    connection.adapters.register_dumper(list, Lists)
