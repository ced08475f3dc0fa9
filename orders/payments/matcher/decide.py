"""All transfers of a run, decided together: the firmest first, so that the order of the rows changes nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from orders.payments.matcher.answers import asked, matched, plainly_matched
from orders.payments.matcher.book import Book
from orders.payments.matcher.claims import judge
from orders.payments.matcher.facts import Decision, OrderFacts, Tier, TransferFacts
from orders.payments.matcher.fairness import fairly
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.matcher.ledger import Ledger
from orders.payments.matcher.plain import Plain, plain_claim
from orders.payments.matcher.reading import Reading
from orders.payments.matcher.sight import Sight
from orders.payments.matcher.steps import some_of
from orders.payments.matcher.weights import Weights, load
from orders.payments.matcher.worded import worded_claim
from orders.payments.memo import BANK_TIME, Parts, take_apart


class Bid(NamedTuple):
    """What a transfer would take if it were the only one, and the decision that this would be."""

    claim: Claim
    decision: Decision


def decide_all(
    orders: Iterable[OrderFacts], transfers: Sequence[TransferFacts], *, weights: Weights | None = None
) -> list[Decision]:
    """One decision a transfer, in the order given.

    ``orders`` are the open ones, and those closed for which money may still come.
    """
    desk = open_desk(orders, weights=weights)
    bids = {place: look for place, look in enumerate(first_looks(transfers, desk)) if isinstance(look, Bid)}
    settled = settle({place: bid.claim for place, bid in bids.items()}, dict(enumerate(transfers)), desk=desk)
    return [
        bids[place].decision
        if place in bids and place not in settled
        else decide(transfer, desk, claim=settled.get(place))
        for place, transfer in enumerate(transfers)
    ]


def open_desk(orders: Iterable[OrderFacts], *, weights: Weights | None = None) -> Desk:
    return desk_of(Book(orders), weights=weights)


def desk_of(book: Book, *, weights: Weights | None = None) -> Desk:
    return Desk(book, Ledger(book), weights or load())


def first_look(transfer: TransferFacts, desk: Desk) -> Bid | Sight:
    """The bid, or what was seen of a memo that is not firm enough for one."""
    return next(first_looks([transfer], desk))


def first_looks(
    transfers: Sequence[TransferFacts],
    desk: Desk,
    *,
    parts: Sequence[Parts] | None = None,
    readings: Sequence[Reading | None] | None = None,
) -> Iterator[Bid | Sight]:
    """``first_look`` at each. ``parts`` and ``readings``: their memos, if they were taken apart and read before."""
    parts = parts or [take_apart(transfer.memo) for transfer in transfers]
    rows = [*zip(transfers, parts, readings or [None] * len(transfers), strict=True)]
    for some in some_of(rows):
        yield from _looks(some, desk)


def _looks(rows: Sequence[tuple[TransferFacts, Parts, Reading | None]], desk: Desk) -> Iterator[Bid | Sight]:
    texts = [_plain_text(transfer, parts) for transfer, parts, _ in rows]
    short = [
        plain_claim(transfer, parts, desk, text=text) if text else None
        for text, (transfer, parts, _) in zip(texts, rows, strict=True)
    ]
    short = [
        found or (worded_claim(transfer, parts, desk, text=text) if text else None)
        for found, text, (transfer, parts, _) in zip(short, texts, rows, strict=True)
    ]
    sights = [
        None if found else Sight(transfer, desk.book, parts=parts, reading=reading)
        for found, (transfer, parts, reading) in zip(short, rows, strict=True)
    ]
    judged = [sight and judge(sight, desk) for sight in sights]
    firm = [
        Bid(judgement, matched(sight, desk, claim=judgement)) if sight and isinstance(judgement, Claim) else sight
        for sight, judgement in zip(sights, judged, strict=True)
    ]
    for found, look, (transfer, _, _) in zip(short, firm, rows, strict=True):
        if found:
            yield Bid(found[0], plainly_matched(transfer.id, desk, claim=found[0], clues=found[1]))
        elif look:
            yield look


def short_claim(transfer: TransferFacts, parts: Parts, desk: Desk) -> Plain | None:
    """What the short ways find in a memo of plain characters."""
    if text := _plain_text(transfer, parts):
        return plain_claim(transfer, parts, desk, text=text) or worded_claim(transfer, parts, desk, text=text)
    return None


def _plain_text(transfer: TransferFacts, parts: Parts) -> str:
    """The memo's body in capitals, if it is of plain characters."""
    text = transfer.memo[parts.start : parts.end].upper()
    return text if text.isascii() and text.isprintable() else ""


def settle(
    claims: Mapping[int, Claim], transfers: Mapping[int, TransferFacts], *, desk: Desk
) -> dict[int, Claim | None]:
    """Place all claims in the ledger; the claims that had rivals, by place in the run, with what was left for them.

    Where several want orders of one phone, the firmest is served first, then the earliest; who comes later is judged
    anew by what is left. Who of them gets which of a person's like orders is then settled for all together.
    ``transfers`` need to hold only those that have rivals.
    """
    contested: dict[int, Claim | None] = {}
    for group in rivals(claims, desk):
        if len(group) == 1:
            _place(claims[group[0]], desk)
            continue
        turn = _in_turn(group, transfers, claims=claims)
        for place in turn:
            contested[place] = _still(claims[place], transfers[place], desk)
            _place(contested[place], desk)
        contested |= fairly({place: contested[place] for place in turn}, transfers, desk=desk)
    return contested


def _still(claim: Claim, transfer: TransferFacts, desk: Desk) -> Claim | None:
    """The claim, judged anew if another transfer has been given something of the same orders."""
    if not any(desk.ledger.placed(number) for number, _ in claim.shares):
        return claim
    parts = take_apart(transfer.memo)
    if short := short_claim(transfer, parts, desk):
        return short[0]
    judged = judge(Sight(transfer, desk.book, parts=parts), desk)
    return judged if isinstance(judged, Claim) else None


def decide(transfer: TransferFacts, desk: Desk, *, claim: Claim | None) -> Decision:
    """The decision once the ledger holds what every transfer of the run was granted."""
    sight = Sight(transfer, desk.book)
    return matched(sight, desk, claim=claim, placed=True) if claim else next(asked([sight], desk))


def rivals(claims: Mapping[int, Claim], desk: Desk) -> list[list[int]]:
    """The places of claims, those together that share a phone, directly or through others."""
    groups: dict[str, list[int]] = {}
    for place, claim in claims.items():
        phones = _phones(claim, desk)
        if len(phones) == 1:
            groups.setdefault(phones[0], []).append(place)
            continue
        joined = [place, *{member for phone in phones for member in groups.get(phone, ())}]
        theirs = {phone for member in joined for phone in _phones(claims[member], desk)}
        groups.update(dict.fromkeys(theirs, joined))
    return list({id(group): group for group in groups.values()}.values())


def _phones(claim: Claim, desk: Desk) -> list[str]:
    return [desk.book.orders[number].phone for number, _ in claim.shares]


def _in_turn(group: list[int], transfers: Mapping[int, TransferFacts], *, claims: Mapping[int, Claim]) -> list[int]:
    """The firmest first, then the earliest. Among days without an hour, the bank's own numbering must do."""
    hours = all(transfers[place].earliest == transfers[place].latest for place in group)

    def turn(place: int) -> tuple[Tier, datetime | date, str]:
        moment = transfers[place].latest
        return claims[place].tier, moment if hours else moment.astimezone(BANK_TIME).date(), transfers[place].id

    return sorted(group, key=turn)


def _place(claim: Claim | None, desk: Desk) -> None:
    for number, amount in claim.shares if claim else ():
        desk.ledger.place(number, amount)
