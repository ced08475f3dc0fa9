"""The two memos that most people send, decided without further ado: the QR's, and the city's form typed without a slip.

Only a shortcut, as ``worded`` is: whatever is decided here, the long way decides alike (a test compares them).
"""

import re

from kernel.text import search_key
from orders.payments.matcher.book import ward_keys
from orders.payments.matcher.claims import unequal
from orders.payments.matcher.facts import Clue, ClueKind, Tier, TransferFacts
from orders.payments.matcher.firmness import Claim, Desk, same_person
from orders.payments.matcher.household import MOST_ORDERS, payer_has_own
from orders.payments.matcher.places import wards_named
from orders.payments.matcher.score import Owing, alias_clues, payer_clue, sum_clue
from orders.payments.matcher.sight import amount_clue
from orders.payments.memo import Parts

# Any two symbols may stand apart, by a bank's blank or as people write numbers; the blank before the phone may be lost.
_QR = re.compile(r" *(D[ ._-]?C(?:[ ._-]?[2-9A-HJ-NP-Z]){7})(?: *(0[ .-]?[35789](?:[ .-]?\d){8}))? *")
# Groups repeat without ``++``: Python 3.11.2 loses its place where the last repetition fails halfway.
_BETWEEN = str.maketrans("", "", " ._-")
_FORM = re.compile(r" *+([A-Z]++(?: [A-Z]++)+)[ _.,-]++(0[35789]\d{8})[ _.,-]++([A-Z]++(?: [A-Z]++)+) *")

Plain = tuple[Claim, tuple[Clue, ...]]


def plain_claim(transfer: TransferFacts, parts: Parts, desk: Desk, *, text: str) -> Plain | None:
    """A claim on the one open order that its code names, or name, phone, ward and the very sum, each in full.

    ``text`` is the memo's body in capitals.
    """
    if found := _QR.fullmatch(text):
        return _by_code(transfer, parts, desk, found=found)
    if found := _FORM.fullmatch(text):
        return _by_form(transfer, parts, desk, found=found)
    return None


def payable(transfer: TransferFacts, desk: Desk, *, number: int) -> bool:
    """Open, of the very sum, and placed before it was paid."""
    return desk.ledger.owed(number) == transfer.amount and desk.book.orders[number].placed_at <= transfer.latest


def payer_of(transfer: TransferFacts, parts: Parts) -> str:
    """The payer's folded name, if it is known."""
    payer = transfer.payer_name or parts.payer
    return search_key(payer) if payer else ""


def read_at(kind: ClueKind, parts: Parts, read: str, *, span: tuple[int, int], weight: float) -> Clue:
    """A clue that stands at ``span`` of the body."""
    return Clue(kind, read, weight, (span[0] + parts.start, span[1] + parts.start))


def _by_code(transfer: TransferFacts, parts: Parts, desk: Desk, *, found: re.Match[str]) -> Plain | None:
    code, phone = found.group(1), found.group(2) or ""
    if len(code) > 9 or len(phone) > 10:
        code, phone = code.translate(_BETWEEN), phone.translate(_BETWEEN)
    number = desk.book.by_code.get(code, -1)
    if number < 0 or "DC" in code[1:] or code in desk.book.by_group:
        return None  # a second code may begin within the first
    order, owed, payer = desk.book.orders[number], desk.ledger.owed(number), payer_of(transfer, parts)
    if owed <= 0 or order.placed_at > transfer.latest or (phone and phone != order.phone):
        return None
    if transfer.amount != owed and unequal(transfer.amount, payer, desk, numbers=[number]):
        return None
    clues = [read_at(ClueKind.CODE, parts, code, span=found.span(1), weight=desk.weights.code)]
    if phone:
        clues.append(read_at(ClueKind.PHONE, parts, phone, span=found.span(2), weight=desk.weights.phone))
    if payer and same_person(payer, desk.person(number)):
        clues += payer_clue(payer, desk)
    clues.append(sum_clue(transfer.amount, desk, owing=Owing(owed)))
    clues += alias_clues(transfer, desk, phone=order.phone)
    return Claim(Tier.CODE, ((number, min(transfer.amount, owed)),)), tuple(clues)


def _by_form(transfer: TransferFacts, parts: Parts, desk: Desk, *, found: re.Match[str]) -> Plain | None:
    name, phone, ward = found.groups()
    numbers = desk.book.of_phone(phone)
    if len(numbers) > 1:
        numbers = _of_household(transfer, desk, numbers=numbers, name=name, ward=ward)
    if not numbers or not payable(transfer, desk, number=numbers[0]):
        return None
    number, of_order = numbers[0], desk.book.orders[numbers[0]].ward
    if name != desk.person(number) or ward not in ward_keys(of_order):
        return None
    if payer_has_own(payer_of(transfer, parts), desk, number=number, amount=transfer.amount):
        return None
    bits = desk.book.frequencies.words_bits(name.split())
    clues = (
        read_at(ClueKind.PHONE, parts, phone, span=found.span(2), weight=desk.weights.phone),
        read_at(ClueKind.NAME, parts, name, span=found.span(1), weight=round(bits * desk.weights.name, 2)),
        amount_clue(transfer.amount, desk.book),
        read_at(ClueKind.WARD, parts, ward, span=found.span(3), weight=desk.book.frequencies.ward_bits(of_order)),
        *alias_clues(transfer, desk, phone=phone),
    )
    return Claim(Tier.PHONE, ((number, transfer.amount),)), clues


def _of_household(
    transfer: TransferFacts, desk: Desk, *, numbers: tuple[int, ...], name: str, ward: str
) -> tuple[int, ...]:
    """The oldest of the person's orders of the very sum in this ward, if all of that sum are at one address.

    None where the memo may hold another name of the phone's as well.
    """
    orders, letters = desk.book.orders, f"{name}{ward}".replace(" ", "")
    others = {other for other in map(desk.person, numbers) if other != name}
    if len(numbers) > MOST_ORDERS or any(other.replace(" ", "") in letters for other in others):
        return ()
    if others and wards_named(name):
        return ()
    meant = [n for n in numbers if desk.person(n) == name and ward in ward_keys(orders[n].ward)]
    rivals = [n for n in meant if transfer.amount in (desk.ledger.due(n), orders[n].total)]
    if len({(orders[n].address, orders[n].ward) for n in rivals}) != 1:
        return ()
    fitting = [n for n in rivals if desk.ledger.owed(n) == transfer.amount]
    return (min(fitting, key=lambda n: (orders[n].placed_at, orders[n].code)),) if fitting else ()
