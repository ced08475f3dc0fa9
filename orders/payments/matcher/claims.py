"""May this transfer be booked without a human? By its code, a code with a slip, or a phone with a slip."""

from collections.abc import Sequence

from orders.payments.matcher.book import ward_keys
from orders.payments.matcher.facts import ClueKind, Tier
from orders.payments.matcher.firmness import Claim, Desk, Doubt, same_person
from orders.payments.matcher.groups import pay_by_slip, pay_groups
from orders.payments.matcher.household import claim_by_phone, is_the_payers
from orders.payments.matcher.names import Likeness, NameSeen
from orders.payments.matcher.sight import Sight

_LOST_ZERO = 6.0  # bits: of a hundred slips only one drops the first digit


def judge(sight: Sight, desk: Desk) -> Claim | Doubt:
    """A claim where the memo is firm and nothing contradicts it; else the first reason why a human is to look."""
    reading = sight.reading
    if reading.disguised:
        return Doubt(ClueKind.DISGUISED, " ".join(f"U+{ord(char):04X}" for char in sorted(set(reading.disguised))[:5]))
    if reading.codes:
        return _by_code(sight, desk)
    if reading.near_codes and (sight.codes_near or sight.groups_near):
        return _by_slip(sight, desk)
    if known := sight.phones_known:
        return _by_phone(sight, desk, phones=set(known))
    if (reading.runs or reading.phones) and (close := sight.phones_near):
        return _by_phone_slip(sight, desk, phones=set(close))
    return Doubt(ClueKind.NOT_FIRM)


def _by_code(sight: Sight, desk: Desk) -> Claim | Doubt:
    book, codes = desk.book, {mark.text: mark for mark in sight.reading.codes}
    for code, mark in codes.items():
        if code not in book.by_code and code not in book.by_group:
            return Doubt(ClueKind.UNKNOWN_CODE, code, sight.reading.span(mark.start, mark.end))
    numbers = [book.by_code[code] for code in codes if code in book.by_code]
    members = [number for code in codes for number in book.by_group.get(code, ())]
    if doubt := _strange_phone(sight, desk, numbers=[*numbers, *members]):
        return doubt
    if any(desk.ledger.owed(number) <= 0 for number in numbers):
        return Doubt(ClueKind.CLOSED)
    if members:
        return pay_groups(sight, desk, numbers=[*numbers, *members])
    return _pay_named(sight, desk, numbers=numbers)


def _strange_phone(sight: Sight, desk: Desk, *, numbers: list[int]) -> Doubt | None:
    """The phone of somebody else's order contradicts a code."""
    own = {desk.book.orders[number].phone for number in numbers}
    for phone, mark in sight.phones_known.items():
        if phone not in own:
            return Doubt(ClueKind.CONTRADICTION, phone, sight.reading.span(mark.start, mark.end))
    return None


def _pay_named(sight: Sight, desk: Desk, *, numbers: list[int]) -> Claim | Doubt:
    amount, owed = sight.transfer.amount, [desk.ledger.owed(number) for number in numbers]
    if amount == sum(owed):
        return Claim(Tier.CODE, tuple(zip(numbers, owed, strict=True)))
    if amount < sum(owed) and len(numbers) > 1:
        return Doubt(ClueKind.AMOUNT_LESS, proposed=tuple(numbers))
    if doubt := unequal(amount, sight.payer, desk, numbers=numbers):
        return doubt
    return Claim(Tier.CODE, tuple((number, min(amount, due)) for number, due in zip(numbers, owed, strict=True)))


def unequal(amount: int, payer: str, desk: Desk, *, numbers: Sequence[int]) -> Doubt | None:
    """Why a human is to look at codes that came with another sum than their orders owe."""
    return _other_sum(amount, desk, numbers=numbers) or _strange_payer(payer, desk, numbers=numbers)


def _other_sum(amount: int, desk: Desk, *, numbers: Sequence[int]) -> Doubt | None:
    """A code with another order's sum, or a household's, was copied or means more than it says.

    So does that of a group's order with more than it owes: its leader pays for the others, too.
    """
    relatives = {n for number in numbers for n in desk.book.of_phone(desk.book.orders[number].phone)} - set(numbers)
    dues = [desk.ledger.due(number) for number in relatives]
    base = sum(desk.ledger.owed(number) for number in numbers)
    in_a_group = amount > base and any(desk.book.orders[number].group for number in numbers)
    if in_a_group or amount in dues or amount - base in dues or (dues and amount == base + sum(dues)):
        return Doubt(ClueKind.SEVERAL_FIT, proposed=tuple(numbers))
    return None


def _strange_payer(payer: str, desk: Desk, *, numbers: Sequence[int]) -> Doubt | None:
    """With another sum than owed, only the order's own person (or an unknown payer) is firm enough."""
    if not payer or any(same_person(payer, desk.person(number)) for number in numbers):
        return None
    return Doubt(ClueKind.PAYER_OWN_ORDER, payer)


def _by_slip(sight: Sight, desk: Desk) -> Claim | Doubt:
    groups = sight.groups_near
    if not groups:
        return _by_code_slip(sight, desk, near=set(sight.codes_near))
    members = [number for code in groups for number in desk.book.by_group[code]]
    return _strange_phone(sight, desk, numbers=members) or pay_by_slip(sight, desk, groups=groups)


def _by_code_slip(sight: Sight, desk: Desk, *, near: set[int]) -> Claim | Doubt:
    phones = sight.phones_known
    agreeing = {number for number in near if desk.book.orders[number].phone in phones}
    if len(near) > 1 and len(agreeing) != 1:
        return Doubt(ClueKind.SEVERAL_FIT, proposed=tuple(sorted(near)))
    (number,) = agreeing or near
    if doubt := _strange_phone(sight, desk, numbers=[number]) or _unsupported(sight, desk, number=number):
        return doubt
    if desk.ledger.owed(number) <= 0:
        return Doubt(ClueKind.CLOSED)
    if desk.ledger.owed(number) != sight.transfer.amount:
        return Doubt(ClueKind.NOT_FIRM)
    return Claim(Tier.CODE_SLIP, ((number, sight.transfer.amount),))


def _unsupported(sight: Sight, desk: Desk, *, number: int) -> Doubt | None:
    """A code with a slip stands alone in the memo, or a phone or name beside it agrees."""
    phone, seen = desk.book.orders[number].phone, sight.name(desk.person(number))
    if any(mark.text == phone for mark in sight.reading.phones):
        return None
    if mark := sight.purpose(seen):
        return Doubt(ClueKind.OTHER_PURPOSE, mark.text, sight.reading.span(mark.start, mark.end))
    if seen.likeness is Likeness.OTHER:
        return Doubt(ClueKind.NAME_OTHER, sight.reading.text[seen.start : seen.end])
    alone = not (sight.reading.rest.strip("# "))
    if alone or seen.likeness >= Likeness.LIKE or phone in sight.phones_near:
        return None
    return Doubt(ClueKind.NOT_FIRM)


def _by_phone(sight: Sight, desk: Desk, *, phones: set[str]) -> Claim | Doubt:
    if len(phones) > 1:
        return Doubt(ClueKind.CONTRADICTION, " ".join(sorted(phones)))
    (phone,) = phones
    if all(mark.end - mark.start < 10 for mark in sight.reading.phones if mark.text == phone):
        return _by_phone_slip(sight, desk, phones=phones)  # nine digits: a lost 0, or no phone at all
    return claim_by_phone(sight, desk, phone=phone, tier=Tier.PHONE)


def _by_phone_slip(sight: Sight, desk: Desk, *, phones: set[str]) -> Claim | Doubt:
    """A phone with a slip needs the name word by word, the exact sum, and rarity enough to rule out a stranger."""
    numbers = sorted({number for phone in phones for number in desk.book.of_phone(phone)})
    seen = {n: sight.name(desk.person(n)) for n in numbers}
    named = [n for n in numbers if seen[n].likeness is Likeness.WHOLE or _in_part(sight, seen[n])]
    if len({desk.book.orders[n].phone for n in named}) != 1:
        return Doubt(ClueKind.SEVERAL_FIT if named else ClueKind.NOT_FIRM)
    lost_zero = desk.book.orders[named[0]].phone in sight.phones_known
    if _bits_left(sight, desk, number=named[0]) + lost_zero * _LOST_ZERO < desk.weights.phone_slip_needs:
        return Doubt(ClueKind.NOT_FIRM)
    claim = claim_by_phone(sight, desk, phone=desk.book.orders[named[0]].phone, tier=Tier.PHONE_SLIP)
    if isinstance(claim, Claim) and [desk.ledger.owed(n) for n, _ in claim.shares] != [sight.transfer.amount]:
        return Doubt(ClueKind.NOT_FIRM)
    return claim


def _in_part(sight: Sight, seen: NameSeen) -> bool:
    """Half a name that is not the payer's, who may be nearly a namesake."""
    return seen.likeness is Likeness.PART and not is_the_payers(sight, seen)


def _bits_left(sight: Sight, desk: Desk, *, number: int) -> float:
    """What speaks beside the phone, less what the search among all orders would find by chance."""
    book, order, seen = desk.book, desk.book.orders[number], sight.name(desk.person(number))
    agree = bool(ward_keys(order.ward) & sight.wards(seen).keys())
    return (
        -book.frequencies.log_size
        + book.frequencies.words_bits(seen.words)
        + book.frequencies.total_bits(sight.transfer.amount)
        + (book.frequencies.ward_bits(order.ward) if agree else 0.0)
    )
