"""The two memos that most people send, decided without further ado: the QR's, and the city's form typed without a slip.

Only a shortcut: whatever is decided here, the long way decides alike (a test compares them).
"""

import re

from kernel.text import search_key
from orders.payments.matcher.book import ward_keys
from orders.payments.matcher.facts import Clue, ClueKind, Tier, TransferFacts
from orders.payments.matcher.firmness import Claim, Desk, same_person
from orders.payments.matcher.score import alias_clues, amount_clue, name_bits, payer_clue
from orders.payments.memo import Parts

_QR = re.compile(r" *(DC[2-9A-HJ-NP-Z]{7}) +(0[35789]\d{8}) *")
_FORM = re.compile(r" *([A-Z]+(?: [A-Z]+)+)[ _.,-]+(0[35789]\d{8})[ _.,-]+([A-Z]+(?: [A-Z]+)+) *")


def plain_claim(transfer: TransferFacts, parts: Parts, desk: Desk) -> tuple[Claim, tuple[Clue, ...]] | None:
    """A claim on the one open order of the very sum that code and phone, or name, phone and ward, name in full."""
    body = transfer.memo[parts.start : parts.end].upper()
    if not (body.isascii() and body.isprintable()):
        return None
    if found := _QR.fullmatch(body):
        number = desk.book.by_code.get(found.group(1), -1)
        if number >= 0 and desk.book.orders[number].phone == found.group(2) and _payable(transfer, desk, number=number):
            return _claim(Tier.CODE, transfer, number=number), _code_clues(
                transfer, parts, desk, found=found, number=number
            )
    elif found := _FORM.fullmatch(body):
        numbers = desk.book.of_phone(found.group(2))
        payer = transfer.payer_name or parts.payer
        if len(numbers) == 1 and _is_the_form(found, desk, number=numbers[0], payer=payer):
            return _by_form(transfer, parts, desk, found=found, number=numbers[0])
    return None


def _by_form(
    transfer: TransferFacts, parts: Parts, desk: Desk, *, found: re.Match[str], number: int
) -> tuple[Claim, tuple[Clue, ...]] | None:
    if not _payable(transfer, desk, number=number):
        return None
    clues = _form_clues(transfer, parts, desk, found=found, number=number)
    return _claim(Tier.PHONE, transfer, number=number), clues


def _payable(transfer: TransferFacts, desk: Desk, *, number: int) -> bool:
    """Open, of the very sum, and placed before it was paid."""
    return desk.ledger.owed(number) == transfer.amount and desk.book.orders[number].placed_at <= transfer.latest


def _is_the_form(found: re.Match[str], desk: Desk, *, number: int, payer: str) -> bool:
    """The whole name, the ward by its name, and nobody else who pays and may have copied it."""
    name, ward = desk.person(number), desk.book.orders[number].ward
    if found.group(1) != name or found.group(3) not in ward_keys(ward):
        return False
    return (
        not payer or same_person(search_key(payer), name) or search_key(payer).replace(" ", "") not in desk.book.by_name
    )


def _claim(tier: Tier, transfer: TransferFacts, *, number: int) -> Claim:
    return Claim(tier, ((number, transfer.amount),))


def _read(kind: ClueKind, parts: Parts, found: re.Match[str], *, group: int, weight: float) -> Clue:
    start, end = found.span(group)
    return Clue(kind, found.group(group), weight, (start + parts.start, end + parts.start))


def _code_clues(
    transfer: TransferFacts, parts: Parts, desk: Desk, *, found: re.Match[str], number: int
) -> tuple[Clue, ...]:
    code = _read(ClueKind.CODE, parts, found, group=1, weight=desk.weights.code)
    phone = _read(ClueKind.PHONE, parts, found, group=2, weight=desk.weights.phone)
    payer = search_key(transfer.payer_name or parts.payer)
    own = payer_clue(payer, desk) if payer and same_person(payer, desk.person(number)) else ()
    before = alias_clues(transfer, desk, phone=phone.read)
    return (code, phone, *own, amount_clue(transfer.amount, desk), *before)


def _form_clues(
    transfer: TransferFacts, parts: Parts, desk: Desk, *, found: re.Match[str], number: int
) -> tuple[Clue, ...]:
    phone = _read(ClueKind.PHONE, parts, found, group=2, weight=desk.weights.phone)
    bits = name_bits(desk.person(number).split(), desk)
    name = _read(ClueKind.NAME, parts, found, group=1, weight=round(bits * desk.weights.name, 2))
    ward_bits = desk.book.frequencies.ward_bits(desk.book.orders[number].ward)
    ward = _read(ClueKind.WARD, parts, found, group=3, weight=ward_bits)
    return (phone, name, amount_clue(transfer.amount, desk), ward, *alias_clues(transfer, desk, phone=phone.read))
