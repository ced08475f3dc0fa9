"""Passes on paper: one on A6, or a team's, four on a sheet of A4 to cut apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import segno
from flask import render_template
from flask_babel import force_locale

from kernel.printing import print_html
from kernel.settings import ROOT
from suppliers.couriers.passes.issue import Issued

ON_A_SHEET = 4


def code(url: str) -> str:
    """The QR of a pass as a picture within the page: what a camera opens."""
    return str(segno.make(url, error="m", micro=False).svg_data_uri(border=4, light="#fff"))


def pdf(passes: Sequence[Issued], *, sheet: str) -> bytes:
    """The passes typeset on ``a6``, one a page, or on ``a4``."""
    with force_locale("vi"):
        return print_html(
            render_template(
                "suppliers/couriers/passes_pdf.html",
                passes=passes,
                sheet=sheet,
                many=ON_A_SHEET if sheet == "a4" else 1,
                code=code,
                css=_css(),
            )
        )


@cache
def _css() -> str:
    return (Path(ROOT) / "static" / "pass-print.css").read_text(encoding="utf-8")
