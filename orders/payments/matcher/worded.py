"""One phone, and beside it only words that explain themselves: a name, a ward, what people write around an order.

Only a shortcut, as ``plain`` is: whatever is decided here, the long way decides alike (a test compares them).
"""

import re
from typing import NamedTuple

from orders.payments.matcher.book import ward_keys
from orders.payments.matcher.business import explained
from orders.payments.matcher.facts import Clue, ClueKind, Tier, TransferFacts
from orders.payments.matcher.firmness import Claim, Desk, same_person
from orders.payments.matcher.household import MOST_ORDERS, payer_has_own
from orders.payments.matcher.names import Likeness, NameSeen, find_name
from orders.payments.matcher.places import wards_named
from orders.payments.matcher.plain import Plain, payable, payer_of, read_at
from orders.payments.matcher.reading import CODE_STARTS, LONGEST_BODY, Reading
from orders.payments.matcher.score import NAME_KINDS, alias_clues, payer_clue
from orders.payments.matcher.sight import SPACED_FIRST, amount_clue
from orders.payments.matcher.vocabulary import LETTERS, other_purpose
from orders.payments.matcher.wrappers import is_the_banks
from orders.payments.memo import Parts

# By itself, not next to letters or other digits that might belong to it.
_PHONE = re.compile(r"(?:0|84)[ .-]?[35789](?:[ .-]?\d){8}(?![A-Z0-9])")
_HANGS_ON = re.compile(r"[A-Z0-9+]$|\d[ .-]{1,3}$")
_BESIDE = re.compile(r"[A-Z ,_.:/-]*+(?:(?<![A-Z])\d{1,3}(?![A-Z\d])[A-Z ,_.:/-]*+){0,2}")  # too few digits for a phone
_GROUP = re.compile(r"\d+")


class _Phone(NamedTuple):
    digits: str  # in today's form
    start: int
    end: int


def worded_claim(transfer: TransferFacts, parts: Parts, desk: Desk, *, text: str) -> Plain | None:
    """A claim on the phone's one open order of the very sum. ``text`` is the memo's body in capitals."""
    phone = _only_phone(text)
    number = _meant(transfer, desk, phone=phone.digits) if phone else None
    if not phone or number is None:
        return None
    payer, name, ward = payer_of(transfer, parts), desk.person(number), desk.book.orders[number].ward
    if payer_has_own(payer, desk, number=number, amount=transfer.amount):
        return None
    reading = Reading(text, parts.start, rest=text)
    seen = find_name(name, reading)
    beside = reading.without(seen.start, seen.end) if seen.likeness > 0 else text
    if not _explains(text, beside, seen, payer=payer):
        return None
    wards = wards_named(beside)
    agreeing = next((key for key in ward_keys(ward) if key in wards), "")
    if not agreeing and (wards or phone.digits == transfer.payer_account):
        return None
    clues = [read_at(ClueKind.PHONE, parts, phone.digits, span=(phone.start, phone.end), weight=desk.weights.phone)]
    if seen.likeness > 0:
        clues.append(_name_clue(parts, desk, text=text, seen=seen))
    elif payer and same_person(payer, name):
        clues += payer_clue(payer, desk)
    clues.append(amount_clue(transfer.amount, desk.book))
    if agreeing:
        bits = desk.book.frequencies.ward_bits(ward)
        clues.append(read_at(ClueKind.WARD, parts, agreeing, span=wards[agreeing], weight=bits))
    clues += alias_clues(transfer, desk, phone=phone.digits)
    return Claim(Tier.PHONE, ((number, transfer.amount),)), tuple(clues)


def _name_clue(parts: Parts, desk: Desk, *, text: str, seen: NameSeen) -> Clue:
    kind = NAME_KINDS[seen.likeness]
    weight = round(desk.book.frequencies.words_bits(seen.words) * getattr(desk.weights, kind), 2)
    return read_at(kind, parts, text[seen.start : seen.end], span=(seen.start, seen.end), weight=weight)


def _only_phone(text: str) -> _Phone | None:
    """The one phone of a memo that holds no code, nothing that looks like one, and no other long number."""
    found = _PHONE.search(text)
    if not found or len(text) > LONGEST_BODY or CODE_STARTS.search(text):
        return None
    start, end = found.span()
    if _HANGS_ON.search(text, max(0, start - 4), start):
        return None
    if not (_BESIDE.fullmatch(text, 0, start) and _BESIDE.fullmatch(text, end)):
        return None
    groups = _GROUP.findall(found.group())
    if is_the_banks(text, start, start + len(groups[0])):
        return None
    digits = "".join(groups)
    return _Phone("0" + digits[2:] if digits.startswith("84") else digits, start, end)


def _meant(transfer: TransferFacts, desk: Desk, *, phone: str) -> int | None:
    """The only order of the very sum, open or not, among a phone's, if they all are one person's in one ward."""
    numbers, orders = desk.book.of_phone(phone), desk.book.orders
    if len(numbers) > 1:
        if len(numbers) > MOST_ORDERS or len({(desk.person(number), orders[number].ward) for number in numbers}) > 1:
            return None
        sums = [n for n in numbers if transfer.amount in (desk.ledger.due(n), orders[n].total)]
        if len(sums) != 1:
            return None
        numbers = tuple(sums)
    return numbers[0] if numbers and payable(transfer, desk, number=numbers[0]) else None


def _explains(text: str, beside: str, seen: NameSeen, *, payer: str) -> bool:
    """Whether every word ``beside`` the name is one of orders or wards, and none says what else the money is for."""
    if seen.likeness is Likeness.OTHER or (payer and payer in beside):
        return False
    if SPACED_FIRST.match(text) and other_purpose(SPACED_FIRST.sub(r" \1", beside)):
        return False
    named: list[str] = []
    if seen.likeness > 0:
        read = text[seen.start : seen.end]
        named = LETTERS.findall(read)
        if read in beside or (seen.likeness is not Likeness.WHOLE and other_purpose(text[seen.start :])):
            return False
    words = LETTERS.findall(beside)
    unnamed = [word for word in words if word not in named]
    # Words that hold no purpose in a row hold none as they stand; but one of the name may have been left out.
    return explained(unnamed) and (unnamed == words or not other_purpose(beside))
