"""The orders of one phone: which of them, or which together, does a transfer without a code pay?"""

import re
from datetime import timedelta
from itertools import combinations

from orders.payments.matcher.book import address_key, ward_keys
from orders.payments.matcher.business import other_business
from orders.payments.matcher.facts import ClueKind, Tier
from orders.payments.matcher.firmness import Claim, Desk, Doubt, Household, same_person
from orders.payments.matcher.names import Likeness, NameSeen
from orders.payments.matcher.sight import Sight

_CITY_WARD = "DI AN"  # also the city's name, so it does not contradict another ward
MOST_ORDERS = 10
_PAYER_BEFORE = re.compile(r"(?:(?P<account>\d{6,})[^A-Z0-9]{1,4}|[FB]/O )$")
_PHONE_BEHIND = re.compile(r"[ _.,-]{1,4}\d{9,11}[ _.,-]{1,4}[A-Z]")
_PAID_BEFORE = timedelta(hours=24)


def claim_by_phone(sight: Sight, desk: Desk, *, phone: str, tier: Tier) -> Claim | Doubt:
    members = sorted(desk.book.of_phone(phone), key=lambda number: desk.book.orders[number].code)
    household = _meant(sight, desk, members=tuple(members), tier=tier)
    if isinstance(household, Doubt):
        return household
    if doubt := other_business(sight, desk, household=household):
        return doubt
    fitting = [n for n in household.meant if desk.ledger.owed(n) == sight.transfer.amount]
    if fitting:
        return _pay_one(sight, desk, household=household, fitting=fitting)
    return _pay_several(sight, desk, household=household)


def _meant(sight: Sight, desk: Desk, *, members: tuple[int, ...], tier: Tier) -> Household | Doubt:
    if len(members) > MOST_ORDERS:
        return Doubt(ClueKind.SEVERAL_FIT)
    seen = {number: sight.name(desk.person(number)) for number in members}
    best = max(seen.values(), key=lambda name: name.likeness)
    if best.likeness is Likeness.OTHER:
        return Doubt(ClueKind.NAME_OTHER, sight.reading.text[best.start : best.end])
    named = tuple(n for n in members if seen[n].likeness == best.likeness)
    if len({desk.person(n) for n in members}) > 1 and (is_the_payers(sight, best) or _is_a_ward(sight, best)):
        return Doubt(ClueKind.SEVERAL_FIT, proposed=named)
    wards = sight.wards(best).keys()
    agreeing = tuple(n for n in named if ward_keys(desk.book.orders[n].ward) & wards)
    if wards - {_CITY_WARD} and not agreeing:
        return Doubt(ClueKind.WARD_OTHER, ", ".join(sorted(wards)))
    return Household(tier, members, agreeing or named, best, bool(agreeing))


def is_the_payers(sight: Sight, seen: NameSeen) -> bool:
    """A name that hangs on an account's number, in a wrapper that nobody declared, tells of the payer alone."""
    text = sight.reading.rest
    found = _PAYER_BEFORE.search(text, max(0, seen.start - 32), seen.start)
    if not found or text.count(text[seen.start : seen.end]) > 1:
        return False
    if _PHONE_BEHIND.match(text, seen.end) and sight.wards(seen):
        return False  # the city's form: name, phone, ward
    return not any(mark.start <= found.end("account") - 1 < mark.end for mark in sight.reading.phones)


def _is_a_ward(sight: Sight, seen: NameSeen) -> bool:
    """Mr Đông of a family is not named by the ward Đông Hòa."""
    return seen.end > 0 and any(start <= seen.start and seen.end <= end for start, end in sight.wards().values())


def _pay_one(sight: Sight, desk: Desk, *, household: Household, fitting: list[int]) -> Claim | Doubt:
    """The one order that fits; of twins (same person, same address) the older."""
    if len({desk.person(number) for number in fitting}) > 1:
        return Doubt(ClueKind.SEVERAL_FIT, proposed=tuple(fitting))
    if _addresses_differ(sight, desk, numbers=household.meant):
        return Doubt(ClueKind.ANOTHER_ADDRESS, proposed=tuple(fitting))
    oldest = min(fitting, key=lambda n: (desk.book.orders[n].placed_at, desk.book.orders[n].code))
    if _too_early(sight, desk, household=household, number=oldest):
        return Doubt(ClueKind.TIME_BEFORE)
    if payer_has_own(sight.payer, desk, number=oldest, amount=sight.transfer.amount):
        return Doubt(ClueKind.PAYER_OWN_ORDER, sight.payer)
    return Claim(household.tier, ((oldest, sight.transfer.amount),))


def _addresses_differ(sight: Sight, desk: Desk, *, numbers: tuple[int, ...]) -> bool:
    """Anybody can order with a neighbour's name and phone: whatever its state, an order of the same sum is a rival."""
    rivals = [n for n in numbers if sight.transfer.amount in (desk.ledger.due(n), desk.book.orders[n].total)]
    if len(rivals) == 1:
        return False
    known = {key for n in rivals if (key := address_key(desk.book.orders[n].address))}
    wards = {ward_keys(desk.book.orders[n].ward) for n in rivals}
    return len(known) > 1 or len(wards) > 1


def _too_early(sight: Sight, desk: Desk, *, household: Household, number: int) -> bool:
    """People do pay first; but then everything else has to agree, and the order follows within a day.

    Of twins, the one that stood when the money came may have been given to a firmer transfer: that changes nothing.
    """
    latest, ahead = sight.transfer.latest, desk.book.orders[number].placed_at - sight.transfer.latest
    if ahead <= timedelta(0):
        return False
    stood = [n for n in household.meant if desk.book.orders[n].placed_at <= latest and desk.ledger.placed(n)]
    if any(desk.book.orders[n].total == sight.transfer.amount and desk.person(n) == desk.person(number) for n in stood):
        return False
    certain = household.ward_agrees and household.seen.likeness >= Likeness.PART and len(household.members) == 1
    return not (certain and ahead <= _PAID_BEFORE)


def payer_has_own(payer: str, desk: Desk, *, number: int, amount: int) -> bool:
    """Whether the payer, a neighbour with an order of the very same sum, may have copied this memo.

    Only where the payer's name is rare enough that a chance namesake in the same ward is unlikely.
    """
    book, order = desk.book, desk.book.orders[number]
    if not payer or same_person(payer, desk.person(number)):
        return False
    own = book.by_name.of(payer.replace(" ", ""))
    if not 0 < len(own) <= 3:
        return False
    return any(
        desk.ledger.owed(n) == amount and book.orders[n].phone != order.phone and book.orders[n].ward == order.ward
        for n in own
    )


def _pay_several(sight: Sight, desk: Desk, *, household: Household) -> Claim | Doubt:
    """Open orders whose sum fits in one way only; else a part of, or more than, the only order."""
    amount = sight.transfer.amount
    if any(desk.book.orders[n].total == amount for n in household.members):
        return Doubt(ClueKind.CLOSED)
    open_ones = [n for n in household.members if desk.ledger.owed(n) > 0]
    ways = [
        group
        for size in range(2, len(open_ones) + 1)
        for group in combinations(open_ones, size)
        if sum(map(desk.ledger.owed, group)) == amount
    ]
    if len(ways) == 1:
        return _pay_group(sight, desk, household=household, group=ways[0])
    if ways:
        return Doubt(ClueKind.SEVERAL_FIT, proposed=ways[0])
    return _pay_unequal(sight, desk, household=household, open_ones=open_ones)


def _pay_group(sight: Sight, desk: Desk, *, household: Household, group: tuple[int, ...]) -> Claim | Doubt:
    orders = [desk.book.orders[n] for n in group]
    addresses = {key for order in orders if (key := address_key(order.address))}
    strange = len(addresses) > 1 or len({ward_keys(order.ward) for order in orders}) > 1
    named = household.seen.likeness >= Likeness.PART
    if strange or not named or household.tier is not Tier.PHONE or not set(group) & set(household.meant):
        return Doubt(ClueKind.SEVERAL_FIT, proposed=group)
    if any(order.placed_at - sight.transfer.latest > _PAID_BEFORE for order in orders):
        return Doubt(ClueKind.TIME_BEFORE, proposed=group)
    return Claim(household.tier, tuple((n, desk.ledger.owed(n)) for n in group))


def _pay_unequal(sight: Sight, desk: Desk, *, household: Household, open_ones: list[int]) -> Claim | Doubt:
    """Less or more than owed: only where it is the phone's one order, and its own person pays, by name and ward."""
    amount = sight.transfer.amount
    if len(household.members) > 1 or not open_ones:
        return Doubt(ClueKind.CLOSED if not open_ones else ClueKind.SEVERAL_FIT)
    number, owed = open_ones[0], desk.ledger.owed(open_ones[0])
    own = bool(sight.payer) and same_person(sight.payer, desk.person(number))
    early = desk.book.orders[number].placed_at > sight.transfer.latest
    if desk.book.orders[number].group and amount > owed:
        return Doubt(ClueKind.AMOUNT_MORE)  # a leader who pays for the others, too
    if not (own and household.ward_agrees and household.seen.likeness >= Likeness.PART) or early or amount > 2 * owed:
        return Doubt(ClueKind.AMOUNT_LESS if amount < owed else ClueKind.AMOUNT_MORE)
    namesakes = desk.book.by_name.of(sight.payer.replace(" ", ""))
    if any(desk.ledger.owed(n) == amount for n in namesakes if n != number):
        return Doubt(ClueKind.PAYER_OWN_ORDER, sight.payer)
    return Claim(household.tier, ((number, min(amount, owed)),))
