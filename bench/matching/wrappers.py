"""Bank routes as they write around a memo: those of the facts, and some that nobody declared; whole and damaged."""

import random
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.matching.people import Weighted

_LISTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("wrappers.toml").read_text(encoding="utf-8"))
OURS, OUR_NAME = "1013456789", "PHONG KINH TE TP DI AN"
ROUTES: dict[str, list[str]] = {bank: route["templates"] for bank, route in _LISTS["routes"].items()}
UNDECLARED: list[str] = _LISTS["undeclared"]["templates"]
_BANKS = Weighted({bank: route["share"] for bank, route in _LISTS["routes"].items()})
_BLANK = re.compile(r"#+|~+|\{[^m}][^}]*\}")
_STAMPS = {
    "ddmmyy": "%d%m%y",
    "ddmmyyyy": "%d%m%Y",
    "dd/mm/yyyy": "%d/%m/%Y",
    "hhmmss": "%H%M%S",
    "hh:mm:ss": "%H:%M:%S",
    "hh:mm": "%H:%M",
}
_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_COLUMNS = (34, 35, 36, 64, 70)  # where statements wrap


@dataclass(frozen=True, slots=True)
class Sender:
    """Who pays; ``account`` may be a phone."""

    name: str
    account: str
    at: datetime


def digits(chance: random.Random, count: int) -> str:
    return f"{int(chance.random() * 10**count):0{count}d}"


def around(chance: random.Random, template: str, sender: Sender) -> tuple[str, str]:
    """What the bank writes before the memo, and behind it."""
    account = sender.account
    known = {"payer": sender.name, "account": account, "ours": OURS, "name": OUR_NAME}
    is_phone = len(account) == 10 and account[0] == "0"

    def fill(blank: re.Match[str]) -> str:
        what = blank.group()
        if what[0] == "#":
            return digits(chance, len(what))
        if what[0] == "~":
            return "".join(chance.choices(_SYMBOLS, k=len(what)))
        what = what[1:-1]
        if what == "wallet":
            return account if is_phone else "09" + digits(chance, 8)
        return known[what] if what in known else f"{sender.at:{_STAMPS[what]}}"

    head, _, tail = _BLANK.sub(fill, template).partition("{m}")
    return head, tail


def wrapped(
    chance: random.Random, memo: str, sender: Sender, *, unknown: float = 0.03, damage: float = 0.06, cut: bool = False
) -> tuple[str, str]:
    """The memo as a statement shows it, and the bank; ``unknown`` and ``damage`` are shares. ``cut``: in its tail."""
    bank = _BANKS.pick(chance)
    template = chance.choice(UNDECLARED if chance.random() < unknown else ROUTES[bank])
    head, tail = around(chance, template, sender)
    if ".MSE." in head and chance.random() < 0.8:
        memo = f"{memo[:1]} {memo[1:]}"
    if cut and tail:
        tail = tail[: chance.randrange(len(tail))]
    if chance.random() < damage:
        return damaged(chance, head, memo, tail), bank
    return head + memo + tail, bank


def damaged(chance: random.Random, head: str, memo: str, tail: str) -> str:
    """Damaged in one place, or all over in the way that a whole route does."""
    text = head + memo + tail
    match chance.randrange(7):
        case 0:
            return text.upper()
        case 1:
            return text.lower()
        case 2:
            return text.replace("_", " ")
        case 3:
            return head.replace("-", " ") + memo + tail.replace("-", " ")
        case 4:
            gaps = [i for i, c in enumerate(text) if c == " "]
            place = chance.choice(gaps) if gaps else len(text)
            return text[:place] + text[place + 1 :]
        case _:
            columns = [column for column in _COLUMNS if column < len(text)]
            place = chance.choice(columns) if columns and chance.random() < 0.7 else chance.randrange(len(text) + 1)
            return f"{text[:place]} {text[place:]}"
