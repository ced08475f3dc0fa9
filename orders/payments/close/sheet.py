"""The minute as a workbook: a sheet of sums, and one for each list, with the rows of the PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from kernel.web import show_day, show_moment
from orders.payments.close.minute import Minute, Movement, movements
from orders.payments.close.wording import kind_words, lies, opening_words, place_words, sections

Row = Sequence[str | int | None]


def sheets_of(minute: Minute, sha256: str) -> dict[str, Iterator[Row] | list[Row]]:
    """Name of a sheet → its rows, the first of them the headings."""
    listed: list[tuple[str, list[Movement]]] = list(sections(minute))
    return {
        _("Minute"): list(_sums(minute, sha256)),
        _("Open items"): _rows([*_open(listed, minute)]),
        _("Movements"): _rows(movements(minute)),
    }


def _open(listed: Sequence[tuple[str, list[Movement]]], minute: Minute) -> Iterator[tuple[str, Movement]]:
    """What the first lists hold; the last ones are the day's movements, which have a sheet of their own."""
    for heading, rows in listed:
        if rows is not minute["coming"] and rows is not minute["going"]:
            yield from ((heading, row) for row in rows)


def _rows(those: Sequence[Movement] | Sequence[tuple[str, Movement]]) -> Iterator[Row]:
    yield [
        _("List"),
        _("No."),
        _("Transfer"),
        _("Date"),
        _("Time"),
        _("Money in"),
        _("Money out"),
        _("Reference"),
        _("Memo"),
        _("From or to"),
        _("Where it lies"),
    ]
    for number, each in enumerate(those, start=1):
        heading, row = each if isinstance(each, tuple) else ("", each)
        came = row["side"] == "in"
        yield [
            heading,
            number,
            row["id"],
            show_day(date.fromisoformat(row["day"])),
            row["time"],
            row["amount"] if came else None,
            None if came else row["amount"],
            row["reference"],
            row["memo"],
            row["who"],
            "; ".join(lies(row)),
        ]


def _sums(minute: Minute, sha256: str) -> Iterator[Row]:
    account, sealed, balances = minute["account"], minute["seal"], minute["balances"]
    yield [_("Minute of reconciliation"), None, None]
    yield [_("Account"), f"{account['bank']} {account['number']}", account["holder"]]
    yield [_("Day"), show_day(date.fromisoformat(minute["day"])), None]
    yield [_("Version"), sealed["version"], None]
    yield [_("Sealed by"), sealed["name"], show_moment(datetime.fromisoformat(sealed["at"]))]
    yield [_("Opening balance"), balances["opening"], opening_words(balances["opening_from"])]
    yield [_("Money in"), balances["in"], None]
    yield [_("Money out"), balances["out"], None]
    yield [_("Closing balance"), balances["closing"], None]
    yield [_("Closing balance as the bank states it"), balances["stated"], balances["stated_by"]]
    yield [_("Difference"), balances["difference"], sealed["because"]]
    for place, each in minute["places"].items():
        yield [place_words(place), each["amount"], each["many"]]
    for kind, each in minute["out"].items():
        yield [f"{_('Money out')}: {kind_words(kind)}", each["amount"], each["many"]]
    yield [_("Seal before this one"), sealed["previous"], None]
    yield ["SHA-256", sha256, None]
