"""What stands in the body of a memo: codes, phones, digits that are nearly phones, and words, each with its place."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from kernel.once import once
from kernel.phones import PhoneFault, normalise
from kernel.text import disguises, fold, reveal
from orders.payments.matcher.vocabulary import LETTERS
from orders.payments.matcher.wrappers import is_the_banks
from orders.payments.memo import Parts
from orders.reference import is_valid

LONGEST_BODY = 400  # a bank cuts far earlier; what stands behind is noise
_MOST_RUNS = 12

_PLAIN_CODE = re.compile(r" *(DC[2-9A-HJ-NP-Z]{7}) +(0[35789]\d{8}) *")
CODE_STARTS = re.compile(r"D[ ._-]?C")
_PLAIN_WORDS = re.compile(r"[A-Z ,._:;/()-]*")
_PLAIN_NAME = re.compile(r"([A-Z ,_-]*)(?<![A-Z])(0[35789]\d{8})(?![A-Z])[A-Z ,_-]*")
_CODE = re.compile(r"(?=(DC[2-9A-HJ-NP-Z]{7}))")
_SPACED_CODE = re.compile(r"D(?=([ ._-]?C(?:[ ._-]?[0-9A-Z]){7})([A-Z0-9]?))")
_SYMBOLS = re.compile(r"[A-Z0-9]+")
_SEPARATORS = re.compile("[ ._-]")
_RUN = re.compile(r"\+?\d(?:\d|[ .()-]{1,3}(?=\d))*")
_GROUP = re.compile(r"\d+")
_PERHAPS_A_PHONE = re.compile(r"(?:0084|84)?0?(?:[35789]\d{8}|1[2689]\d{8})")  # what ``normalise`` may accept
_DIGIT_WORDS = "KHONG MOT HAI BA BON NAM SAU BAY TAM CHIN".split()
_SPOKEN = re.compile(
    rf"(?<![A-Z])KHONG(?: (?:{'|'.join(_DIGIT_WORDS)})){{9}}(?! (?:{'|'.join(_DIGIT_WORDS)})\b)(?![A-Z])"
)
_AS_DIGITS = str.maketrans("OIL", "011")
_LOOKS_LIKE_DIGITS = re.compile(r"(?<![A-Z0-9])(?=(?:[OIL]*\d){6})[0-9OIL]{10}(?![A-Z0-9])")
_WHOLE_PHONE = re.compile(r"0[35789]\d{8}")  # room 3, then the phone
_WORD = re.compile(r"(?P<machine>(?<![A-Z0-9])[A-Z]*+\d++[A-Z]{1,6}\d[A-Z0-9]*)|[A-Z]+")


class Mark(NamedTuple):
    """Something read at ``start``…``end`` of the body."""

    text: str
    start: int
    end: int


_MARK: Callable[[tuple[str, int, int]], Mark] = partial(tuple.__new__, Mark)  # past the constructor: there are millions


@dataclass
class Reading:
    """``text`` is the folded body, letter for letter over ``memo[offset:]``; else ``places`` maps it."""

    text: str
    offset: int
    codes: tuple[Mark, ...] = ()  # of the right form, wherever they stand
    near_codes: tuple[Mark, ...] = ()  # nine symbols that a slip may have made of a code
    phones: tuple[Mark, ...] = ()  # in today's form
    runs: tuple[Mark, ...] = ()  # 9 to 11 digits, perhaps a phone with a slip
    digits: tuple[Mark, ...] = ()  # every group of digits outside codes
    rest: str = ""  # ``text`` with the codes struck out: where words are looked for
    disguised: str = ""
    places: list[int] | None = None

    @once
    def words(self) -> list[Mark]:
        return [_MARK((m.group(), m.start(), m.end())) for m in _WORD.finditer(self.rest) if not m.lastgroup]

    @once
    def spelled(self) -> list[str]:
        """Every run of letters, without its place."""
        return LETTERS.findall(self.rest)

    def without(self, start: int, end: int) -> str:
        """``rest`` with what a name took struck out."""
        return f"{self.rest[:start]}{'#' * (end - start)}{self.rest[end:]}"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the raw memo."""
        if self.places is None:
            return start + self.offset, end + self.offset
        return self.places[start] + self.offset, self.places[end - 1] + 1 + self.offset


def read(memo: str, parts: Parts, payer_account: str, *, known: Container[str]) -> Reading:
    """Read the body. The payer's account, where an unknown wrapper left it in, is no evidence beside anything better.

    ``known`` are the codes in use: only they are believed where spaces stand between the symbols.
    """
    body = memo[parts.start : min(parts.end, parts.start + LONGEST_BODY)]
    reading = _folded(body, parts.start)
    if not _read_plain(reading, known):
        _read_anything(reading, known)
    if len(reading.phones) > 1 or reading.codes:
        others = tuple([mark for mark in reading.phones if mark.text != payer_account])
        reading.phones = others or reading.phones
    return reading


def _read_plain(reading: Reading, known: Container[str]) -> bool:
    """What most memos are, read without further ado: code and phone; words, with one phone in between or none."""
    text = reading.text
    if _PLAIN_WORDS.fullmatch(text):
        if "KHONG" in text or CODE_STARTS.search(text):
            return False
        reading.rest = text
        return True
    if (found := _PLAIN_CODE.fullmatch(text)) and found.group(1) in known:
        reading.codes = (Mark(found.group(1), *found.span(1)),)
        reading.rest = ""
    elif (found := _PLAIN_NAME.fullmatch(text)) and not (
        CODE_STARTS.search(text) or is_the_banks(text, *found.span(2))
    ):
        reading.rest = text
    else:
        return False
    phone = Mark(found.group(2), *found.span(2))
    reading.phones = reading.digits = (phone,)
    return True


def _read_anything(reading: Reading, known: Container[str]) -> None:
    _read_codes(reading, known)
    spoken = tuple(_spoken_phones(reading.text))
    reading.phones += spoken
    surely_codes = [mark for mark in reading.near_codes if _is_surely_a_code(mark)]
    rest = reading.rest = _without(reading.text, (*spoken, *reading.codes, *surely_codes))
    _read_digits(reading, rest)


def _folded(body: str, offset: int) -> Reading:
    if body.isascii() and body.isprintable():
        return Reading(body.upper(), offset)
    text, places = [], []
    for place, char in enumerate(body):
        for letter in _letters_of(char):
            text.append(letter)
            places.append(place)
    return Reading("".join(text), offset, disguised="".join(disguises(body)), places=places)


@lru_cache(maxsize=4096)
def _letters_of(char: str) -> str:
    return fold(reveal(char) if char.strip() else " ")


def _spoken_phones(text: str) -> Iterator[Mark]:
    """Ten digits as a listener wrote them down: in words, or with letters that look like digits."""
    if "KHONG" in text:
        for found in _SPOKEN.finditer(text):
            digits = "".join(str(_DIGIT_WORDS.index(word)) for word in found.group().split())
            if _WHOLE_PHONE.fullmatch(digits):
                yield Mark(digits, *found.span())
    for found in _LOOKS_LIKE_DIGITS.finditer(text):
        if _WHOLE_PHONE.fullmatch(digits := found.group().translate(_AS_DIGITS)) and not found.group().isdigit():
            yield Mark(digits, *found.span())


def _without(text: str, marks: Iterable[Mark]) -> str:
    for mark in marks:
        text = text[: mark.start] + "#" * (mark.end - mark.start) + text[mark.end :]
    return text


def _is_surely_a_code(mark: Mark) -> bool:
    """Not a name after the word DC, as in ``Dc Quang Mai``."""
    return mark.text.startswith("DC") and (mark.end - mark.start == len(mark.text) or not mark.text.isalpha())


def _read_codes(reading: Reading, known: Container[str]) -> None:
    text = reading.text
    if "DC" in text:
        codes = [Mark(m.group(1), m.start(1), m.end(1)) for m in _CODE.finditer(text) if is_valid(m.group(1))]
        reading.codes = tuple(codes)
    text = _without(text, reading.codes)
    for found in _SPACED_CODE.finditer(text):
        squeezed = "D" + _SEPARATORS.sub("", found.group(1))
        where = Mark(squeezed, found.start(), found.end(1))
        bounded = not (text[: where.start][-1:].isalnum() or found.group(2) or squeezed[2:].isdigit())
        if squeezed in known or (bounded and is_valid(squeezed)):
            reading.codes += (where,)
        elif bounded:
            reading.near_codes += (where,)
    if not reading.codes:
        near = [Mark(m.group(), m.start(), m.end()) for m in _SYMBOLS.finditer(text) if _is_nearly_a_code(m.group())]
        reading.near_codes += tuple(near)


def _is_nearly_a_code(symbols: str) -> bool:
    """Of a code's length, with a D or a C in its place, or both swapped; a word of nine letters is none."""
    return (
        len(symbols) == 9 and (symbols[0] == "D" or symbols[1] == "C" or symbols[:2] == "CD") and not symbols.isalpha()
    )


def _read_digits(reading: Reading, rest: str) -> None:
    for count, run in enumerate(_RUN.finditer(rest)):
        if count == _MOST_RUNS:
            return
        groups = [Mark(m.group(), m.start(), m.end()) for m in _GROUP.finditer(rest, run.start(), run.end())]
        reading.digits += tuple(groups)
        _read_run(reading, rest, groups[:_MOST_RUNS])


def _read_run(reading: Reading, rest: str, groups: list[Mark]) -> None:
    """Take phones out of a run of groups, the widest first; what nearly is one is kept for slips."""
    at = 0
    while at < len(groups):
        if is_the_banks(rest, groups[at].start, groups[at].end):
            at += _phone_at(Reading("", 0), groups, at) or 1
        else:
            at += _phone_at(reading, groups, at) or _near_phone_at(reading, groups, at) or 1


def _phone_at(reading: Reading, groups: list[Mark], at: int) -> int:
    for last in range(min(len(groups), at + 10), at, -1):
        digits = "".join(group.text for group in groups[at:last])
        if _PERHAPS_A_PHONE.fullmatch(digits) and (len(groups[at].text) > 1 or groups[at].text == "0"):
            try:
                phone = normalise(digits)
            except PhoneFault:
                continue
            reading.phones += (Mark(phone, groups[at].start, groups[last - 1].end),)
            return last - at
    return 0


def _near_phone_at(reading: Reading, groups: list[Mark], at: int) -> int:
    for last in range(min(len(groups), at + 4), at, -1):
        digits = "".join(group.text for group in groups[at:last])
        if any(_WHOLE_PHONE.fullmatch(group.text) for group in groups[at + 1 : last]):
            continue
        if 9 <= len(national := _national(digits)) <= 11:
            reading.runs += (Mark(national, groups[at].start, groups[last - 1].end),)
            return last - at
    return 0


def _national(digits: str) -> str:
    for country in ("0084", "84"):
        if digits.startswith(country) and len(digits) - len(country) >= 8:
            return "0" + digits[len(country) :].removeprefix("0")
    return digits
