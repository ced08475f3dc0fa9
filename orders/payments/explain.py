"""A transfer explained in a shell: what the bank wrote, how it was read, what speaks for which order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from kernel.money import format_dong
from kernel.phones import display
from kernel.text import printable
from kernel.web import show_day, show_moment
from orders.payments.clue_words import CluePhrase
from orders.payments.desk import CandidateView, candidate_views, memo_marks, reasons, waits_for
from orders.payments.marks import Piece
from orders.payments.models import Transfer, Verdict
from orders.payments.queries import live_allocations
from orders.wording import STATES, told

VERDICTS = {
    Verdict.MATCHED: _l("matched"),
    Verdict.REVIEW: _l("needs a human"),
    Verdict.UNMATCHED: _l("fits no order"),
}
WIDTH = 96  # columns of memo in one line


def explain(session: Session, transfer: Transfer) -> Iterator[str]:
    """Line by line, as the transfer's page shows it; the stored decision, not a new one."""
    yield from _bank_row(transfer)
    yield ""
    yield from marked_lines(memo_marks(transfer))
    yield ""
    yield from _verdict(transfer)
    for number, candidate in enumerate(candidate_views(session, transfer), start=1):
        yield ""
        yield from _candidate(number, candidate)
    yield ""
    yield from _money(session, transfer)


def _bank_row(transfer: Transfer) -> Iterator[str]:
    account = f"{transfer.account.bank_code}:{transfer.account.number}"
    yield _(
        "Transfer %(number)s: %(amount)s on %(day)s, account %(account)s",
        number=transfer.id,
        amount=format_dong(transfer.amount),
        day=show_day(transfer.booked_on),
        account=account,
    )
    if transfer.reference:
        yield _("The bank's number: %(reference)s", reference=printable(transfer.reference))
    if payer := f"{transfer.payer_name} {transfer.payer_account}".strip():
        yield _("Payer: %(payer)s", payer=printable(payer))


def _verdict(transfer: Transfer) -> Iterator[str]:
    if transfer.proposal is None:
        yield _("The matcher has not seen this transfer yet.")
        return
    moment = show_moment(transfer.proposal.decided_at)
    yield _("Decision: %(verdict)s (%(moment)s)", verdict=VERDICTS[transfer.proposal.verdict], moment=moment)
    for reason in reasons(transfer):
        yield _("Why a human is asked: %(reason)s", reason=_told(reason))
    if transfer.by_hand:
        yield _("A clerk has taken this transfer over, so the matcher leaves it alone.")


def _candidate(number: int, candidate: CandidateView) -> Iterator[str]:
    order = candidate.order
    state = STATES[order.state.value]
    yield f"{number}. {order.code} {printable(order.name)}, {display(order.phone)}, {order.ward.name}; {state}"
    yield "   " + _("owes %(owed)s; likely: %(likely)s", owed=format_dong(candidate.owed), likely=candidate.likely)
    for clue in (*candidate.speaks_for, *candidate.contradicts):
        yield f"   {clue.bits:>6}  {_told(clue)}"
    yield from marked_lines(candidate.memo, margin="   ")


def _told(clue: CluePhrase) -> str:
    return f"{clue.words}: {printable(clue.read)}" if clue.read else printable(clue.words)


def _money(session: Session, transfer: Transfer) -> Iterator[str]:
    for given in live_allocations(session, transfer.id):
        yield _(
            "%(amount)s to %(code)s: %(by)s, %(moment)s, %(because)s",
            amount=format_dong(given.amount),
            code=given.order.code,
            by=told(given.by),
            moment=show_moment(given.at),
            because=printable(told(given.because)),
        )
    if transfer.credit:
        yield _("%(amount)s is the payer's credit", amount=format_dong(transfer.credit))
    if transfer.refund_due:
        yield _("%(amount)s is to be refunded", amount=format_dong(transfer.refund_due))
    if transfer.refunded:
        yield _("%(amount)s was refunded", amount=format_dong(transfer.refunded))
    if transfer.unplaced:
        words = _("set aside") if transfer.set_aside else waits_for(transfer)
        yield _("%(amount)s not placed: %(why)s", amount=format_dong(transfer.unplaced), why=words)


def marked_lines(pieces: Iterable[Piece], *, margin: str = "") -> Iterator[str]:
    """The memo; underneath, what a clue read (^), what else the payer wrote (-), what the bank did (~), each named."""
    letters = [(letter, piece) for piece in pieces for letter in piece.text]
    for start in range(0, len(letters), WIDTH):
        row = letters[start : start + WIDTH]
        yield margin + "".join(printable(letter) for letter, _piece in row)
        yield (margin + "".join(_under(piece) * _columns(letter) for letter, piece in row)).rstrip()
        yield from (margin + line for line in _names(row))


def _under(piece: Piece) -> str:
    return "^" if piece.clues else "~" if piece.banks else "-" if _speaks(piece) else " "


def _name(piece: Piece) -> str:
    return piece.words or (_("the bank") if piece.banks else _("the payer") if _speaks(piece) else "")


def _speaks(piece: Piece) -> bool:
    """Whether there is more in it than what parts two things."""
    return any(letter.isalnum() for letter in piece.text)


def _names(row: Sequence[tuple[str, Piece]]) -> Iterator[str]:
    """The names of the parts, each where its part begins, on as many lines as they need."""
    lines: list[str] = []
    column, before = 0, None
    for letter, piece in row:
        if piece is not before and (name := _name(piece)):
            place = next((n for n, line in enumerate(lines) if _width(line) < column), len(lines))
            lines[place:place] = [] if place < len(lines) else [""]
            lines[place] += " " * (column - _width(lines[place])) + name
        column, before = column + _columns(letter), piece
    yield from lines


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _width(text: str) -> int:
    return sum(map(_columns, text))
