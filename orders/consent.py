"""What a resident agrees to, word for word by version: proof of consent names the version that was shown."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

CURRENT = "2027-02"
WAITING = "2026-12-waiting"
LEADER = "2026-12-leader"
NEIGHBOUR = "2026-12-neighbour"
NEIGHBOURS = "2026-12-neighbours"
"""Of a table of neighbours, ticked once for all of them."""


KEPT_DAYS = 90
"""After the day of delivery; the wordings since 2027-01 say so, and `office.retention` does it."""

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
    "2027-02": _l(
        "I agree that the economic office keeps my name, phone number, address and, if I give it, location to take my "
        "payment and to tell me by phone message how my order stands, and passes them to the suppliers of my order so "
        "that they can deliver it. They are deleted 90 days after the day of delivery, once all is delivered or the "
        "order has ended; what banks tell of payments stays in the books."
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
    "2026-12-leader": _l(
        "I agree that the economic office keeps my name and phone number to take my payment for the group and to call "
        "me about its orders. They are deleted 90 days after the day of delivery, once all orders of the group are "
        "delivered or have ended; what banks tell of payments stays in the books."
    ),
    "2026-12-neighbour": _l(
        "I have asked this neighbour, who agrees that I enter their name, phone number and address here, that the "
        "economic office keeps them to tell by phone message how the order stands, and passes them to the suppliers of "
        "the order so that they can deliver it. They are deleted 90 days after the day of delivery, once all is "
        "delivered or the order has ended."
    ),
    "2026-12-neighbours": _l(
        "I have asked each of these neighbours, and each agrees that I enter their name, phone number and address "
        "here, that the economic office keeps them to tell by phone message how the order stands, and passes them to "
        "the suppliers of the order so that they can deliver it. They are deleted 90 days after the day of delivery, "
        "once all is delivered or the order has ended."
    ),
}
