"""Memos as somebody heard them by telephone: digits in words, letters by their names, names misheard."""

import random

from bench.matching.memos import grouped
from bench.matching.people import Order
from kernel.text import fold

_DIGITS = "khong mot hai ba bon nam sau bay tam chin".split()
_LETTERS = {
    "B": "be", "C": "xe", "D": "de", "G": "ge", "H": "hat", "K": "ca", "M": "em mo", "N": "en no", "P": "pe", "Q": "cu",
    "R": "e ro", "S": "et si", "T": "te", "V": "ve", "W": "ve kep", "X": "ich xi", "Y": "i dai", "Z": "zet",
}  # fmt: skip
_MISHEARD = [
    ("UY", "UI"),
    ("Y", "I"),
    ("TR", "CH"),
    ("S", "X"),
    ("NG", "N"),
    ("D", "GI"),
    ("QU", "W"),
    ("C", "K"),
    ("AN", "ANG"),
    ("IEN", "IENG"),
]


def misheard(chance: random.Random, order: Order) -> str:
    """The name's last word as it sounded."""
    said, written = chance.choice(_MISHEARD)
    words = order.plain.upper().split()
    words[-1] = words[-1].replace(said, written, 1)
    return f"{' '.join(words)} {grouped(chance, order.phone)} {fold(order.ward)}"


def spelled_digits(chance: random.Random, digits: str) -> str:
    """``khong chin mot hai …``, perhaps in groups."""
    words = [_DIGITS[int(digit)] for digit in digits]
    if chance.random() < 0.4:
        words[3] += chance.choice([",", ".", " -"])
        words[6] += chance.choice([",", ".", ""])
    return " ".join(words)


def spelled_code(code: str) -> str:
    return " ".join(_DIGITS[int(s)] if s.isdigit() else _LETTERS.get(s, s.lower()) for s in code)


def spelled(chance: random.Random, order: Order) -> str:
    """Name and ward as they are, the phone in words; part of it in figures, as people lose patience."""
    if chance.random() < 0.3:
        phone = f"{order.phone[:4]} {' '.join(_DIGITS[int(digit)] for digit in order.phone[4:])}"
    else:
        phone = spelled_digits(chance, order.phone)
    return f"{order.plain} {phone} {order.folded_ward}"


def spelled_with_code(order: Order) -> str:
    return f"{spelled_code(order.code)} {order.phone}"
