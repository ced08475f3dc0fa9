"""Pages stay light enough for 2G, and load nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
FONTS = [f"vendor/be-vietnam-pro/be-vietnam-pro-{weight}.woff2" for weight in (400, 600)]
EVERY_PAGE = ["app.css", "app.js", "mark.svg"]
SOURCES = [
    *sorted((ROOT / "templates").rglob("*.html")),
    *(STATIC / name for name in ("app.css", "print.css", "app.js", "desk.js")),
]
FORBIDDEN = {
    "an inline style": r"<[^>{]*\sstyle\s*=",
    "an inline handler": r"<[^>{]*\son[a-z]+\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a script without a nonce": r"<script(?![^>]*\snonce=)",
    "an address elsewhere": r"(?:src|href|url|action|import)\s*[=(:]?\s*[\"']?(?:https?:)?//",
}


def weight(names: list[str]) -> int:
    """Bytes on the wire: fonts as they are, the rest gzipped."""
    contents = ((name, (STATIC / name).read_bytes()) for name in names)
    return sum(len(body) if name.endswith(".woff2") else len(gzip.compress(body, 6)) for name, body in contents)


def test_what_the_shop_brings_with_it_leaves_room_for_the_page_in_60_kb() -> None:
    assert weight([*EVERY_PAGE, *FONTS, "produce.svg"]) <= 45_000


def test_what_a_status_page_brings_with_it_leaves_room_for_the_page_in_14_kb() -> None:
    assert weight(EVERY_PAGE) <= 9_000


@pytest.mark.parametrize("what", FORBIDDEN)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_holds(source: Path, what: str) -> None:
    assert re.findall(FORBIDDEN[what], source.read_text(encoding="utf-8")) == []
