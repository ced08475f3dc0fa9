"""What else may a memo be about? The words beside name, ward and phone, and what they say against a match."""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from kernel.text import search_key
from orders.payments.matcher.facts import ClueKind, Tier
from orders.payments.matcher.firmness import Desk, Doubt, Household
from orders.payments.matcher.names import WARD_WORDS, Likeness, NameSeen, untelexed
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.vocabulary import LETTERS, ORDER_WORDS, other_purpose, squeezed_purpose

_SENDING = frozenset({"CHUYEN", "CK", "TRANSFER", "GUI"})
_ORDERING = frozenset({"COMBO", "SDT", "DON", "HANG", "DAT", "THUC", "CHO"})
_STRAY_WORDS = 1  # a slip; two words that nobody can explain may say what else the money is for
_WORDS = re.compile(r"(?<![A-Z0-9])[A-Z]+(?![A-Z0-9])")
_AT_ONCE = re.compile(r" [A-Z]{2,}")
_TO_WARD = 10  # letters from a name to its ward, with the ward's title between
_LONGEST_WORD = 12  # letters; what is longer is a machine's
_KNOWN_WORDS = ORDER_WORDS | WARD_WORDS


def other_business(sight: Sight, desk: Desk, *, household: Household) -> Doubt | None:
    """Words that say what else the money is for, or more words than name, ward and order explain."""
    if mark := sight.purpose(household.seen):
        return Doubt(ClueKind.OTHER_PURPOSE, mark.text, sight.reading.span(mark.start, mark.end))
    if not household.ward_agrees and _looks_like_default(sight, desk.book.orders[household.meant[0]].phone):
        return Doubt(ClueKind.NOT_FIRM)
    if _slipped(sight, desk, household=household) and (longer := _runs_on(sight, household.seen)):
        return Doubt(ClueKind.NAME_OTHER, longer)
    words = _words(sight, household.seen)
    if mended := other_purpose(" ".join(words)):
        return Doubt(ClueKind.OTHER_PURPOSE, mended.group())
    return _unexplained(sight, desk, household=household, words=words)


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


def _unexplained(sight: Sight, desk: Desk, *, household: Household, words: list[str]) -> Doubt | None:
    """More words than a slip makes; with a slip in the phone already, any. A single one may be of a purpose."""
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
    if len(stray) > (0 if slipped else _STRAY_WORDS):
        return Doubt(ClueKind.UNEXPLAINED, " ".join(stray))
    if stray and (found := squeezed_purpose("".join(words)) or _purpose_hanging_on(stray)):
        return Doubt(ClueKind.OTHER_PURPOSE, found)
    return None


def _purpose_hanging_on(words: Sequence[str]) -> str:
    """IBFTTAX: a purpose behind a known word, where the space between them was lost."""
    ends = (word[cut:] for word in words for cut in range(1, len(word)) if word[:cut] in _KNOWN_WORDS)
    return next((end for end in ends if other_purpose(end)), "")


def _words(sight: Sight, seen: NameSeen) -> list[str]:
    """The words beside the name. Letters that hang on digits, and very long words, are a machine's."""
    named = LETTERS.findall(sight.reading.rest[seen.start : seen.end]) if seen.likeness > 0 else []
    words = _mended(_WORDS.findall(sight.reading.without(seen.start, seen.end) if named else sight.reading.rest))
    return [word for word in words if len(word) <= _LONGEST_WORD and word not in named]


def _is_known(word: str) -> bool:
    """A word of orders or wards, or two without the space between them."""
    return word in _KNOWN_WORDS or any(
        word[:cut] in _KNOWN_WORDS and word[cut:] in _KNOWN_WORDS for cut in range(3, len(word) - 2)
    )


def _is_nearly(word: str, names: Sequence[str], *, slack: int) -> bool:
    """A word of a name, perhaps typed in raw Telex, or with ``slack`` letters wrong."""
    slack = slack if len(word) > 2 else 0
    return any(OSA.distance(untelexed(word), name, score_cutoff=slack) <= slack for name in names)


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
