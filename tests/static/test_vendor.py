"""Vendored files are the ones that were checked in, and the fonts can write Vietnamese."""

import hashlib
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
FOR_TESTS = ROOT / "tests" / "vendor"
FONTS = sorted((VENDOR / "be-vietnam-pro").glob("*.[tw][to]f*"))
VOWELS = [base + tone for base in "aăâeêioôơuưy" for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")]
LETTERS = {unicodedata.normalize("NFC", vowel) for vowel in VOWELS} | {"đ", "₫", "\u00a0", "–", "“", "”", "…"}


def listed(vendor: Path = VENDOR) -> dict[str, str]:
    """File name → SHA-256, as written down."""
    lines = (vendor / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name.removeprefix("./"): digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def present(vendor: Path = VENDOR) -> dict[str, str]:
    """File name → SHA-256, as it lies on the disk."""
    files = (path for path in vendor.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    kept = (path for path in files if "__pycache__" not in path.parts)
    return {path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


@pytest.mark.parametrize("vendor", [VENDOR, FOR_TESTS], ids=["for pages", "for tests"])
def test_every_vendored_file_is_listed_and_unchanged(vendor: Path) -> None:
    assert present(vendor) == listed(vendor)


def test_the_list_names_the_fonts_and_the_script() -> None:
    assert {"htmx/htmx.min.js", "be-vietnam-pro/OFL.txt"} <= listed().keys()
    assert len(FONTS) == 4


@pytest.mark.parametrize("font", FONTS, ids=lambda path: path.name)
def test_a_font_has_every_vietnamese_letter_in_both_cases(font: Path) -> None:
    known = TTFont(font).getBestCmap()

    missing = {letter for each in LETTERS for letter in (each, each.upper()) if ord(letter) not in known}

    assert missing == set()


@pytest.mark.parametrize("font", [path for path in FONTS if path.suffix == ".woff2"], ids=lambda path: path.name)
def test_a_web_font_has_figures_of_equal_width(font: Path) -> None:
    figures = TTFont(font)
    even = figures["GSUB"].table.LookupList.Lookup[0].SubTable[0].mapping
    drawn = {figures.getBestCmap()[ord(figure)] for figure in "0123456789"}

    assert even.keys() == drawn
    assert len({figures["hmtx"][name][0] for name in even.values()}) == 1
