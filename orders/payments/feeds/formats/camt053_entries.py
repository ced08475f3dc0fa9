"""The entries of a CAMT.053: booked or pending, one transfer or a batch of many."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree.ElementTree import Element

from kernel.clock import VIETNAM
from orders.payments.feeds.amounts import CellFault, read_decimal
from orders.payments.feeds.formats.xml import all_at, first_at, text_at
from orders.payments.feeds.statement import Direction, Reason, Refusal, Row
from orders.payments.feeds.wraps import unwrapped

CURRENCY = "VND"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DIRECTIONS = {"CRDT": Direction.IN, "DBIT": Direction.OUT}
_USTRD_WIDTH = 140  # a longer memo goes on in the next one
_NO_REFERENCE = {"", "NOTPROVIDED", "NONREF"}


@dataclass
class Told:
    """What was read so far, each movement with its number in the document, from 1."""

    number: int = 0
    left_out: int = 0
    _rows: list[Row] = field(default_factory=list)
    _refusals: list[Refusal] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self._rows.append(row)

    def refuse(self, column: str, value: str, reason: Reason) -> None:
        self._refusals.append(Refusal(self.number, column, value[:200], reason))

    def taken(self) -> tuple[tuple[Row, ...], tuple[Refusal, ...]]:
        """What came since it was last asked."""
        rows, refusals = tuple(self._rows), tuple(self._refusals)
        self._rows, self._refusals = [], []
        return rows, refusals


class _Unclear(Exception):
    def __init__(self, column: str, value: str, reason: Reason) -> None:
        super().__init__(reason.value)
        self.column, self.value, self.reason = column, value, reason


def read_entry(entry: Element, told: Told) -> None:
    """One entry as a movement, or as many as its batch holds. Only what is booked counts, for the rest may never be."""
    status = text_at(entry, "Sts/Cd", "Sts") or "BOOK"
    if status != "BOOK":
        told.left_out += 1
        return
    parts = list(all_at(entry, "NtryDtls/TxDtls"))
    try:
        amount, direction = _amount(entry), _direction(entry)
        amounts = _amounts(parts, amount, direction)
    except _Unclear as unclear:
        told.number += 1
        told.refuse(unclear.column, unclear.value, unclear.reason)
        return
    for part, (share, way) in zip(parts or [entry], amounts, strict=True):
        told.number += 1
        try:
            told.add(_row(entry, part, number=told.number, amount=share, direction=way))
        except _Unclear as unclear:
            told.refuse(unclear.column, unclear.value, unclear.reason)


def _amounts(parts: list[Element], amount: int, direction: Direction) -> list[tuple[int, Direction]]:
    """What each part of a batch moved; together they are the entry."""
    if len(parts) <= 1:
        return [(amount, direction)]
    shares = [(_amount(part), _direction(part, direction)) for part in parts]
    if sum(share if way is direction else -share for share, way in shares) != amount:
        raise _Unclear("TxDtls", str(amount), Reason.PARTS_DIFFER)
    return shares


def _amount(element: Element) -> int:
    """In the statement's own currency: of a transfer in another one, what was booked stands at the entry."""
    found = next((at for path in ("Amt", "AmtDtls/TxAmt/Amt") if (at := first_at(element, path)) is not None), None)
    text = (found.text or "").strip() if found is not None else ""
    if found is None or not text:
        raise _Unclear("Amt", text, Reason.NO_AMOUNT)
    if found.get("Ccy", CURRENCY) != CURRENCY:
        raise _Unclear("Amt", f"{text} {found.get('Ccy')}", Reason.FOREIGN_CURRENCY)
    try:
        amount = read_decimal(text)
    except CellFault as fault:
        raise _Unclear("Amt", text, fault.reason) from fault
    if amount == 0:
        raise _Unclear("Amt", text, Reason.NO_AMOUNT)
    return amount


def _direction(element: Element, usual: Direction | None = None) -> Direction:
    """Which way the money went. A reversal (RvslInd) says so itself: what was credited came in, whatever for."""
    text = text_at(element, "CdtDbtInd")
    direction = _DIRECTIONS.get(text, None if text else usual)
    if direction is None:
        raise _Unclear("CdtDbtInd", text, Reason.UNKNOWN_SIGN)
    return direction


def _row(entry: Element, part: Element, *, number: int, amount: int, direction: Direction) -> Row:
    text = text_at(entry, "BookgDt/DtTm", "BookgDt/Dt") or text_at(entry, "ValDt/DtTm", "ValDt/Dt")
    try:
        booked_on, booked_at = read_moment(text)
    except CellFault as fault:
        raise _Unclear("BookgDt", text, fault.reason) from fault
    who = "Dbtr" if direction is Direction.IN else "Cdtr"
    return Row(
        number=number,
        booked_on=booked_on,
        booked_at=booked_at,
        direction=direction,
        amount=amount,
        reference=_reference(entry, part),
        memo=_memo(entry, part),
        balance=None,
        payer_name=text_at(part, f"RltdPties/{who}/Pty/Nm", f"RltdPties/{who}/Nm"),
        payer_account=text_at(part, f"RltdPties/{who}Acct/Id/Othr/Id", f"RltdPties/{who}Acct/Id/IBAN"),
    )


def _reference(entry: Element, part: Element) -> str:
    """The bank's own for this transfer, else for the entry, else the one that came with it."""
    paths = (
        (part, "Refs/AcctSvcrRef"),
        (entry, "AcctSvcrRef"),
        (part, "Refs/TxId"),
        (part, "Refs/InstrId"),
        (part, "Refs/EndToEndId"),
    )
    texts = (text_at(element, path) for element, path in paths)
    return next((text for text in texts if text not in _NO_REFERENCE), "")


def _memo(entry: Element, part: Element) -> str:
    lines = ["".join(found.itertext()).strip("\r\n") for found in all_at(part, "RmtInf/Ustrd")]
    if memo := unwrapped("\n".join(lines), _USTRD_WIDTH):
        return memo
    structured = text_at(part, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf")
    return " ".join((structured or text_at(entry, "AddtlNtryInf")).split())


def read_moment(text: str) -> tuple[date, datetime | None]:
    """A day, or a moment with its day in Vietnam; one without a zone is Vietnam's. Raises `CellFault`."""
    try:
        if _DAY.fullmatch(text):
            text = text[:10]
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError) as error:
        raise CellFault(Reason.UNREADABLE_DATE if text else Reason.NO_DATE) from error
    if not 2000 <= moment.year <= 2099:
        raise CellFault(Reason.UNLIKELY_DATE)
    return moment.date(), moment if moment.time() != time() else None
