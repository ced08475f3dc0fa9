"""What was shown before the button is pressed: the lines and what each would do, signed, in the form itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import current_app as app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from kernel import clock
from kernel.errors import MarketError
from suppliers.couriers.accounts.plan import Planned
from suppliers.couriers.accounts.upload import Row

SALT = "table-of-couriers"
HOLDS = 2 * 60 * 60
"""Seconds in which somebody looks at a list and presses the button."""


class NotShown(MarketError):
    """Nothing that this supplier was shown in the last two hours."""

    status = 422


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines of a table, and what each of them would do as it was shown."""

    rows: list[Row]
    would: list[list[object]]


def pack(supplier_id: int, lines: Sequence[Planned]) -> str:
    """The lines as the form carries them."""
    told = [supplier_id, _now(), [asdict(line.row) for line in lines], [line.shown for line in lines]]
    return str(_serializer().dumps(told))


def unpack(text: str, supplier_id: int) -> Shown:
    """What was shown to this supplier; refused if it was changed, is another's, or too old."""
    try:
        whose, at, rows, would = _serializer().loads(text)
    except (BadData, ValueError) as fault:
        raise NotShown(_("This list was open for too long. Choose the file again.")) from fault
    if whose != supplier_id or _now() > at + HOLDS:
        raise NotShown(_("This list was open for too long. Choose the file again."))
    return Shown([Row(**row) for row in rows], would)


def _now() -> int:
    return int(clock.now().timestamp())


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(app.secret_key or "", salt=SALT)
