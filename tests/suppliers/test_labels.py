"""Labels for bags: a QR each that can be scanned, and no text that leaves its label."""

import io
import re
import subprocess
import unicodedata
from itertools import combinations

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from suppliers import labels
from suppliers.labels import Size
from tests.suppliers.test_typeset import NO_DATABASE, of, snapshot

LONGEST = "Nguyễn Phúc Bảo Hoàng Trương Công Tôn Nữ Thị Thuỳ Dương Phương Thảo Nguyên"
MM = 72 / 25.4


@pytest.fixture(autouse=True)
def page(app):
    with app.test_request_context():
        yield


def sheet(names):
    about = snapshot()
    line = {"name": "Rau củ 5 món", "code": "C02", "quantity": 2}
    first = {**about["stops"][0], "block": "KP Thống Nhất 1", "lines": [line] * 9}
    about["stops"] = [
        {**first, "stop": number, "code": f"DC{number:07d}", "name": name, "cold": number == 1}
        for number, name in enumerate(names, start=1)
    ]
    return of(about)


def made(manifest, size, people=True):
    for _piece in labels.make(manifest, size, people=people):
        pass
    content = labels.pdf(manifest, size, people=people)
    assert content is not None
    return content


def boxes(content, tmp_path):
    """Each word with the page it stands on, and its box in points."""
    (tmp_path / "labels.pdf").write_bytes(content)
    told = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "labels.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    for number, sheet in enumerate(told.split("<page ")[1:], start=1):
        for found in re.finditer(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', sheet):
            yield number, found[5], tuple(float(found[place]) for place in range(1, 5))


@NO_DATABASE
def test_24_stand_on_a_sheet_and_every_code_can_be_scanned(app, tmp_path):
    content = made(sheet(["Trần Thị Bưởi"] * 25), Size.SHEET)

    assert len(PdfReader(io.BytesIO(content)).pages) == 2
    (tmp_path / "labels.pdf").write_bytes(content)
    subprocess.run(["pdftoppm", "-r", "150", "-png", tmp_path / "labels.pdf", tmp_path / "sheet"], check=True)
    scanned = [
        {found.text for found in zxingcpp.read_barcodes(Image.open(picture))}
        for picture in sorted(tmp_path.glob("sheet*.png"))
    ]
    assert scanned == [{f"DC{number:07d}" for number in range(1, 25)}, {"DC0000025"}]


@NO_DATABASE
@pytest.mark.parametrize("name", ["Trần Thị Bưởi", "Công Tằng Tôn Nữ Ánh Dương", LONGEST, "x" * 80])
def test_nothing_leaves_its_label_on_the_sheet(app, tmp_path, name):
    content = made(sheet([name] * 24), Size.SHEET)

    seen = 0
    for _page, word, (left, top, right, bottom) in boxes(content, tmp_path):
        across, down = 70 * MM, 37.125 * MM
        assert int(left / across) == int(right / across), word
        assert int(top / down) == int(bottom / down), word
        seen += 1
    assert seen > 24 * 10


@NO_DATABASE
def test_a_long_name_is_printed_whole(app, tmp_path):
    for size in Size:
        words = [
            unicodedata.normalize("NFC", word) for _page, word, _box in boxes(made(sheet([LONGEST]), size), tmp_path)
        ]
        assert " ".join(LONGEST.split()) in " ".join(words)


@NO_DATABASE
def test_a_label_printer_gets_one_a_page(app, tmp_path):
    content = made(sheet(["Trần Thị Bưởi", LONGEST]), Size.ROLL)

    pages = PdfReader(io.BytesIO(content)).pages
    assert [[round(float(side) / MM) for side in page.mediabox[2:]] for page in pages] == [[100, 50]] * 2
    for _page, word, (left, top, right, bottom) in boxes(content, tmp_path):
        assert 0 <= left < right <= 100 * MM, word
        assert 0 <= top < bottom <= 50 * MM, word


@NO_DATABASE
@pytest.mark.parametrize("size", list(Size))
def test_names_are_for_who_delivers_and_cold_is_for_everybody(app, size):
    manifest = sheet(["Trần Thị Bưởi"])

    named, bare = (
        unicodedata.normalize("NFC", PdfReader(io.BytesIO(made(manifest, size, people))).pages[0].extract_text())
        for people in (True, False)
    )

    assert "Trần Thị Bưởi" in named
    assert "Bưởi" not in bare
    for text in (named, bare):
        assert "DC0000001" in text
        assert "GIỮ LẠNH" in text
        assert manifest.sha256[:16] in text


@NO_DATABASE
@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("name", ["Trần Thị Bưởi", LONGEST], ids=["short", "long"])
def test_no_word_lies_on_another(app, tmp_path, size, name):
    words = [box for number, _word, box in boxes(made(sheet([name]), size), tmp_path) if number == 1]

    for (left, top, right, bottom), (x0, y0, x1, y1) in combinations(words, 2):
        wide, high = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
        assert wide <= 0.5 or high <= 0.35 * min(bottom - top, y1 - y0)
