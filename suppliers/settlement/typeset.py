"""A settlement on paper and in files, all of them from the snapshot to which both sides agreed."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from kernel import files, spoken
from kernel.money import format_dong
from kernel.printing import print_html
from kernel.settings import Buyer
from kernel.sheets import write_book, write_csv
from kernel.web import show_day, show_moment
from suppliers.papers import paper_css
from suppliers.settlement.models import Settlement
from suppliers.settlement.snapshot import COLUMNS
from suppliers.settlement.wording import kind_words

Row = Sequence[str | int | None]
PIECE = 250
"""Lines that are typeset at once: some four seconds of work."""
INVOICE = ("code", "name", "unit", "quantity", "unit_price", "amount", "deducted", "net")


def kept(settlement: Settlement) -> bytes | None:
    """The PDF, once the worker has made it."""
    return files.get(_name(settlement, "paper.pdf"))


def _name(settlement: Settlement, part: str) -> str:
    return f"settlements/{settlement.sha256}/{part}"


def make(settlement: Settlement) -> Iterator[None]:
    """Make the PDF in pieces, and bind them; broken off it goes on where it was. One that is kept is not made again."""
    if kept(settlement) is not None:
        return
    lines, parts = _told(settlement)["lines"], []
    for first in range(0, len(lines), PIECE):
        name = _name(settlement, f"{first:06d}.part")
        if files.get(name) is None:
            files.put(name, _part(settlement, lines[first : first + PIECE], first=not first))
        parts.append(name)
        yield
    files.put(_name(settlement, "paper.pdf"), _bound(settlement, [files.get(name) or b"" for name in parts]))
    for name in parts:
        files.delete(name)


def make_pdf(settlement: Settlement) -> bytes:
    """The whole paper at once."""
    for _piece in make(settlement):
        pass
    return kept(settlement) or b""


def _told(settlement: Settlement) -> dict[str, Any]:
    if settlement.snapshot is None:
        raise TypeError("only what both sides agreed to is printed")
    return settlement.snapshot


def _part(settlement: Settlement, lines: Sequence[dict[str, Any]], *, first: bool) -> bytes:
    return _printed("paper.html", settlement, lines=lines, first=first)


def _printed(template: str, settlement: Settlement, **more: Any) -> bytes:
    told = _told(settlement)
    with force_locale("vi"):
        return print_html(
            render_template(
                f"suppliers/settlement/{template}",
                told=told,
                sha256=settlement.sha256,
                agreed={side: datetime.fromisoformat(each["at"]) for side, each in told["agreed"].items()},
                in_words=in_words(told["net"]),
                kind_words=kind_words,
                css=paper_css(),
                **more,
            )
        )


def in_words(net: int) -> str:
    """``Một trăm ngàn đồng``; a sum below nought is said so."""
    if abs(net) > spoken.MOST:
        return ""
    said = f"{spoken.number(abs(net))} đồng"
    return (f"âm {said}" if net < 0 else said).capitalize()


def _bound(settlement: Settlement, parts: Sequence[bytes]) -> bytes:
    """The parts as one paper, with a foot on each page: its number can only be written once all are counted."""
    from pypdf import PdfReader, PdfWriter  # late, like the typesetting: few need it

    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part))
    feet = _printed("feet.html", settlement, sheets=len(writer.pages))
    for page, foot in zip(writer.pages, PdfReader(io.BytesIO(feet)).pages, strict=True):
        page.merge_page(foot)
        page.compress_content_streams()
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xlsx(settlement: Settlement) -> bytes:
    """A sheet of the sums, one of the lines, one of the combos."""
    with force_locale("vi"):
        told = _told(settlement)
        sheets = {
            _("Settlement"): list(_sums(told, settlement.sha256 or "")),
            _("Lines"): list(_lines(told)),
            _("Combos"): list(_invoice_table(told)),
        }
    return write_book(sheets)


def _sums(told: dict[str, Any], sha256: str) -> Iterator[Row]:
    yield [_("Settlement"), told["number"], None]
    yield [_("Supplier"), told["supplier"]["name"], told["supplier"]["code"]]
    yield [_("Period"), *(show_day(date.fromisoformat(told["period"][end])) for end in ("from", "to"))]
    yield [_("Delivered (đồng)"), told["amount"], None]
    yield [_("Deducted (đồng)"), told["deducted"], None]
    yield [_("To be paid (đồng)"), told["net"], None]
    for side, words in (("office", _("For the office")), ("supplier", _("For the supplier"))):
        who = told["agreed"][side]
        yield [words, who["name"], show_moment(datetime.fromisoformat(who["at"]))]
    yield ["SHA-256", sha256, None]
    yield [_("This is not an invoice."), None, None]


def _lines(told: dict[str, Any]) -> Iterator[Row]:
    yield [heading for _column, heading in headings()]
    for row in told["lines"]:
        shown = {**row, "kind": kind_words(row["kind"]), "marked_on": show_day(date.fromisoformat(row["marked_on"]))}
        yield [shown[column] for column in COLUMNS]
    yield [_("Total"), *[None] * 4, told["amount"], told["deducted"], told["net"]]


def headings() -> list[tuple[str, str]]:
    """Column → its heading."""
    words = {
        "no": _("No."),
        "parcel": _("Manifest / stop"),
        "order": _("Order code"),
        "kind": _("Why"),
        "marked_on": _("Marked on"),
        "amount": _("Amount (đồng)"),
        "deducted": _("Deducted (đồng)"),
        "net": _("Net (đồng)"),
    }
    return [(column, words[column]) for column in COLUMNS]


def _invoice_table(told: dict[str, Any]) -> Iterator[Row]:
    yield [
        _("Code"),
        _("Name"),
        _("Unit"),
        _("Quantity"),
        _("Unit price (đồng)"),
        _("Amount (đồng)"),
        _("Deducted (đồng)"),
        _("Net (đồng)"),
    ]
    for row in told["goods"]:
        yield [{"unit": "combo", **row}[column] for column in INVOICE]
    yield [_("Total"), *[None] * 4, told["amount"], told["deducted"], told["net"]]


def invoice_csv(settlement: Settlement) -> bytes:
    """What the supplier's own e-invoice is made of: a row for each combo and price; below it who buys."""
    with force_locale("vi"):
        buyer = _buyer()
        foot: list[Row] = [
            [_("Settlement"), settlement.number],
            [_("Buyer"), buyer.name],
            [_("Tax code"), buyer.tax_code],
            [_("Address"), buyer.address],
            ["SHA-256", settlement.sha256],
        ]
        return write_csv([*_invoice_table(_told(settlement)), *foot])


def invoice_json(settlement: Settlement) -> bytes:
    """The same for another program."""
    told, buyer = _told(settlement), _buyer()
    data = {
        "settlement": told["number"],
        "sha256": settlement.sha256,
        "period": told["period"],
        "seller": told["supplier"],
        "buyer": {"name": buyer.name, "tax_code": buyer.tax_code, "address": buyer.address},
        "currency": "VND",
        "lines": [{"unit": "combo", **row} for row in told["goods"]],
        "amount": told["amount"],
        "deducted": told["deducted"],
        "net": told["net"],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _buyer() -> Buyer:
    found: Buyer = current_app.extensions["settings"].buyer
    return found


def shown(amount: int) -> str:
    """A sum for a page; nought as a dash, so that deductions stand out."""
    return format_dong(amount) if amount else "–"
