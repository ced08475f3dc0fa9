"""All transfers of a run, decided together: the firmest first, so that the order of the rows changes nothing."""

from collections.abc import Iterable, Iterator, Sequence

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
    claims = [claim_alone(transfer, desk) for transfer in transfers]
    settled = settle(transfers, claims, desk=desk)
    return [decide(transfer, desk, claim=settled.get(place)) for place, transfer in enumerate(transfers)]


def claim_alone(transfer: TransferFacts, desk: Desk) -> Claim | None:
    """What the transfer would take if it were the only one."""
    judged = judge(look(transfer), desk)
    return judged if isinstance(judged, Claim) else None


def settle(transfers: Sequence[TransferFacts], claims: Sequence[Claim | None], *, desk: Desk) -> dict[int, Claim]:
    """Grant claims, the firmest and then the earliest first; place them in the ledger. By the transfer's place in the run.

    Whoever finds orders of its phone touched before it is judged anew by what is left.
    """
    granted: dict[int, Claim] = {}
    touched: set[str] = set()

    def turn(place: int) -> tuple[object, ...]:
        transfer, claim = transfers[place], claims[place]
        return (claim.tier if claim else Tier.NONE, transfer.earliest, transfer.latest, transfer.id)

    for place in sorted((place for place, claim in enumerate(claims) if claim), key=turn):
        claim = claims[place]
        if claim and touched & set(_phones(claim, desk)):
            claim = claim_alone(transfers[place], desk)
        if claim:
            granted[place] = claim
            touched.update(_phones(claim, desk))
            for number, amount in claim.shares:
                desk.ledger.place(number, amount)
    return granted


def _phones(claim: Claim, desk: Desk) -> Iterator[str]:
    return (desk.book.orders[number].phone for number, _ in claim.shares)


def decide(transfer: TransferFacts, desk: Desk, *, claim: Claim | None) -> Decision:
    """The decision with its reasons, once the ledger holds what every transfer of the run was granted."""
    return matched(look(transfer), desk, claim=claim) if claim else asked(look(transfer), desk)
