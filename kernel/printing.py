"""HTML typeset as PDF (A4): nothing is fetched but what stands in the page itself as ``data:``."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from kernel.settings import ROOT

FONTS = {400: "BeVietnamPro-Regular.ttf", 600: "BeVietnamPro-SemiBold.ttf"}


def print_html(html: str) -> bytes:
    """The page as PDF."""
    from weasyprint import HTML, URLFetcher  # late: it costs every command half a second, and few typeset

    fetcher = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    return bytes(HTML(string=html, url_fetcher=fetcher).write_pdf())


@cache
def fonts() -> dict[int, str]:
    """Be Vietnam Pro, whole: a subset garbles Vietnamese silently. Weight → data URI."""
    folder = Path(ROOT) / "static" / "vendor" / "be-vietnam-pro"
    return {
        weight: "data:font/ttf;base64," + base64.b64encode((folder / name).read_bytes()).decode()
        for weight, name in FONTS.items()
    }
