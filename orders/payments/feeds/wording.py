"""The feeds' reasons in words for people: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orders.payments.feeds.balance import MismatchKind
from orders.payments.feeds.statement import FaultReason, Reason

_FAULTS: dict[FaultReason, LazyString] = {
    FaultReason.EMPTY: _l("The file is empty. Export the statement again from the bank."),
    FaultReason.TOO_LARGE: _l("The file is larger than 20 MB. Export fewer days at a time."),
    FaultReason.PDF: _l("This is a PDF. Export the statement as Excel (XLSX) or CSV."),
    FaultReason.IMAGE: _l("This is a picture. Export the statement as Excel (XLSX) or CSV."),
    FaultReason.PASSWORD: _l("The file is locked with a password. Open it and save it without one."),
    FaultReason.NOT_A_TABLE: _l("This is no table. Export the statement as Excel (XLSX) or CSV."),
    FaultReason.BROKEN: _l("The file is damaged or cut off. Export it again from the bank."),
    FaultReason.SWOLLEN: _l("The file unpacks to far more than a statement holds. Export it again from the bank."),
    FaultReason.TOO_MANY_ROWS: _l("The file has more than 200,000 rows. Export fewer days at a time."),
    FaultReason.TOO_MANY_COLUMNS: _l("The file has more than 100 columns. Export the statement itself from the bank."),
    FaultReason.CELL_TOO_LONG: _l("A cell is longer than any bank writes. Export the statement again from the bank."),
    FaultReason.FORBIDDEN: _l(
        "The file holds instructions to its reader (a document type), as no bank writes them. "
        "Export it again from the bank."
    ),
    FaultReason.UNMAPPED: _l(
        "Its headings are not known. Import it once at the desk, under Statements, and say there what each column "
        "holds; then files like it are read here, too."
    ),
    FaultReason.FOREIGN_CURRENCY: _l("It is a statement in another currency than đồng. Export the account in đồng."),
    FaultReason.UNKNOWN_LAYOUT: _l(
        "No known bank’s headings were found. Export the statement as the bank gives it, headings included."
    ),
    FaultReason.SEVERAL_STATEMENTS: _l(
        "The file holds several statements that do not belong together. Import each as a file of its own."
    ),
    FaultReason.TOO_SLOW: _l("Reading the file takes too long. Export fewer days at a time."),
    FaultReason.CRASHED: _l("The file cannot be read: it is damaged. Export it again from the bank."),
}

REASONS: dict[Reason, LazyString] = {
    Reason.NO_DATE: _l("The date is missing."),
    Reason.UNREADABLE_DATE: _l("The date cannot be read as day/month/year."),
    Reason.AMBIGUOUS_DATE: _l(
        "Day and month may be swapped here, as in other rows. Export the file again from the bank."
    ),
    Reason.UNLIKELY_DATE: _l("The year is not of this century."),
    Reason.NO_AMOUNT: _l("There is no amount, neither in nor out."),
    Reason.UNREADABLE_AMOUNT: _l("The amount cannot be read."),
    Reason.AMBIGUOUS_AMOUNT: _l("The amount can be read in two ways: thousands or decimals."),
    Reason.FRACTION: _l("The amount has decimals; there is nothing smaller than 1 ₫."),
    Reason.NEGATIVE: _l("The amount is negative, so it is unclear which way the money went."),
    Reason.TOO_LARGE: _l("The amount is impossibly large."),
    Reason.BOTH_SIDES: _l("There is an amount on both sides, in and out."),
    Reason.MISALIGNED: _l("The row has more cells than there are headings, so its cells may be shifted."),
    Reason.UNKNOWN_SIGN: _l("Nothing says for sure whether the money came in or went out."),
    Reason.FOREIGN_CURRENCY: _l("The amount is in another currency than đồng."),
    Reason.PARTS_DIFFER: _l("The transfers of this batch do not add up to its amount."),
    Reason.LOOSE_TEXT: _l("There is text without date and amount; it may belong to the row above."),
}

MISMATCHES: dict[MismatchKind, LazyString] = {
    MismatchKind.RUNNING: _l("The balance does not follow from the row before."),
    MismatchKind.CLOSING: _l("Opening balance and movements do not add up to the closing balance."),
    MismatchKind.TOTAL_IN: _l("The incoming amounts do not add up to the stated total."),
    MismatchKind.TOTAL_OUT: _l("The outgoing amounts do not add up to the stated total."),
}


def fault_words(reason: FaultReason, filename: str) -> str:
    """Why the file called ``filename`` is not read, in the reader's language."""
    return str(_("“%(file)s” was not read. %(why)s", file=filename, why=_FAULTS[reason]))
