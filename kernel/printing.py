"""HTML typeset as PDF (A4): a page fetches nothing but what stands in it as ``data:``; our fonts are there."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kernel import codes
from kernel.settings import ROOT

if TYPE_CHECKING:
    from weasyprint import URLFetcher
    from weasyprint.text.fonts import FontConfiguration

FONTS = {400: "BeVietnamPro-Regular.ttf", 600: "BeVietnamPro-SemiBold.ttf"}
_FOLDER = Path(ROOT) / "static" / "vendor" / "be-vietnam-pro"


def print_html(html: str) -> bytes:
    """The page as PDF. It may name our fonts: they are there."""
    return _printed(html, _font_config())


def printer() -> Callable[[str], bytes]:
    """``print_html`` for page after page in one thread: fonts are read once."""
    config = _font_config()
    return lambda html: _printed(html, config)


def print_in_child(html: str) -> bytes:
    """``print_html`` in a process that does nothing else: fonts are read once, and garbage waits for the end."""
    gc.disable()
    try:
        return _printed(html, _kept_font_config())
    finally:
        gc.enable()
        gc.collect()


def _printed(html: str, config: FontConfiguration) -> bytes:
    from weasyprint import HTML  # late: it costs every command half a second, and few typeset

    document = HTML(string=html, url_fetcher=_fetcher()).render(font_config=config)
    return bytes(document.write_pdf(finisher=codes.draw))


def _font_config() -> FontConfiguration:
    """Be Vietnam Pro, whole: a subset garbles Vietnamese silently."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    config = FontConfiguration()
    CSS(string=_faces(), font_config=config, url_fetcher=_fetcher("file"))
    return config


_kept_font_config = cache(_font_config)


def _fetcher(protocol: str = "data") -> URLFetcher:
    from weasyprint import URLFetcher

    return URLFetcher(allowed_protocols=(protocol,), fail_on_errors=True)


def _faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "Be Vietnam Pro"; font-weight: {weight}; '
        f'src: url("{(_FOLDER / name).as_uri()}") format("truetype"); }}'
        for weight, name in FONTS.items()
    )


@cache
def bold_glyphs() -> dict[str, int]:
    """The numbers of figures and stroke in the semi-bold font, by which a PDF writes them."""
    from fontTools.ttLib import TTFont

    font = TTFont(_FOLDER / FONTS[600], lazy=True)
    names = font.getBestCmap()
    return {letter: font.getGlyphID(names[ord(letter)]) for letter in "0123456789/"}
