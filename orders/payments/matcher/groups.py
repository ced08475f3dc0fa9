"""A group's code in a memo: which of its orders does the transfer pay?"""

from collections.abc import Collection, Iterable, Sequence
from math import gcd

from orders.payments.matcher.facts import ClueKind, Tier
from orders.payments.matcher.firmness import Claim, Desk, Doubt
from orders.payments.matcher.sight import Sight

_MOST_UNITS = 100_000  # of the largest sum that all dues are multiples of; beyond, looking for a set takes too long


def pay_groups(sight: Sight, desk: Desk, *, numbers: Iterable[int], tier: Tier = Tier.CODE) -> Claim | Doubt:
    """All of the orders that are open, where their sum was paid to the đồng; else a human, with those it may mean."""
    orders = desk.book.orders
    waiting = [n for n in set(numbers) if desk.ledger.owed(n) > 0]
    waiting.sort(key=lambda n: (orders[n].placed_at, orders[n].code))
    owed = [desk.ledger.owed(n) for n in waiting]
    if not waiting:
        return Doubt(ClueKind.CLOSED)
    if sight.transfer.amount == sum(owed):
        return Claim(tier, tuple(zip(waiting, owed, strict=True)))
    meant = tuple(waiting[place] for place in covered(sight.transfer.amount, owed))
    return Doubt(ClueKind.GROUP_SUM, str(sum(owed)), proposed=meant)


def pay_by_slip(sight: Sight, desk: Desk, *, groups: Collection[str]) -> Claim | Doubt:
    """A group's code with a slip: no order's code is as near, the sum fits, and nothing else is said but its phones."""
    members = [number for code in groups for number in desk.book.by_group[code]]
    if len(groups) > 1 or sight.codes_near:
        return Doubt(ClueKind.SEVERAL_FIT)
    paid = pay_groups(sight, desk, numbers=members, tier=Tier.CODE_SLIP)
    theirs = {desk.book.orders[number].phone for number in members}
    agrees = any(mark.text in theirs for mark in sight.reading.phones)
    if isinstance(paid, Claim) and sight.reading.rest.strip("# ") and not agrees:
        return Doubt(ClueKind.NOT_FIRM, proposed=tuple(number for number, _share in paid.shares))
    return paid


def covered(amount: int, owed: Sequence[int]) -> tuple[int, ...]:
    """The places of the dues (all above zero) that an amount pays in full.

    The one set that comes to it, if there is just one; else the first ones, as far as it reaches.
    """
    if not owed or amount <= 0:
        return ()
    return _only_set(amount, owed) or _first_ones(amount, owed)


def _first_ones(amount: int, owed: Sequence[int]) -> tuple[int, ...]:
    reached = 0
    for place, due in enumerate(owed):
        if reached + due > amount:
            return tuple(range(place))
        reached += due
    return tuple(range(len(owed)))


def _only_set(amount: int, owed: Sequence[int]) -> tuple[int, ...]:
    """Sums are bits of a number, so that all of them move at once: those some set so far comes to, and two sets."""
    unit = gcd(amount, *owed)
    goal, sizes = amount // unit, [due // unit for due in owed]
    if goal > _MOST_UNITS:
        return ()
    within, twice = (1 << goal + 1) - 1, 0
    sums = [1]
    for size in sizes:
        moved = sums[-1] << size & within if size <= goal else 0
        twice = (twice | twice << min(size, goal + 1) | sums[-1] & moved) & within
        sums.append(sums[-1] | moved)
    if not sums[-1] >> goal & 1 or twice >> goal & 1:
        return ()
    return _taken(goal, sizes, sums)


def _taken(left: int, sizes: Sequence[int], sums: Sequence[int]) -> tuple[int, ...]:
    """Back from the last: what those before it do not come to takes it."""
    taken = []
    for place in reversed(range(len(sizes))):
        if not sums[place] >> left & 1:
            taken.append(place)
            left -= sizes[place]
    return tuple(reversed(taken))
