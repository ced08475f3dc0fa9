"""Pages stay light enough for 2G, and load nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
FONTS = [f"vendor/be-vietnam-pro/be-vietnam-pro-{weight}.woff2" for weight in (400, 600)]
EVERY_PAGE = ["app.css", "app.js", "mark.svg"]
WORKER = ["sw.js", "push-worker.js", "offline.js"]
OF_THE_SHOP = ["vendor/goods/goods.svg", "manifest.webmanifest", "icons/icon-192.png"]
AS_THEY_ARE = (".woff2", ".png")
SOURCES = [
    *sorted((ROOT / "templates").rglob("*.html")),
    *sorted(STATIC.glob("*.css")),
    *sorted(STATIC.glob("*.js")),
]
FORBIDDEN = {
    "an inline style": r"<[^>{]*\sstyle\s*=",
    "an inline handler": r"<[^>{]*\son[a-z]+\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a script without a nonce": r"<script(?![^>]*\snonce=)",
    "an address elsewhere": r"(?:src|href|url|action|import)\s*[=(:]?\s*[\"']?(?:https?:)?//",
}


def weight(names: list[str]) -> int:
    """Bytes on the wire: fonts and pictures as they are, the rest gzipped."""
    contents = ((name, (STATIC / name).read_bytes()) for name in names)
    return sum(len(body) if name.endswith(AS_THEY_ARE) else len(gzip.compress(body, 6)) for name, body in contents)


# What a real browser loads in all, with the pages, is counted in tests/scenarios/test_first_visit.py.
def test_what_the_shop_brings_with_it_leaves_room_for_the_page_in_60_kb() -> None:
    assert weight([*EVERY_PAGE, *WORKER, *FONTS, *OF_THE_SHOP]) <= 53_000


def test_what_a_status_page_brings_with_it_leaves_room_for_the_page_in_14_kb() -> None:
    assert weight(EVERY_PAGE) <= 7_500


# Browsers inside chat apps open no windows, save no blobs, show no PDF, and ignore `download`.
NOT_IN_ZALO = {
    "a download attribute": r"<a\b[^>]*\sdownload\b",
    "a window that opens": r"window\.open\s*\(|target\s*=\s*[\"']?_blank",
    "a blob": r"createObjectURL|blob:",
    "an embedded PDF": r"<(?:embed|object|iframe)\b",
    "a question of the browser's": r"\b(?:alert|confirm|prompt)\s*\(",
}


@pytest.mark.parametrize("what", NOT_IN_ZALO)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_needs_what_zalos_browser_lacks(source: Path, what: str) -> None:
    assert re.findall(NOT_IN_ZALO[what], source.read_text(encoding="utf-8")) == []


def test_no_page_of_a_resident_leads_to_a_pdf() -> None:
    of_residents = [path for path in SOURCES if path.parent.name in {"shop", "orders", "people", "templates"}]

    assert of_residents
    assert not [path for path in of_residents if re.search(r"_pdf|\.pdf", path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_holds(source: Path, what: str) -> None:
    assert re.findall(FORBIDDEN[what], source.read_text(encoding="utf-8")) == []
