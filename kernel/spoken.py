"""Numbers, days and hours as they are read aloud: in the words of the south of Vietnam, and in plain English."""

from __future__ import annotations

from datetime import date, datetime

from kernel import clock

_DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()
_SCALES = ("", "ngàn", "triệu", "tỷ")
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_MONTHS = ("Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai")
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MOST = 10**12 - 1


def number(many: int, language: str = "vi") -> str:
    """``many``, from 0 to MOST, in words: ``105`` → ``một trăm lẻ năm``. English keeps its figures."""
    if not 0 <= many <= MOST:
        raise ValueError(f"from 0 to {MOST}, not {many}")
    if language != "vi":
        return f"{many:,}"
    return " ".join(_groups(many)) or _DIGITS[0]


def _groups(many: int) -> list[str]:
    """The words of each three figures with their scale, the largest first; a group of three noughts is not said."""
    said: list[str] = []
    for place in range(len(_SCALES) - 1, -1, -1):
        group = many // 1000**place % 1000
        if group:
            said += [*_three(group, behind_others=bool(said)), *filter(None, [_SCALES[place]])]
    return said


def _three(group: int, *, behind_others: bool) -> list[str]:
    """1 to 999. Behind a larger group the hundreds are said even if there are none: ``một ngàn không trăm lẻ năm``."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    said = [_DIGITS[hundreds], "trăm"] if hundreds or behind_others else []
    if tens == 0 and ones:
        return [*said, *(["lẻ"] if said else []), _DIGITS[ones]]
    if tens == 1:
        return [*said, "mười", *_ones(ones, {5: "lăm"})]
    if tens > 1:
        return [*said, _DIGITS[tens], "mươi", *_ones(ones, {1: "mốt", 4: "tư", 5: "lăm"})]
    return said


def _ones(figure: int, changed: dict[int, str]) -> list[str]:
    """The last figure behind a ten, where some sound otherwise; a nought is not said."""
    return [changed.get(figure, _DIGITS[figure])] if figure else []


def digits(text: str, language: str = "vi") -> str:
    """Figure by figure, groups apart: ``1900 1022`` → ``một chín không không, một không hai hai``."""
    groups = "".join(char if char.isascii() and char.isdigit() else " " for char in text).split()
    names = _DIGITS if language == "vi" else [str(figure) for figure in range(10)]
    return ", ".join(" ".join(names[int(figure)] for figure in group) for group in groups)


def day(on: date, language: str = "vi") -> str:
    """``thứ Năm, ngày hai tháng Chín``."""
    if language != "vi":
        return f"{_ENGLISH_DAYS[on.weekday()]}, {on.day} {_ENGLISH_MONTHS[on.month - 1]}"
    return f"{_WEEKDAYS[on.weekday()]}, ngày {number(on.day)} tháng {_MONTHS[on.month - 1]}"


def hour(at: datetime, language: str = "vi") -> str:
    """``mười tám giờ``, ``sáu giờ ba mươi phút``, by a clock on a wall in Vietnam."""
    wall = clock.local(at)
    if language != "vi":
        return f"{wall:%H:%M}"
    minutes = f" {number(wall.minute)} phút" if wall.minute else ""
    return f"{number(wall.hour)} giờ{minutes}"
