"""How far a statement has come, for whoever watches its page."""

from __future__ import annotations

from flask_babel import gettext as _

from orders.payments.models import StatementImport


def show(kept: StatementImport, step: object) -> None:
    """Keep a step: (phase, done, total), or only how much is done."""
    match step:
        case (str(phase), int(done), int() | None as total):
            kept.phase, kept.phase_done, kept.phase_total = phase, done, total or 0
        case int(done):
            kept.phase, kept.phase_done, kept.phase_total = "matching", done, 0


def phase_words(phase: str) -> str:
    """What is being done; a phase that has no words yet is just work."""
    words = {
        "": _("Waiting for the worker"),
        "booking": _("Rows booked"),
        "matching": _("Transfers compared with the orders"),
        "posting": _("Transfers decided and written down"),
    }
    return str(words.get(phase, _("At work")))
