"""Which of a person's like orders does each of several transfers pay? The best assignment of them all together.

Who is served at all is settled before: of one phone, whoever is firmer and earlier. What is exchanged here are whole
orders of one person, one ward and one sum among transfers that name the phone alone: each gets as much as before.
"""

from collections import defaultdict
from collections.abc import Mapping

from orders.payments.matcher.assignment import Cost, assigned
from orders.payments.matcher.claims import judge
from orders.payments.matcher.facts import Tier, TransferFacts
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.sight import Sight

_BY_PHONE = (Tier.PHONE, Tier.PHONE_SLIP)


def fairly(
    granted: Mapping[int, Claim | None], transfers: Mapping[int, TransferFacts], *, desk: Desk
) -> dict[int, Claim | None]:
    """``granted``, which stand in the turn in which they were served, with like orders exchanged.

    Nobody gets what he would be refused while the others hold theirs.
    """
    like: defaultdict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    for place, claim in granted.items():
        if claim and claim.tier in _BY_PHONE and len(claim.shares) == 1:
            (number, share) = claim.shares[0]
            order = desk.book.orders[number]
            like[order.phone, desk.person(number), order.ward, share].append(place)
    changed = dict(granted)
    for places in like.values():
        if len(places) > 1:
            changed |= _exchanged({place: claim for place in places if (claim := granted[place])}, transfers, desk=desk)
    return changed


def _exchanged(
    claims: Mapping[int, Claim], transfers: Mapping[int, TransferFacts], *, desk: Desk
) -> Mapping[int, Claim]:
    orders = desk.book.orders
    numbers = sorted(
        {claim.shares[0][0] for claim in claims.values()}, key=lambda n: (orders[n].placed_at, orders[n].code)
    )
    if len(numbers) < len(claims):
        return claims  # parts of one order: nothing to exchange
    costs = [[_cost(transfers[place], desk, number=number) for number in numbers] for place in claims]
    best = {
        place: Claim(claim.tier, ((numbers[column], claim.shares[0][1]),))
        for (place, claim), column in zip(claims.items(), assigned(costs), strict=True)
    }
    return best if best != claims and all(_stands(best[p], transfers[p], desk) for p in best) else claims


def _cost(transfer: TransferFacts, desk: Desk, *, number: int) -> Cost:
    """First that the order stood when it was paid, then how long it had: the longest wait is worst."""
    wait = round((transfer.latest - desk.book.orders[number].placed_at).total_seconds())
    return int(wait < 0), wait * wait


def _stands(claim: Claim, transfer: TransferFacts, desk: Desk) -> bool:
    """Whether the transfer would be given just this, were it the last to be served."""
    ((number, share),) = claim.shares
    desk.ledger.place(number, -share)
    judged = judge(Sight(transfer, desk.book), desk)
    desk.ledger.place(number, share)
    return judged == claim
