"""Does the memo hold this person's name? Whole, in part, misspelt, or somebody else's."""

import re
from enum import IntEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA

from orders.payments.matcher.reading import Mark, Reading
from orders.payments.matcher.vocabulary import ALSO_NAMES, ORDER_WORDS, SURNAMES
from people.wards import WARDS_2021

_LONG = 10  # letters; a name this long may have two wrong
_MOST_WORDS = 30
_TELEX_TONE = re.compile(r"[SFRXJ](?=[A-Z]{0,2}$)")
_TELEX_LETTER = re.compile(r"A(?=A)|E(?=E)|O(?=O)|D(?=D)|(?<=[AOU])W")
_AFTER = re.compile(r" ([A-Z]{2,})")
_BEFORE = re.compile(r"([A-Z]+) $")
WARD_WORDS = frozenset(word for ward in WARDS_2021 for word in (*ward.key.split(), ward.key.replace(" ", "")))
_STRANGE = SURNAMES - ORDER_WORDS
_NO_NAMES = ORDER_WORDS - ALSO_NAMES | WARD_WORDS


class Likeness(IntEnum):
    """How well a name agrees; from ``LIKE`` up it is evidence, ``OTHER`` speaks against."""

    OTHER = -1
    ABSENT = 0
    LIKE = 1
    PART = 2
    WHOLE = 3


class NameSeen(NamedTuple):
    """Where the name stands in the text of the reading; ``words`` are those of the name that were found."""

    likeness: Likeness
    start: int = 0
    end: int = 0
    words: tuple[str, ...] = ()


ABSENT = NameSeen(Likeness.ABSENT)


def find_name(name: str, reading: Reading) -> NameSeen:
    """Look for ``name`` (folded) in the body. Words of orders and wards are no names unless the name claims them."""
    if not reading.rest or not name:
        return ABSENT
    if seen := _as_it_stands(name, reading.rest):
        return seen
    if not reading.words:
        return ABSENT
    wanted = name.split()
    return _joined(wanted, reading) or _part(wanted, reading) or _like(wanted, reading.words)


def _as_it_stands(name: str, text: str) -> NameSeen | None:
    """The name with its spaces, which is how most people write it."""
    start = text.find(name)
    if start < 0:
        return None
    end = start + len(name)
    if text[start - 1 : start].isalpha() or text[end : end + 1].isalpha():
        return None
    wanted = name.split()
    longer = _goes_on(text, end) or _strange_surname(text, start, wanted)
    return NameSeen(Likeness.LIKE if longer else Likeness.WHOLE, start, end, tuple(wanted))


def _goes_on(text: str, end: int) -> bool:
    """TRAN NHU KHANH is not TRAN NHU: a word that follows at once, and is no word of an order or a ward."""
    after = _AFTER.match(text, end)
    return after is not None and after.group(1) not in _NO_NAMES


def _strange_surname(text: str, start: int, wanted: list[str]) -> bool:
    """TRAN THI LAN is not THI LAN of the NGUYEN."""
    if text[start - 1 : start] != " ":
        return False
    before = _BEFORE.search(text, max(0, start - 12), start)
    return before is not None and before.group(1) in _STRANGE and before.group(1) not in wanted


def _joined(wanted: list[str], reading: Reading) -> NameSeen | None:
    """The name's letters in a row, whatever spaces were lost or put in, from the start of a word to the end of one."""
    found = _in_a_row("".join(wanted), reading.words)
    if not found:
        return None
    longer = _goes_on(reading.rest, found[1]) or _strange_surname(reading.rest, found[0], wanted)
    return NameSeen(Likeness.LIKE if longer else Likeness.WHOLE, *found, tuple(wanted))


def _in_a_row(joined: str, words: list[Mark]) -> tuple[int, int] | None:
    letters = "".join([word.text for word in words])
    at = letters.find(joined)
    while at >= 0:
        if found := _between(words, at, at + len(joined)):
            return found
        at = letters.find(joined, at + 1)
    return None


def _between(words: list[Mark], start: int, end: int) -> tuple[int, int] | None:
    """Where the words stand whose letters are just ``start``…``end`` of all; one long word may run on."""
    at, used = 0, []
    for word in words:
        if at >= end:
            break
        if at + len(word.text) > start:
            used.append(word)
        at += len(word.text)
    begins = at - sum(len(word.text) for word in used) == start
    if begins and (at == end or (len(used) == 1 and end - start >= 8)):
        return used[0].start, used[-1].end
    return None


def _part(wanted: list[str], reading: Reading) -> NameSeen | None:
    """At least two words of the name in its order, the last among them: people drop THI, or write the last two only."""
    if len(wanted) < 2:
        return None
    for last, word in enumerate(reading.words):
        if last and word.text == wanted[-1] and (found := _backwards(wanted, reading, last)):
            return found
    if place := _in_a_row("".join([wanted[-1], *wanted[:-1]]), reading.words):  # the given name first, as in English
        return NameSeen(Likeness.PART, *place, tuple(wanted))
    place = _in_a_row("".join(wanted[-2:]), reading.words) if len(wanted) > 2 else None
    return _bounded(reading, *place, wanted=wanted, kept=tuple(wanted[-2:])) if place else None


def _backwards(wanted: list[str], reading: Reading, last: int) -> NameSeen | None:
    """Walk back from the given name: each word before it must be the next of the name that was not dropped."""
    used, place = [reading.words[last]], len(wanted) - 1
    for word in reversed(reading.words[:last]):
        earlier = next((i for i in range(place - 1, -1, -1) if wanted[i] == word.text), None)
        if earlier is None:
            break
        used.insert(0, word)
        place = earlier
    kept = tuple(mark.text for mark in used)
    return _bounded(reading, used[0].start, used[-1].end, wanted=wanted, kept=kept) if len(used) >= 2 else None


def _bounded(reading: Reading, start: int, end: int, *, wanted: list[str], kept: tuple[str, ...]) -> NameSeen | None:
    """A part of a name, unless the words around it make it somebody else's."""
    if _goes_on(reading.rest, end) or _strange_surname(reading.rest, start, wanted):
        return None
    return NameSeen(Likeness.PART, start, end, kept)


def _like(wanted: list[str], words: list[Mark]) -> NameSeen:
    """Misspelt, or raw Telex, or the given name alone; else the words left over are a stranger's."""
    if near := _nearest(wanted, words):
        return near
    left = [w for w in words if w.text not in WARD_WORDS and w.text not in ORDER_WORDS and len(w.text) > 1]
    if len(left) == 1 and left[0].text == wanted[-1]:
        return NameSeen(Likeness.LIKE, left[0].start, left[0].end, (wanted[-1],))
    if "".join(wanted).startswith("".join(word.text for word in left)):
        return ABSENT  # a name cut off after its first words is nobody else's
    return NameSeen(Likeness.OTHER, left[0].start, left[-1].end)


def _nearest(wanted: list[str], words: list[Mark]) -> NameSeen | None:
    """The words in a row that come nearest to the name, if at most one or two letters are wrong."""
    joined = "".join(wanted)
    allowed = 2 if len(joined) >= _LONG else 1
    best = None
    for first, last, read in _windows(words[:_MOST_WORDS], len(wanted) + 2, most=len(joined) + 4):
        distance = OSA.distance(joined, read, score_cutoff=allowed)
        if distance <= allowed and _same_given_name(wanted[-1], read):
            best = NameSeen(Likeness.LIKE, first.start, last.end, tuple(wanted))
            allowed = distance - 1
            if allowed < 0:
                break
    return best


def _windows(words: list[Mark], size: int, *, most: int) -> list[tuple[Mark, Mark, str]]:
    """Up to ``size`` words in a row, of up to ``most`` letters, joined: as they stand, and as Telex was meant."""
    windows = []
    for first in range(len(words)):
        letters = meant = ""
        for word in words[first : first + size]:
            letters, meant = letters + word.text, meant + untelexed(word.text)
            if len(meant) > most:
                break
            windows.append((words[first], word, letters))
            if meant != letters:
                windows.append((words[first], word, meant))
    return windows


def _same_given_name(given: str, read: str) -> bool:
    """LAN may have become LOAN by a slip; MAI is somebody else."""
    return any(OSA.distance(given, read[-size:]) <= 1 for size in (len(given) - 1, len(given), len(given) + 1) if size)


def untelexed(word: str) -> str:
    """``NGUYEENX`` → ``NGUYEN``: what a Vietnamese keyboard would have made of the keys."""
    return _TELEX_TONE.sub("", _TELEX_LETTER.sub("", word), count=1) if len(word) > 2 else word
