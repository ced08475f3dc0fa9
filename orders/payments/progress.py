"""How far a statement has come, for whoever watches its page."""

from __future__ import annotations

from flask_babel import gettext as _

from orders.payments.feeds.models import StatementImport


def show(kept: StatementImport, phase: str, done: int, total: int) -> None:
    """Keep a step."""
    kept.phase, kept.phase_done, kept.phase_total = phase, done, total


def phase_words(phase: str) -> str:
    """What is being done; a phase that has no words yet is just work."""
    words = {
        "": _("Waiting for the worker"),
        "booking": _("Rows booked"),
        "matching": _("Transfers decided and written down"),
    }
    return str(words.get(phase, _("At work")))
