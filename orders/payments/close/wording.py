"""Words for places, kinds and states of the close: on pages, in the minute and in its table."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from kernel.money import format_dong
from orders.payments.close.minute import Minute, Movement, movements, still_open


def place_words(place: str) -> str:
    """Where money that came in lies."""
    words = {
        "allocated": _("Matched with orders"),
        "credit": _("Kept as payers' credit"),
        "refund_due": _("Refund due"),
        "refunded": _("Refunded"),
        "aside": _("Set aside, not for an order"),
        "waiting": _("Waiting for a decision (open)"),
    }
    return str(words[place])


def kind_words(kind: str) -> str:
    """Why money went out."""
    words = {
        "unexplained": _("Not explained yet (open)"),
        "refund": _("Refund"),
        "reversal": _("Taken back by the bank"),
        "fee": _("A fee of the bank"),
        "supplier": _("Paid to a supplier"),
        "other": _("Other"),
    }
    return str(words[kind])


def opening_words(origin: str) -> str:
    """How it is known with what the day began."""
    words = {
        "seal": _("as the day before was sealed"),
        "bank": _("as the bank states it"),
        "typed": _("typed by the office"),
        "": _("not known"),
    }
    return str(words[origin])


def lies(movement: Movement, *, reasons: bool = True) -> list[str]:
    """Where a movement's money is, or why it left: a few words for each place, with what a clerk wrote where asked."""
    why = movement["why"] if reasons else ""
    if movement["side"] == "out":
        return [_joined(kind_words(movement["kind"]), why)]
    return list(_places(movement, why))


def _places(movement: Movement, why: str) -> Iterator[str]:
    for code, share in movement["orders"]:
        yield str(_("Order %(code)s: %(sum)s", code=code, sum=format_dong(share)))
    for place in ("credit", "refund_due", "refunded", "aside", "waiting"):
        if amount := movement.get(place):
            part = format_dong(amount) if amount < movement["amount"] else ""
            yield _joined(place_words(place), part, why if place == "aside" else "")


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, parts))


def sections(minute: Minute) -> Iterator[tuple[str, list[Movement]]]:
    """The lists of a minute under their headings; the empty ones are left out."""
    listed = (
        (_("Came in late, and was not in the version before"), [each for each in movements(minute) if "late" in each]),
        (_("Open items of this day"), still_open(minute)),
        (_("Open items of earlier days that were settled since"), minute["before"]["settled"]),
        (_("Open items of earlier days that are still open"), minute["before"]["still"]),
        (_("All money in"), minute["coming"]),
        (_("All money out"), minute["going"]),
    )
    return ((str(heading), rows) for heading, rows in listed if rows)
