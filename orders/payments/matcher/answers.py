"""A decision written out: what was allocated, the candidates best first, and the clues for each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Any

from orders.payments.matcher.candidates import Pointed, gather
from orders.payments.matcher.claims import judge
from orders.payments.matcher.facts import Candidate, Clue, ClueKind, Decision, Status, Tier, Verdict
from orders.payments.matcher.firmness import Claim, Desk, Doubt
from orders.payments.matcher.score import Owing, Scored, calibrated, posteriors, score
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.steps import some_of
from orders.payments.matcher.weights import Weights

_MOST_CANDIDATES = 5
_POINTING = {ClueKind.CODE, ClueKind.CODE_SLIP, ClueKind.GROUP, ClueKind.GROUP_SLIP, ClueKind.PHONE}
_RIGHT: dict[Tier, Callable[[Weights], float]] = {
    tier: attrgetter(f"{tier.name.lower()}_right") for tier in Tier if tier is not Tier.NONE
}
_NO_WAIT = timedelta(0)
_SAME_SUM = {ClueKind.AMOUNT, ClueKind.AMOUNT_SUM, ClueKind.PHONE_CUT, ClueKind.PHONE_SLIP}


def matched(sight: Sight, desk: Desk, *, claim: Claim, placed: bool = False) -> Decision:
    """No human needed. ``placed``: the ledger already holds the claim's own shares."""
    orders, together = desk.book.orders, sum(amount for _, amount in claim.shares)
    certainty = _certainty(claim.tier, desk)
    candidates = []
    for number, share in claim.shares[:_MOST_CANDIDATES]:
        owing = Owing(desk.ledger.owed(number) + (share if placed else 0), together if len(claim.shares) > 1 else 0)
        scored = score(sight, desk, number=number, points=_points(sight, desk, number=number), owing=owing)
        candidates.append(Candidate(orders[number].code, certainty, scored.clues))
    allocations = tuple((orders[number].code, share) for number, share in claim.shares)
    return Decision(
        sight.transfer.id,
        Verdict.MATCHED,
        allocations,
        tuple(candidates),
        certainty,
        tier=claim.tier,
    )


def plainly_matched(transfer_id: str, desk: Desk, *, claim: Claim, clues: tuple[Clue, ...]) -> Decision:
    """The same for a claim on one order whose clues are known."""
    number, share = claim.shares[0]
    code, certainty = desk.book.orders[number].code, _certainty(claim.tier, desk)
    candidates = (Candidate(code, certainty, clues),)
    return Decision(transfer_id, Verdict.MATCHED, ((code, share),), candidates, certainty, tier=claim.tier)


def asked(sights: Sequence[Sight], desk: Desk) -> Iterator[Decision]:
    """For each a human, with candidates; or nothing fits."""
    for some in some_of(sights):
        weighings = weighed(some, desk)
        ranked = [_candidates(scored, desk) for _, scored in weighings]
        for sight, (doubt, _), candidates in zip(some, weighings, ranked, strict=True):
            yield _asked(sight, doubt, candidates, desk)


def weighed(sights: Sequence[Sight], desk: Desk) -> list[tuple[Doubt, list[Scored]]]:
    """For each why a human is asked, and the orders that it may pay, best first; those proposed together lead."""
    doubts = [_doubt(sight, desk) for sight in sights]
    pointed = [gather(sight, desk) for sight in sights]
    scored = [
        _scored(sight, desk, doubt=doubt, pointed=points)
        for sight, doubt, points in zip(sights, doubts, pointed, strict=True)
    ]
    for sight, doubt, orders in zip(sights, doubts, scored, strict=True):
        _sort(orders, sight, desk, doubt=doubt)
    return [*zip(doubts, scored, strict=True)]


def _doubt(sight: Sight, desk: Desk) -> Doubt:
    """``proposed`` are only orders whose sum was paid."""
    judged = judge(sight, desk)
    if not isinstance(judged, Doubt):
        return Doubt(ClueKind.SEVERAL_FIT)
    if judged.proposed and sum(map(desk.ledger.due, judged.proposed)) != sight.transfer.amount:
        return judged._replace(proposed=())
    return judged


def _scored(sight: Sight, desk: Desk, *, doubt: Doubt, pointed: Mapping[int, Pointed]) -> list[Scored]:
    together = dict.fromkeys(doubt.proposed, sight.transfer.amount)
    return [
        score(sight, desk, number=n, points=points, owing=_owing(desk, number=n, together=together.get(n, 0)))
        for n, points in pointed.items()
    ]


def _sort(scored: list[Scored], sight: Sight, desk: Desk, *, doubt: Doubt) -> None:
    if len(scored) > 1:
        waits = _waits(sight, desk, numbers=[one.number for one in scored])
        scored.sort(key=lambda one: _rank(one, desk, proposed=doubt.proposed, waits=waits))


def _asked(sight: Sight, doubt: Doubt, ranked: list[Candidate], desk: Desk) -> Decision:
    best = ranked[0].posterior if ranked else 0.0
    if not _worth_asking(ranked, desk):
        return Decision(sight.transfer.id, Verdict.UNMATCHED, (), (), round(1 - best, 4))
    reason = Clue(doubt.kind, doubt.read, span=doubt.span)
    return Decision(sight.transfer.id, Verdict.REVIEW, (), tuple(ranked), best, (reason,))


def _candidates(scored: list[Scored], desk: Desk) -> list[Candidate]:
    if not scored:
        return []
    shares = calibrated(posteriors(scored, desk), desk, clues=scored[0].clues)
    return [
        Candidate(desk.book.orders[one.number].code, round(share, 4), one.clues)
        for one, share in zip(scored[:_MOST_CANDIDATES], shares, strict=False)
    ]


def _worth_asking(ranked: list[Candidate], desk: Desk) -> bool:
    """Whether a code or phone points at an order, or a name, perhaps with a phone cut off, comes with the very sum."""
    if any(clue.kind in _POINTING for candidate in ranked for clue in candidate.clues):
        return True
    likely = [candidate for candidate in ranked if candidate.posterior >= desk.weights.ask_from]
    return any(clue.kind in _SAME_SUM for candidate in likely for clue in candidate.clues)


def _waits(sight: Sight, desk: Desk, *, numbers: list[int]) -> dict[str, timedelta]:
    """How long before it was paid each phone's household last ordered: people pay soon after."""
    waits: dict[str, timedelta] = {}
    for number in numbers:
        order = desk.book.orders[number]
        wait = sight.transfer.latest - order.placed_at
        if wait >= _NO_WAIT:
            waits[order.phone] = min(wait, waits.get(order.phone, wait))
    return waits


def _rank(scored: Scored, desk: Desk, *, proposed: Sequence[int], waits: Mapping[str, timedelta]) -> tuple[Any, ...]:
    """Among equals whose household ordered last, and in a household the older order."""
    order = desk.book.orders[scored.number]
    paid, wait = desk.ledger.owed(scored.number) <= 0, waits.get(order.phone, timedelta.max)
    bits = round(scored.bits, 3)
    return scored.number not in proposed, -bits, paid, wait, order.placed_at, order.code


def _owing(desk: Desk, *, number: int, together: int) -> Owing:
    if (owed := desk.ledger.owed(number)) > 0:
        return Owing(owed, together)
    order = desk.book.orders[number]
    state = Status.PAID if order.status is Status.AWAITING else order.status
    return Owing(owed or order.total, together, state)


def _points(sight: Sight, desk: Desk, *, number: int) -> Pointed:
    """What points at this very order."""
    order = desk.book.orders[number]
    code = next((mark for mark in sight.reading.codes if mark.text == order.code), None)
    phone = sight.phones_known.get(order.phone)
    return Pointed(
        code,
        None if code or not sight.reading.near_codes else sight.codes_near.get(number),
        phone,
        None if code or phone else sight.phones_near.get(order.phone),
        next((mark for mark in sight.reading.codes if mark.text == order.group), None) if order.group else None,
        sight.groups_near.get(order.group) if order.group else None,
    )


def _certainty(tier: Tier, desk: Desk) -> float:
    return _RIGHT[tier](desk.weights)
