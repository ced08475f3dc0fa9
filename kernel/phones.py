"""Vietnamese mobile numbers: every form that people type becomes the ten digits of today."""

import re
from enum import StrEnum

_SEPARATORS = re.compile(r"[\s.\-()/_\u2010-\u2015]+")
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


class PhoneReason(StrEnum):
    """What is wrong with a number; the form that asked words it."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    FOREIGN = "foreign"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LANDLINE = "landline"
    NO_SUCH_PREFIX = "no_such_prefix"


class PhoneFault(ValueError):
    """``reason`` says why the text is no Vietnamese mobile number."""

    def __init__(self, reason: PhoneReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def normalise(text: str) -> str:
    """The ten digits of a number in any usual form (``+84 912.345.678``, ``912345678``, ``0168…``), or PhoneFault."""
    if _MOBILE.fullmatch(text):
        return text
    dialled = _SEPARATORS.sub("", text)
    if not dialled:
        raise PhoneFault(PhoneReason.EMPTY)
    phone = modern(_national(dialled))
    if not _MOBILE.fullmatch(phone):
        raise PhoneFault(_reason_against(phone))
    return phone


def modern(phone: str) -> str:
    """An 11-digit number from before 2018 under today's prefix; any other text unchanged."""
    if len(phone) == 11 and phone[:4] in _OLD_PREFIXES:
        return _OLD_PREFIXES[phone[:4]] + phone[4:]
    return phone


def display(phone: str) -> str:
    """``0912345678`` → ``0912 345 678``; for pages and paper."""
    return f"{phone[:4]} {phone[4:7]} {phone[7:]}"


def _national(dialled: str) -> str:
    """Without the country code, with the leading 0."""
    digits = dialled.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise PhoneFault(PhoneReason.NOT_DIGITS)
    abroad = dialled.startswith(("+", "00"))
    digits = digits.removeprefix("00") if abroad else digits
    if abroad and not digits.startswith("84"):
        raise PhoneFault(PhoneReason.FOREIGN)
    # 84 is a country code only if a whole number follows: 841 234 567 has merely lost its leading 0.
    if abroad or (digits.startswith("84") and len(digits) >= 11):
        digits = digits[2:]
    return digits if digits.startswith("0") else "0" + digits


def _reason_against(phone: str) -> PhoneReason:
    if phone.startswith("02") and len(phone) in (10, 11):
        return PhoneReason.LANDLINE
    if len(phone) < 10:
        return PhoneReason.TOO_SHORT
    if len(phone) > 10 and not (len(phone) == 11 and phone.startswith("01")):
        return PhoneReason.TOO_LONG
    return PhoneReason.NO_SUCH_PREFIX
