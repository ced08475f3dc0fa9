"""How strongly does a transfer point at an order? Each clue in bits of log-odds, and the posterior of them all."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from orders.payments.matcher.book import ward_keys
from orders.payments.matcher.candidates import Pointed
from orders.payments.matcher.facts import Clue, ClueKind, OrderFacts, Status
from orders.payments.matcher.firmness import Desk, same_person
from orders.payments.matcher.names import Likeness, NameSeen
from orders.payments.matcher.reading import Mark
from orders.payments.matcher.sight import Sight

_SHORTEST_CUT = 3
_CITY_WARD = "DI AN"


@dataclass(frozen=True, slots=True)
class Scored:
    """An order (by number) with its clues and their sum, less what the size of the book makes likely by chance."""

    number: int
    bits: float
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Owing:
    """What a payer of the order would send; ``together`` with the orders that may be meant with it, else 0."""

    due: int
    together: int = 0
    state: Status = Status.AWAITING


def score(sight: Sight, desk: Desk, *, number: int, points: Pointed, owing: Owing) -> Scored:
    order = desk.book.orders[number]
    seen = sight.name(desk.person(number))
    clues = (
        *_pointing_clues(sight, desk, points=points),
        *_phone_cut_clues(sight, desk, order=order, points=points),
        *_name_clues(sight, desk, number=number, seen=seen),
        *_ward_clues(sight, desk, order=order, seen=seen),
        *_amount_clues(sight, desk, owing=owing),
        *_time_clues(sight, desk, order=order, owing=owing),
        *_purpose_clues(sight, desk, points=points, seen=seen),
    )
    return Scored(number, sum(clue.weight for clue in clues) - log2(len(desk.book.orders)), clues)


def posteriors(scored: list[Scored], desk: Desk) -> list[float]:
    """Shares of certainty, in the order given; what is left says that none of them is right."""
    top = max([desk.weights.nothing_fits, *(one.bits for one in scored)])
    odds = [2.0 ** max(one.bits - top, -200) for one in scored]
    whole = sum(odds) + 2.0 ** max(desk.weights.nothing_fits - top, -200)
    return [part / whole for part in odds]


def _clue(sight: Sight, kind: ClueKind, *, mark: Mark, weight: float) -> Clue:
    return Clue(kind, mark.text, weight, sight.reading.span(mark.start, mark.end))


def _pointing_clues(sight: Sight, desk: Desk, *, points: Pointed) -> Iterator[Clue]:
    weights = desk.weights
    if points.code:
        yield _clue(sight, ClueKind.CODE, mark=points.code, weight=weights.code)
    elif points.code_slip:
        yield _clue(sight, ClueKind.CODE_SLIP, mark=points.code_slip, weight=weights.code_slip)
    if points.phone:
        yield _clue(sight, ClueKind.PHONE, mark=points.phone, weight=weights.phone)
    elif points.phone_slip:
        yield _clue(sight, ClueKind.PHONE_SLIP, mark=points.phone_slip, weight=weights.phone_slip)


def _phone_cut_clues(sight: Sight, desk: Desk, *, order: OrderFacts, points: Pointed) -> Iterator[Clue]:
    """A memo that was cut in the middle of the phone."""
    digits = sight.reading.digits
    if points.phone or points.phone_slip or not digits or sight.reading.text[digits[-1].end :].strip():
        return
    last = digits[-1]
    if _SHORTEST_CUT <= len(last.text) < 10 and order.phone.startswith(last.text):
        weight = desk.weights.phone_cut_digit * (len(last.text) - 1)
        yield _clue(sight, ClueKind.PHONE_CUT, mark=last, weight=weight)


def _name_clues(sight: Sight, desk: Desk, *, number: int, seen: NameSeen) -> Iterator[Clue]:
    book, weights = desk.book, desk.weights
    rarity = sum(map(book.word_bits, seen.words))
    if seen.likeness >= Likeness.LIKE:
        kind, share = {
            Likeness.WHOLE: (ClueKind.NAME, weights.name),
            Likeness.PART: (ClueKind.NAME_PART, weights.name_part),
            Likeness.LIKE: (ClueKind.NAME_LIKE, weights.name_like),
        }[seen.likeness]
        span = sight.reading.span(seen.used[0].start, seen.used[-1].end)
        yield Clue(kind, seen.read, round(rarity * share, 2), span)
    elif sight.payer and same_person(sight.payer, desk.person(number)):
        rarity = sum(map(book.word_bits, sight.payer.split()))
        yield Clue(ClueKind.PAYER, sight.payer, round(rarity * weights.payer, 2))
    elif seen.likeness is Likeness.OTHER:
        span = sight.reading.span(seen.used[0].start, seen.used[-1].end)
        yield Clue(ClueKind.NAME_OTHER, seen.read, weights.name_other, span)


def _ward_clues(sight: Sight, desk: Desk, *, order: OrderFacts, seen: NameSeen) -> Iterator[Clue]:
    named = sight.wards(seen)
    for ward in ward_keys(order.ward) & named.keys():
        start, end = named[ward]
        yield Clue(ClueKind.WARD, ward, round(desk.book.ward_bits(order.ward), 2), sight.reading.span(start, end))
        return
    if others := named.keys() - {_CITY_WARD}:
        ward = min(others)
        yield Clue(ClueKind.WARD_OTHER, ward, desk.weights.ward_other, sight.reading.span(*named[ward]))


def _amount_clues(sight: Sight, desk: Desk, *, owing: Owing) -> Iterator[Clue]:
    amount, rarity = sight.transfer.amount, desk.book.total_bits(sight.transfer.amount)
    if amount == owing.due:
        yield Clue(ClueKind.AMOUNT, str(amount), round(rarity, 2))
    elif amount == owing.together:
        yield Clue(ClueKind.AMOUNT_SUM, str(amount), round(rarity * desk.weights.amount_sum, 2))
    elif amount < owing.due:
        yield Clue(ClueKind.AMOUNT_LESS, str(owing.due), desk.weights.amount_less)
    else:
        yield Clue(ClueKind.AMOUNT_MORE, str(owing.due), desk.weights.amount_more)


def _time_clues(sight: Sight, desk: Desk, *, order: OrderFacts, owing: Owing) -> Iterator[Clue]:
    if order.placed_at > sight.transfer.latest:
        yield Clue(ClueKind.TIME_BEFORE, order.placed_at.isoformat(), desk.weights.time_before)
    if owing.state is not Status.AWAITING:
        yield Clue(ClueKind.CLOSED, owing.state.value, desk.weights.closed)


def _purpose_clues(sight: Sight, desk: Desk, *, points: Pointed, seen: NameSeen) -> Iterator[Clue]:
    if not points.code and (mark := sight.purpose(seen)):
        yield _clue(sight, ClueKind.OTHER_PURPOSE, mark=mark, weight=desk.weights.other_purpose)
