"""What a resident agrees to, word for word by version: proof of consent names the version that was shown."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CURRENT = "2027-01"
WAITING = "2026-12-waiting"

KEPT_DAYS = 90
"""After the day of delivery; the wording of 2027-01 says so, and `office.retention` does it."""

WORDINGS = {
    "2026-11": _l(
        "I agree that the economic office keeps my name, phone number and address to take my payment, and passes them "
        "to the suppliers of my order so that they can deliver it. They are deleted when that is done."
    ),
    "2026-12": _l(
        "I agree that the economic office keeps my name, phone number and address to take my payment and to tell me by "
        "phone message how my order stands, and passes them to the suppliers of my order so that they can deliver it. "
        "They are deleted when that is done."
    ),
    "2027-01": _l(
        "I agree that the economic office keeps my name, phone number and address to take my payment and to tell me by "
        "phone message how my order stands, and passes them to the suppliers of my order so that they can deliver it. "
        "They are deleted 90 days after the day of delivery, once all is delivered or the order has ended; what banks "
        "tell of payments stays in the books."
    ),
    "2026-11-waiting": _l(
        "I agree that the economic office keeps my name, phone number and ward to offer me a place of this delivery "
        "round. They are deleted when the round closes, or when I leave the list."
    ),
    "2026-12-waiting": _l(
        "I agree that the economic office keeps my name, phone number and ward to offer me a place of this delivery "
        "round, and to tell me by phone message when one is kept for me. They are deleted when the round closes, or "
        "when I leave the list."
    ),
}
