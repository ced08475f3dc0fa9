"""All transfers of a run, decided together: the firmest first, so that the order of the rows changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from kernel.clock import VIETNAM

from orders.payments.matcher.answers import asked, matched
from orders.payments.matcher.book import Book
from orders.payments.matcher.claims import judge
from orders.payments.matcher.facts import Decision, OrderFacts, Tier, TransferFacts
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.sight import look
from orders.payments.matcher.weights import Weights, load


def decide_all(
    orders: Iterable[OrderFacts], transfers: Sequence[TransferFacts], *, weights: Weights | None = None
) -> list[Decision]:
    """One decision a transfer, in the order given. ``orders``: open ones, and those closed that money may still come for."""
    book = Book(orders)
    desk = Desk(book, Ledger(book), weights or load())
    claims = {place: claim for place, transfer in enumerate(transfers) if (claim := claim_alone(transfer, desk))}
    settled = settle(transfers, claims, desk=desk)
    return [decide(transfer, desk, claim=settled.get(place)) for place, transfer in enumerate(transfers)]


def claim_alone(transfer: TransferFacts, desk: Desk) -> Claim | None:
    """What the transfer would take by what the ledger says now."""
    judged = judge(look(transfer, desk.book), desk)
    return judged if isinstance(judged, Claim) else None


def settle(transfers: Sequence[TransferFacts], claims: Mapping[int, Claim], *, desk: Desk) -> dict[int, Claim]:
    """Grant claims (by the transfer's place in the run) and place them in the ledger.

    Where several want orders of one phone, the firmest is served first, then the earliest; who comes later is judged
    anew by what is left.
    """
    granted: dict[int, Claim] = {}
    for rivals in _rivals(claims, desk):
        for turn, place in enumerate(_in_turn(rivals, transfers, claims=claims)):
            claim = claim_alone(transfers[place], desk) if turn else claims[place]
            if claim:
                granted[place] = claim
                for number, amount in claim.shares:
                    desk.ledger.place(number, amount)
    return granted


def _rivals(claims: Mapping[int, Claim], desk: Desk) -> Iterable[list[int]]:
    """Claims that share a phone, directly or through others, as groups."""
    groups: dict[str, list[int]] = {}
    for place, claim in claims.items():
        own = [place]
        phones = {desk.book.orders[number].phone for number, _ in claim.shares}
        for group in {id(group): group for phone in phones if (group := groups.get(phone))}.values():
            own += group
        phones.update(desk.book.orders[n].phone for p in own[1:] for n, _ in claims[p].shares)
        groups.update(dict.fromkeys(phones, own))
    return {id(group): group for group in groups.values()}.values()


def _in_turn(rivals: list[int], transfers: Sequence[TransferFacts], *, claims: Mapping[int, Claim]) -> list[int]:
    """The firmest first, then the earliest. Among days without an hour, the bank's own numbering must do."""
    if len(rivals) == 1:
        return rivals
    hours = all(transfers[place].earliest == transfers[place].latest for place in rivals)

    def turn(place: int) -> tuple[Tier, datetime | date, str]:
        moment = transfers[place].latest
        return claims[place].tier, moment if hours else moment.astimezone(VIETNAM).date(), transfers[place].id

    return sorted(rivals, key=turn)


def decide(transfer: TransferFacts, desk: Desk, *, claim: Claim | None) -> Decision:
    """The decision with its reasons, once the ledger holds what every transfer of the run was granted."""
    sight = look(transfer, desk.book)
    return matched(sight, desk, claim=claim) if claim else asked(sight, desk)
