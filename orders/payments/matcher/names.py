"""Does the memo hold this person's name? Whole, in part, misspelt, or somebody else's."""

import re
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from orders.payments.matcher.reading import Mark
from orders.payments.matcher.vocabulary import ORDER_WORDS, SURNAMES

_LONG = 10  # letters; a name this long may have two wrong
_MOST_WORDS = 30
_ALSO_NAMES = frozenset(
    "ANH MINH TRANG CHI HANG LIEN DUNG DONG LUONG LAN CHU BAC HO PHUONG KINH THANH QUA TRUNG HIEN BAO DANG".split()
)
_NEVER_GIVEN = ORDER_WORDS - _ALSO_NAMES | {"PHUONG"}
_TELEX_TONE = re.compile(r"[SFRXJ](?=[A-Z]{0,2}$)")
_TELEX_LETTER = re.compile(r"A(?=A)|E(?=E)|O(?=O)|D(?=D)|(?<=[AOU])W")


class Likeness(IntEnum):
    """How well a name agrees; from ``LIKE`` up it is evidence, ``OTHER`` speaks against."""

    OTHER = -1
    ABSENT = 0
    LIKE = 1
    PART = 2
    WHOLE = 3


@dataclass(frozen=True, slots=True)
class NameSeen:
    """``used`` are the words of the memo that the name took, ``missing`` those of the name that the memo lacks."""

    likeness: Likeness
    used: tuple[Mark, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def read(self) -> str:
        return " ".join(mark.text for mark in self.used)


ABSENT = NameSeen(Likeness.ABSENT)


def find_name(name: str, words: list[Mark], ward_words: frozenset[str]) -> NameSeen:
    """Look for ``name`` (folded) among the ``words`` of a body. ``ward_words`` are no names unless the name claims them."""
    wanted = name.split()
    if not words or not wanted:
        return ABSENT
    return _whole(wanted, words, ward_words) or _part(wanted, words, ward_words) or _like(wanted, words, ward_words)


def _whole(wanted: list[str], words: list[Mark], ward_words: frozenset[str]) -> NameSeen | None:
    """The name's letters in a row, whatever spaces were lost or put in, from the start of a word to the end of one."""
    used = _in_a_row("".join(wanted), words)
    if not used:
        return None
    longer = _goes_on(used[-1], words, ward_words) or _strange_surname(used[0], words, wanted)
    return NameSeen(Likeness.LIKE if longer else Likeness.WHOLE, used, tuple(wanted))


def _goes_on(last: Mark, words: list[Mark], ward_words: frozenset[str]) -> bool:
    """TRAN NHU KHANH is not TRAN NHU: a word that follows at once, and is no word of an order or a ward."""
    after = next((word for word in words if word.start == last.end + 1), None)
    return after is not None and len(after.text) > 1 and after.text not in ward_words and after.text not in _NEVER_GIVEN


def _in_a_row(joined: str, words: list[Mark]) -> tuple[Mark, ...]:
    letters = "".join([word.text for word in words])
    at = letters.find(joined)
    while at >= 0:
        if used := _between(words, at, at + len(joined)):
            return used
        at = letters.find(joined, at + 1)
    return ()


def _between(words: list[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The words whose letters are exactly ``start``…``end`` of all letters; or that run on into a ward, when joined."""
    at, used = 0, []
    for word in words:
        if at >= end:
            break
        if at + len(word.text) > start:
            used.append(word)
        at += len(word.text)
    exact_start = at - sum(len(word.text) for word in used) == start
    if exact_start and at == end:
        return tuple(used)
    return tuple(used) if len(used) == 1 and end - start >= 8 else ()


def _part(wanted: list[str], words: list[Mark], ward_words: frozenset[str]) -> NameSeen | None:
    """At least two words of the name in its order, the last among them: people drop THI, or write the last two only."""
    if len(wanted) < 2:
        return None
    for last in range(len(words) - 1, 0, -1):
        if words[last].text == wanted[-1] and (used := _backwards(wanted, words, last)):
            if not _goes_on(used[-1], words, ward_words):
                return NameSeen(Likeness.PART, used, tuple(mark.text for mark in used))
    if used := _in_a_row("".join([wanted[-1], *wanted[:-1]]), words):  # the given name first, as in English
        return NameSeen(Likeness.PART, used, tuple(wanted))
    joined = tuple(wanted[-2:])
    used = _in_a_row("".join(joined), words) if len(wanted) > 2 else ()
    if used and not _strange_surname(used[0], words, wanted) and not _goes_on(used[-1], words, ward_words):
        return NameSeen(Likeness.PART, used, joined)
    return None


def _backwards(wanted: list[str], words: list[Mark], last: int) -> tuple[Mark, ...]:
    """Walk back from the given name: each word before it must be the next of the name that was not dropped."""
    used, place = [words[last]], len(wanted) - 1
    for word in reversed(words[:last]):
        earlier = next((i for i in range(place - 1, -1, -1) if wanted[i] == word.text), None)
        if earlier is None:
            break
        used.insert(0, word)
        place = earlier
    return tuple(used) if len(used) >= 2 and not _strange_surname(used[0], words, wanted) else ()


def _strange_surname(first: Mark, words: list[Mark], wanted: list[str]) -> bool:
    """TRAN THI LAN is not NGUYEN THI LAN."""
    before = [word for word in words if word.start < first.start and word.end + 2 > first.start]
    return bool(before) and before[-1].text in SURNAMES - ORDER_WORDS and before[-1].text not in wanted


def _like(wanted: list[str], words: list[Mark], ward_words: frozenset[str]) -> NameSeen:
    """Misspelt, or raw Telex, or the given name alone; else the words left over are a stranger's."""
    if near := _nearest(wanted, words):
        return NameSeen(Likeness.LIKE, near, tuple(wanted))
    left = [w for w in words if w.text not in ward_words and w.text not in ORDER_WORDS and len(w.text) > 1]
    if len(left) == 1 and left[0].text == wanted[-1]:
        return NameSeen(Likeness.LIKE, tuple(left), (wanted[-1],))
    return NameSeen(Likeness.OTHER, tuple(left)) if left else ABSENT


def _nearest(wanted: list[str], words: list[Mark]) -> tuple[Mark, ...]:
    """The words in a row that come nearest to the name, if at most one or two letters are wrong."""
    joined = "".join(wanted)
    allowed = 2 if len(joined) >= _LONG else 1
    best: tuple[Mark, ...] = ()
    for first in range(min(len(words), _MOST_WORDS)):
        letters = untelexed_letters = ""
        for last in range(first, min(len(words), first + len(wanted) + 2)):
            letters += words[last].text
            untelexed_letters += untelexed(words[last].text)
            for read in {letters, untelexed_letters}:
                distance = OSA.distance(joined, read, score_cutoff=allowed)
                if distance <= allowed and _same_given_name(wanted[-1], read):
                    allowed, best = distance - 1, tuple(words[first : last + 1])
                if allowed < 0:
                    return best
            if len(letters) > len(joined) + 4:
                break
    return best


def _same_given_name(given: str, read: str) -> bool:
    """LAN may have become LOAN by a slip; MAI is somebody else."""
    return any(OSA.distance(given, read[-size:]) <= 1 for size in (len(given) - 1, len(given), len(given) + 1) if size)


def untelexed(word: str) -> str:
    """``NGUYEENX`` → ``NGUYEN``: what a Vietnamese keyboard would have made of the keys."""
    return _TELEX_TONE.sub("", _TELEX_LETTER.sub("", word), count=1) if len(word) > 2 else word
