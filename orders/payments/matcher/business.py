"""What else may a memo be about? The words beside name, ward and phone, and what they say against a match."""

import re
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from kernel.text import search_key
from orders.payments.matcher.facts import ClueKind, Tier
from orders.payments.matcher.firmness import MIDDLE_WORDS, Desk, Doubt, Household
from orders.payments.matcher.names import WARD_WORDS, Likeness, NameSeen, untelexed
from orders.payments.matcher.places import WARD_INITIALS
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.vocabulary import (
    BANKS,
    LETTERS,
    ORDER_WORDS,
    may_begin_a_purpose,
    nearly_purpose,
    other_purpose,
    purpose_in,
    squeezed_purpose,
)
from orders.payments.matcher.wrappers import payers_words

_SENDING = frozenset({"CHUYEN", "CK", "TRANSFER", "GUI"})
_ORDERING = frozenset({"COMBO", "SDT", "DON", "HANG", "DAT", "THUC", "CHO", "MUA", "RAU", "THIT", "GAO"})
_STRAY_WORDS = 1  # a slip; two words that nobody can explain may say what else the money is for
_WORDS = re.compile(r"(?<![A-Z0-9])[A-Z]+(?![A-Z0-9])")
_AT_ONCE = re.compile(r" [A-Z]{2,}")
_TO_WARD = 10  # letters from a name to its ward, with the ward's title between
_LONGEST_WORD = 24  # letters; what is longer is a machine's
_NEAR = 6  # words
_SEVERAL = 12  # letters; what is longer is more than one word, run together
_KNOWN_WORDS = ORDER_WORDS | WARD_WORDS | WARD_INITIALS
_UNTELEXED = {word: meant for word in _KNOWN_WORDS if (meant := untelexed(word)) != word}
# Of these neither begins a purpose, however they are put together and whatever keys were meant.
_HARMLESS = frozenset(word for word in _KNOWN_WORDS if not may_begin_a_purpose(word)) - _UNTELEXED.keys()
_QUITE_HARMLESS = frozenset(word for word in _HARMLESS if len(word) > 1)  # a lone letter may be a piece of a word
# Between words that do not belong together: a name, a long number.
_BREAK = re.compile(r"#+|(?<![A-Z0-9])\d{6,}(?![A-Z])")


def other_business(sight: Sight, desk: Desk, *, household: Household) -> Doubt | None:
    """Words that say what else the money is for, or more words than name, ward and order explain."""
    if mark := sight.purpose(household.seen):
        return Doubt(ClueKind.OTHER_PURPOSE, mark.text, sight.reading.span(mark.start, mark.end))
    if not household.ward_agrees and _looks_like_default(sight, desk.book.orders[household.meant[0]].phone):
        return Doubt(ClueKind.NOT_FIRM)
    if _slipped(sight, desk, household=household) and (longer := _runs_on(sight, household.seen)):
        return Doubt(ClueKind.NAME_OTHER, longer)
    named, text = _beside(sight, household.seen)
    if explained([word for word in _WORDS.findall(text) if word not in named]):
        return None  # which is so for most
    words = []
    for phrase in _phrases(text, named):
        if mended := purpose_in(phrase) or purpose_in([*map(untelexed, phrase)]):
            return Doubt(ClueKind.OTHER_PURPOSE, mended.group())
        words += phrase
    return _unexplained(sight, desk, household=household, words=words, text=text)


def explained(words: Sequence[str]) -> bool:
    """Whether all ``words`` in a row are of orders or wards, and no purpose is among them, whatever keys were meant."""
    return _QUITE_HARMLESS.issuperset(words) or _explained(tuple(words))


@lru_cache(maxsize=4096)  # people write much the same around their names
def _explained(words: tuple[str, ...]) -> bool:
    if min(map(len, words), default=0) == 1 and _run_together(words):
        return False  # HO P DONG: a blank has been put into it
    if _HARMLESS.issuperset(words):
        return True
    if not _KNOWN_WORDS.issuperset(words) or purpose_in(words):
        return False
    meant = tuple(_UNTELEXED.get(word, word) for word in words)
    return meant == words or not purpose_in(meant)


def _slipped(sight: Sight, desk: Desk, *, household: Household) -> bool:
    """Whether the phone may be a stranger's, who is one digit away; a lost zero is no such slip."""
    phone = desk.book.orders[household.meant[0]].phone
    return household.tier is Tier.PHONE_SLIP and phone not in sight.phones_known


def _runs_on(sight: Sight, seen: NameSeen) -> str:
    """Half a name with a word at once behind it that may be a given name: TIEN is money, and people are called so."""
    text = sight.reading.rest
    found = _AT_ONCE.match(text, seen.end) if seen.likeness is Likeness.PART else None
    if not found or any(0 < start - seen.end < _TO_WARD for start, _ in sight.wards(seen).values()):
        return ""
    return text[seen.start : found.end()]


def _unexplained(sight: Sight, desk: Desk, *, household: Household, words: list[str], text: str) -> Doubt | None:
    """More words than a slip makes; with a slip in the phone already, any. A single one may be of a purpose.

    ``words`` are those of ``text`` that are no words of the name: CONG may be both a name and half of CONG NO, a debt.
    """
    if found := _run_together(words) or _run_together(_WORDS.findall(text)):
        return Doubt(ClueKind.OTHER_PURPOSE, found)
    stray = [word for word in words if not _is_known(word)]
    if not stray:
        return None
    meant = household.meant[0]
    address = search_key(desk.book.orders[meant].address).split()
    slipped = _slipped(sight, desk, household=household)
    named = [
        word
        for name in (desk.person(meant), "" if slipped else sight.payer)
        for word in (*name.split(), name.replace(" ", ""))
    ]
    stray = [word for word in stray if word not in address and not _is_nearly(word, named, slack=0 if slipped else 1)]
    theirs = set() if slipped else payers_words(sight.without_phones)
    unknown = [word for word in stray if word not in theirs]
    allowed = _STRAY_WORDS if household.seen.likeness > 0 and not slipped else 0
    if sum(1 + (len(word) > _SEVERAL) for word in unknown) > allowed:
        return Doubt(ClueKind.UNEXPLAINED, " ".join(unknown))
    if stray and (found := _purpose_hanging_on(stray) or _misspelt(stray, words)):
        return Doubt(ClueKind.OTHER_PURPOSE, found)
    return None


def _run_together(words: Sequence[str]) -> str:
    """A purpose whose spaces were lost or set elsewhere: TIEN NHATHANG 9, HO P DONG. An odd word is part of it.

    CHUYEN TIEN AN BINH holds none: TIEN AN, money for a meal, is all of words that are known.
    """
    words = [word for word in words if word not in BANKS]
    for place, word in enumerate(words):
        if word not in _KNOWN_WORDS or len(word) == 1:
            before, behind = (
                "".join(words[max(0, place - _NEAR) : place]),
                "".join(words[place + 1 : place + 1 + _NEAR]),
            )
            found = squeezed_purpose(f"{before}{word}{behind}")
            if found and found not in before and found not in behind:
                return found
    return ""


def _purpose_hanging_on(words: Sequence[str]) -> str:
    """IBFTTAX, BHXHTU: a purpose behind or before a known word, where the space between them was lost."""
    cuts = [(word[:cut], word[cut:]) for word in words for cut in range(1, len(word))]
    parts = [end for start, end in cuts if start in _KNOWN_WORDS]
    parts += [start for start, end in cuts if end in _KNOWN_WORDS]
    return next((part for part in parts if other_purpose(part)), "")


def _misspelt(stray: Sequence[str], words: Sequence[str]) -> str:
    """A purpose with a slip in one of its words: UNGHP, UN HO."""
    for before, word, after in zip(["", *words], words, [*words, ""][1:], strict=False):
        if word in stray:
            spans = map(nearly_purpose, (word, word + after, before + word))
            if found := next(filter(None, spans), ""):
                return found
    return ""


def _beside(sight: Sight, seen: NameSeen) -> tuple[list[str], str]:
    """The words of the name, and the text without it."""
    if seen.likeness <= 0:
        return [], sight.reading.rest
    named = LETTERS.findall(sight.reading.rest[seen.start : seen.end])
    return named, sight.reading.without(seen.start, seen.end) if named else sight.reading.rest


def _phrases(text: str, named: Container[str]) -> Iterator[list[str]]:
    """The words beside the name, as they stand together. Letters on digits, and very long words, are a machine's."""
    for phrase in _BREAK.split(text):
        words = _mended([word for word in _WORDS.findall(phrase) if word not in named])
        yield [word for word in words if len(word) <= _LONGEST_WORD]


def _is_known(word: str) -> bool:
    """A word of orders or wards, perhaps in raw Telex, or two without the space between them."""
    if untelexed(word) in _KNOWN_WORDS:
        return True
    return word in _KNOWN_WORDS or any(
        word[:cut] in _KNOWN_WORDS and word[cut:] in _KNOWN_WORDS for cut in range(3, len(word) - 2)
    )


def _is_nearly(word: str, names: Sequence[str], *, slack: int) -> bool:
    """A word of a name, perhaps typed in raw Telex, or with ``slack`` letters wrong. PHI, a fee, is no misspelt THI."""
    slack = slack if len(word) > 2 else 0
    return word in names or any(
        OSA.distance(untelexed(word), name, score_cutoff=slack) <= slack for name in names if name not in MIDDLE_WORDS
    )


def _mended(words: Sequence[str]) -> Iterator[str]:
    """What a bank's wrap column has split is put together again: a lone letter, and a known word in two pieces."""
    begun = ""
    for word, following in zip(words, [*words, ""][1:], strict=True):
        whole, begun = begun + word, ""
        if whole not in _KNOWN_WORDS and (len(word) == 1 or whole + following in _KNOWN_WORDS):
            begun = whole
        else:
            yield whole
    if begun:
        yield begun


def _looks_like_default(sight: Sight, phone: str) -> bool:
    """An app's own "<payer's phone and name> chuyen tien", in a layout that nobody declared."""
    words = sight.reading.spelled
    return (
        not sight.wrapped
        and phone == sight.transfer.payer_account
        and not _SENDING.isdisjoint(words)
        and _ORDERING.isdisjoint(words)
    )
