"""What the books keep in plain English (who, why, in which state), in the reader's words."""

from __future__ import annotations

import re

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

STATES: dict[str, LazyString] = {
    "open": _l("waiting for payment"),
    "awaiting_payment": _l("waiting for payment"),
    "confirmed": _l("paid"),
    "paid": _l("paid"),
    "expired": _l("expired"),
    "cancelled": _l("cancelled"),
}
"""Of an order, as the tables, files and the matcher name them."""

IF_SHORT: dict[str, LazyString] = {
    "refund": _l("Give me the money back for it"),
    "equivalent": _l("Bring me something of the same worth, if there is any; else the money back"),
    "call": _l("Call me first; if I can't be reached, the money back"),
}
"""What a resident wants where something can't be brought, the first being what holds unless they say otherwise."""

_TOLD: dict[str, LazyString] = {
    "resident": _l("the resident"),
    "leader": _l("the leader of the group"),
    "system": _l("the system"),
    "matcher": _l("the matcher"),
    "import": _l("the import"),
    "shell": _l("the shell"),
    "webhook": _l("a webhook"),
    "told by sepay": _l("told by SePay"),
    "told by casso": _l("told by Casso"),
    "told by payos": _l("told by payOS"),
    "placed in the shop": _l("placed in the shop"),
    "placed with a group": _l("placed with a group"),
    "taken elsewhere": _l("taken elsewhere"),
    "paid before the move": _l("paid before the move"),
    "the time to pay ran out": _l("the time to pay ran out"),
    "the order's time to pay ran out": _l("the time to pay ran out"),
    "asked for on the order's page": _l("asked for on the order's page"),
    "paid from credit": _l("paid from credit"),
    "bank": _l("the bank"),
    "the bank took it back": _l("the bank took it back"),
    "asked for more time": _l("asked for more time"),
    "cancelled on its page": _l("cancelled on its page"),
    "matched": _l("memo and sum fit the order"),
    "as proposed": _l("chosen among the orders that were shown"),
    "taken back at once": _l("taken back at once"),
    "a better match was found": _l("a better match was found"),
    "the time had come": _l("the time had come"),
    "agreed on the phone": _l("agreed on the phone"),
    "asked for on the phone": _l("asked for on the phone"),
    "not reached before the courier left": _l("not reached before the courier left"),
    "refund found": _l("sum and code, or sum and account, fit the refund"),
    "refund code": _l("its memo has a refund's code"),
}
_STATEMENT = re.compile(r"statement (\d+)")
_SHORTAGE = re.compile(r"shortage (\d+)( was taken back)?")
_COMPLAINT = re.compile(r"complaint (\d+)( was taken back)?")
_QUARANTINE = re.compile(r"quarantine (\d+)")
_FORMS = (_STATEMENT, _QUARANTINE, _SHORTAGE, _COMPLAINT)


def is_typed(text: str) -> bool:
    """Whether a person wrote this in a history, in Vietnamese; what the program says itself is worded by ``told``."""
    return text not in _TOLD and not any(form.fullmatch(text) for form in _FORMS)


def told(text: str) -> str:
    """Who or why, as kept in a history. What the program says itself is worded, what a person typed stays as it is."""
    if statement := _STATEMENT.fullmatch(text):
        return str(_("statement %(number)s", number=statement[1]))
    if doubt := _QUARANTINE.fullmatch(text):
        return str(_("decided in quarantine, doubt %(number)s", number=doubt[1]))
    if short := _SHORTAGE.fullmatch(text):
        back = _("shortage %(number)s was taken back", number=short[1])
        return str(back if short[2] else _("shortage %(number)s", number=short[1]))
    if complaint := _COMPLAINT.fullmatch(text):
        back = _("complaint %(number)s was taken back", number=complaint[1])
        return str(back if complaint[2] else _("complaint %(number)s", number=complaint[1]))
    return str(_TOLD.get(text, text))
