"""A manifest typeset: the PDF that a warehouse prints, and the CSV with the same rows."""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path
from typing import Any

import segno
from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from kernel import files
from kernel.phones import display
from kernel.printing import fonts, print_html
from kernel.settings import ROOT
from kernel.sheets import write_csv
from suppliers.manifest import COLUMNS, stop_rows
from suppliers.models import Manifest


def pdf(manifest: Manifest) -> bytes:
    """The manifest's PDF: the one kept since its dispatch, else made now and kept."""
    name = kept_name(manifest)
    kept = files.get(name)
    if kept is None:
        kept = make_pdf(manifest.snapshot)
        files.put(name, kept)
    return kept


def kept_name(manifest: Manifest) -> str:
    """Under which name the PDF of the manifest, as it stands, is kept."""
    return f"manifests/{manifest.number}-{manifest.sha256[:16]}.pdf"


def make_pdf(snapshot: dict[str, Any]) -> bytes:
    """Typeset a snapshot (A4)."""
    with force_locale("vi"):
        html = render_template(
            "suppliers/manifest_pdf.html", snapshot=snapshot, rows=pdf_rows(snapshot), fonts=fonts(), css=print_css()
        )
    return print_html(html)


def pdf_rows(snapshot: dict[str, Any]) -> list[dict[str, Any]]:
    """The stops' rows with a QR of the order's code each, as a data URI."""
    return [{**row, "qr": qr_of(row["code"])} for row in stop_rows(snapshot)]


def qr_of(code: str) -> str:
    buffer = io.BytesIO()
    segno.make(code, error="m", micro=False).save(buffer, kind="svg", border=1, light="#fff")
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


@cache
def print_css() -> str:
    return (Path(ROOT) / "static" / "print.css").read_text(encoding="utf-8")


def csv(manifest: Manifest) -> bytes:
    """The stops as CSV: the rows of the PDF, in cells that do nothing when a spreadsheet opens them."""
    with force_locale("vi"):
        headings = {
            "stop": _("Stop"),
            "code": _("Order"),
            "ward": _("Ward"),
            "address": _("Address"),
            "name": _("Full name"),
            "phone": _("Phone"),
            "hand_over": _("Hand over"),
            "note": _("Note"),
        }
    printed = [{**row, "phone": display(row["phone"])} for row in stop_rows(manifest.snapshot)]
    rows = [[row[column] for column in COLUMNS] for row in printed]
    return write_csv([[headings[column] for column in COLUMNS], *rows])
