"""How strongly does a transfer point at an order? Each clue in bits of log-odds, and the posterior of them all."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from orders.payments.matcher.book import ward_keys
from orders.payments.matcher.candidates import NOTHING, Pointed
from orders.payments.matcher.facts import Clue, ClueKind, OrderFacts, Status, TransferFacts
from orders.payments.matcher.firmness import Desk, same_person
from orders.payments.matcher.names import Likeness, NameSeen
from orders.payments.matcher.reading import Mark
from orders.payments.matcher.sight import Said, Sight, amount_clue

_CITY_WARD = "DI AN"
_CODE_FIRST = 1.0  # bits: where the two contradict, the code's order is shown first
NAME_KINDS = {Likeness.WHOLE: ClueKind.NAME, Likeness.PART: ClueKind.NAME_PART, Likeness.LIKE: ClueKind.NAME_LIKE}


class Scored(NamedTuple):
    """An order (by number) with its clues and their sum, less what the size of the book makes likely by chance."""

    number: int
    bits: float
    clues: tuple[Clue, ...]


class Owing(NamedTuple):
    """What a payer of the order would send; ``together`` with the orders that may be meant with it, else 0."""

    due: int
    together: int = 0
    state: Status = Status.AWAITING


def score(sight: Sight, desk: Desk, *, number: int, points: Pointed, owing: Owing) -> Scored:
    order, name = desk.book.orders[number], desk.book.names[number]
    said = sight.said.get(name) or _said(sight, desk, name=name)
    clues = [] if points is NOTHING else _pointing_clues(sight, desk, points=points)
    clues += said.of_name
    amount = sight.transfer.amount
    clues.append(sight.very_sum if amount == owing.due else sum_clue(amount, desk, owing=owing))
    of_ward = said.of_ward.get(order.ward)
    clues += _ward_clues(sight, desk, ward=order.ward, said=said) if of_ward is None else of_ward
    if not (points.phone or points.phone_slip):
        if points.code:
            clues += _other_phone_clues(sight, desk, order=order)
        if (cut := sight.phone_cut) and order.phone.startswith(cut.text):
            weight = desk.weights.phone_cut_digit * (len(cut.text) - 1)
            clues.append(_clue(sight, ClueKind.PHONE_CUT, mark=cut, weight=weight))
    if not (points.code or points.group):
        clues += said.of_purpose
    if order.placed_at > sight.transfer.latest:
        clues.append(Clue(ClueKind.TIME_BEFORE, order.placed_at.isoformat(), desk.weights.time_before))
    if owing.state is not Status.AWAITING:
        clues.append(Clue(ClueKind.CLOSED, owing.state.value, desk.weights.closed))
    if sight.transfer.aliases:
        clues += alias_clues(sight.transfer, desk, phone=order.phone)
    return Scored(number, sum([clue.weight for clue in clues]) - desk.book.frequencies.log_size, tuple(clues))


def _said(sight: Sight, desk: Desk, *, name: str) -> Said:
    """What the memo says of a person. Of namesakes it is the same."""
    seen = sight.name(name)
    of_name = tuple(_name_clues(sight, desk, name=name, seen=seen))
    of_purpose = tuple(_purpose_clues(sight, desk, seen=seen)) if sight.reading.rest else ()
    said = sight.said[name] = Said(seen, of_name, of_purpose, {})
    return said


def posteriors(scored: list[Scored], desk: Desk) -> list[float]:
    """Shares of certainty, in the order given; what is left says that none of them is right."""
    top = max([desk.weights.nothing_fits, *(one.bits for one in scored)])
    odds = [2.0 ** max(one.bits - top, -200) for one in scored]
    whole = sum(odds) + 2.0 ** max(desk.weights.nothing_fits - top, -200)
    return [part / whole for part in odds]


def calibrated(shares: list[float], desk: Desk, *, clues: Iterable[Clue]) -> list[float]:
    """The same shares of how often some candidate was right where the first bears such ``clues``."""
    some = min(sum(shares), 1.0)
    scale = desk.weights.calibrated(some, pointed_by(clues)) / some if some else 0.0
    return [share * scale for share in shares]


def pointed_by(clues: Iterable[Clue]) -> str:
    """What the case for an order rests on: its code, its phone, or a name alone. Each is calibrated apart."""
    kinds = {clue.kind for clue in clues}
    if kinds & {ClueKind.CODE, ClueKind.CODE_SLIP, ClueKind.GROUP, ClueKind.GROUP_SLIP}:
        return "code"
    return "phone" if kinds & {ClueKind.PHONE, ClueKind.PHONE_SLIP} else "name"


def _clue(sight: Sight, kind: ClueKind, *, mark: Mark, weight: float) -> Clue:
    return Clue(kind, mark.text, weight, sight.reading.span(mark.start, mark.end))


def _pointing_clues(sight: Sight, desk: Desk, *, points: Pointed) -> list[Clue]:
    weights, clues = desk.weights, []
    if points.code:
        clues.append(_clue(sight, ClueKind.CODE, mark=points.code, weight=weights.code))
    elif points.code_slip:
        clues.append(_clue(sight, ClueKind.CODE_SLIP, mark=points.code_slip, weight=weights.code_slip))
    if points.group:
        clues.append(_clue(sight, ClueKind.GROUP, mark=points.group, weight=weights.code))
    elif points.group_slip:
        clues.append(_clue(sight, ClueKind.GROUP_SLIP, mark=points.group_slip, weight=weights.code_slip))
    if points.phone:
        clues.append(_clue(sight, ClueKind.PHONE, mark=points.phone, weight=weights.phone))
    elif points.phone_slip:
        clues.append(_clue(sight, ClueKind.PHONE_SLIP, mark=points.phone_slip, weight=weights.phone_slip))
    return clues


def _other_phone_clues(sight: Sight, desk: Desk, *, order: OrderFacts) -> Iterator[Clue]:
    """The code of one order and the phone of another: then the code is worth hardly more than the phone."""
    if sight.phones_known and order.phone not in sight.phones_known:
        mark = next(iter(sight.phones_known.values()))
        yield _clue(
            sight, ClueKind.CONTRADICTION, mark=mark, weight=desk.weights.phone - desk.weights.code + _CODE_FIRST
        )


def _name_clues(sight: Sight, desk: Desk, *, name: str, seen: NameSeen) -> Iterator[Clue]:
    weights = desk.weights
    read, span = sight.reading.text[seen.start : seen.end], None
    if seen.end:
        span = sight.reading.span(seen.start, seen.end)
    if seen.likeness > 0:
        kind = NAME_KINDS[seen.likeness]
        bits = desk.book.frequencies.words_bits(seen.words)
        yield Clue(kind, read, round(bits * getattr(weights, kind), 2), span)
    elif sight.payer and same_person(sight.payer, name):
        yield from payer_clue(sight.payer, desk)
    elif seen.likeness is Likeness.OTHER:
        yield Clue(ClueKind.NAME_OTHER, read, weights.name_other, span)


def payer_clue(payer: str, desk: Desk) -> tuple[Clue]:
    """The payer bears the name of the order: worth less than the same name in the memo."""
    bits = desk.book.frequencies.words_bits(payer.split())
    return (Clue(ClueKind.PAYER, payer, round(bits * desk.weights.payer, 2)),)


def alias_clues(transfer: TransferFacts, desk: Desk, *, phone: str) -> tuple[Clue, ...]:
    """The payer's account has paid for this phone before: worth a place among the candidates, never proof."""
    return (Clue(ClueKind.ALIAS, phone, desk.weights.alias),) if phone in transfer.aliases else ()


def _ward_clues(sight: Sight, desk: Desk, *, ward: str, said: Said) -> tuple[Clue, ...]:
    clues = said.of_ward[ward] = tuple(_ward_clue(sight, desk, ward=ward, named=sight.wards(said.seen)))
    return clues


def _ward_clue(sight: Sight, desk: Desk, *, ward: str, named: Mapping[str, tuple[int, int]]) -> Iterator[Clue]:
    if not named:
        return
    for key in ward_keys(ward):
        if key in named:
            yield Clue(ClueKind.WARD, key, desk.book.frequencies.ward_bits(ward), sight.reading.span(*named[key]))
            return
    if others := named.keys() - {_CITY_WARD}:
        other = min(others)
        yield Clue(ClueKind.WARD_OTHER, other, desk.weights.ward_other, sight.reading.span(*named[other]))


def sum_clue(amount: int, desk: Desk, *, owing: Owing) -> Clue:
    """How the sum that came compares with what is owed."""
    if amount == owing.due:
        return amount_clue(amount, desk.book)
    if amount == owing.together:
        return Clue(
            ClueKind.AMOUNT_SUM, str(amount), desk.book.frequencies.total_bits(amount) * desk.weights.amount_sum
        )
    if amount < owing.due:
        return Clue(ClueKind.AMOUNT_LESS, str(owing.due), desk.weights.amount_less)
    return Clue(ClueKind.AMOUNT_MORE, str(owing.due), desk.weights.amount_more)


def _purpose_clues(sight: Sight, desk: Desk, *, seen: NameSeen) -> Iterator[Clue]:
    if mark := sight.purpose(seen):
        yield _clue(sight, ClueKind.OTHER_PURPOSE, mark=mark, weight=desk.weights.other_purpose)
