"""What an SMS can hold: GSM 03.38 characters, and how many messages a text becomes."""

from __future__ import annotations

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes two places
_PLAIN = str.maketrans(
    {"Đ": "D", "đ": "d", "₫": "d", "\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "…": "...", "×": "x"}
    | dict.fromkeys("“”„", '"')
    | dict.fromkeys("‘’", "'")
)


def without_tones(text: str) -> str:
    """Vietnamese as it is typed on an old phone: ``Đặt đơn`` → ``Dat don``. What is still not ASCII becomes ``?``."""
    bare = unicodedata.normalize("NFD", text.translate(_PLAIN))
    kept = "".join(char for char in bare if not unicodedata.combining(char))
    return kept.encode("ascii", "replace").decode()


def units(text: str) -> tuple[int, bool]:
    """How many places the text takes, and whether it fits the GSM alphabet (7 bits) at all."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        return len(text) + sum(char in _EXTENDED for char in text), True
    return len(text.encode("utf-16-be")) // 2, False


def segments(text: str) -> int:
    """How many messages are paid for: 160 places, or 153 each if several; 70 and 67 where it needs Unicode."""
    places, seven_bits = units(text)
    whole, part = (160, 153) if seven_bits else (70, 67)
    return 1 if places <= whole else -(-places // part)
