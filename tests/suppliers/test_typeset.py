"""The manifest's PDF: what a reader finds in it, its fonts, and that it fetches nothing."""

import io
import re
import subprocess
import unicodedata
from datetime import date
from functools import partial
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from kernel import clock, files, pieces
from kernel.jobs import sweep
from kernel.printing import print_html
from people.models import Role, Staff
from suppliers import tables, typeset
from suppliers.manifest import fingerprint
from suppliers.models import Manifest
from suppliers.typeset import Part
from tests import make
from tests.desk import send

NO_DATABASE = pytest.mark.parametrize("templates", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def page(app):
    """Templates speak of the site that they are in."""
    with app.test_request_context():
        yield


def read(content):
    """The text of all pages, in composed letters and single blanks."""
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)
    return " ".join(unicodedata.normalize("NFC", text).split())


def fonts_of(content):
    found = set()
    for sheet in PdfReader(io.BytesIO(content)).pages:
        resources: Any = sheet["/Resources"]
        for font in resources["/Font"].values():
            for part in font.get_object().get("/DescendantFonts", [font]):
                descriptor = part.get_object()["/FontDescriptor"].get_object()
                embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()
                found.add((descriptor["/FontName"].partition("+")[2], bool(embedded)))
    return found


def made(manifest, **asked):
    """A paper as it is kept, without a reader's stamp."""
    for _piece in typeset.make(manifest):
        pass
    content = typeset.pdf(manifest, **{"people": True, **asked})
    assert content is not None
    return content


def of(snapshot):
    """A manifest of no database."""
    return Manifest(number=snapshot["number"], version=1, snapshot=snapshot, sha256=fingerprint(snapshot), delta={})


def snapshot(**changes):
    """A snapshot with one stop, of the time before there were versions; ``changes`` are the stop's."""
    stop = {
        "stop": 1,
        "code": "DC2CYTZ9S",
        "ward": "Dĩ An",
        "address": "12 Lý Thường Kiệt",
        "name": "Trần Thị Bưởi",
        "phone": "0912345678",
        "note": "",
        "lines": [{"name": "Rau củ 5 món", "code": "C02", "quantity": 2}],
        "amount": 200_000,
    }
    return {
        "number": "0001-RAU-1",
        "supplier": {"code": "RAU", "name": "Hợp tác xã Rau sạch"},
        "round": {"name": "Đợt giao 08/09/2021", "delivery_on": date(2021, 9, 8).isoformat()},
        "made_at": "2021-09-07T20:00:00+07:00",
        "combos": [{"code": "C02", "name": "Rau củ 5 món", "quantity": 2}],
        "items": [{"name": "rau muống", "quantity": 1000, "unit": "g", "measure": "", "shown": "1 kg"}],
        "amount": 200_000,
        "stops": [{**stop, **changes}],
    }


def test_it_holds_every_stop_in_good_vietnamese(session, sent):
    text = read(made(sent.manifest)).replace(" ", "")

    for order in sent.orders:
        for wanted in (order.code, order.name, order.address, order.ward.name, order.phone[-3:]):
            assert unicodedata.normalize("NFC", wanted).replace(" ", "") in text, wanted


def test_its_rows_are_those_of_the_tables_and_its_hash_is_theirs(session, sent):
    text = read(made(sent.manifest)).replace(" ", "")
    table = tables.csv(sent.manifest, people=True).decode("utf-8-sig")

    for row in tables.rows(sent.manifest, people=True):
        for column in ("code", "address", "name", "hand_over"):
            cell = unicodedata.normalize("NFC", str(row[column]))
            assert cell.replace(" ", "") in text
            assert cell in table
    assert sent.manifest.sha256 in text
    assert sent.manifest.sha256 in table


def test_it_is_set_in_be_vietnam_pro_and_nothing_else(session, sent):
    fonts = fonts_of(typeset.stamped(made(sent.manifest), sent.manifest, sent.manifest, who=sent.staff, at=clock.now()))

    assert {name for name, _embedded in fonts} == {"Be-Vietnam-Pro", "Be-Vietnam-Pro-Semi-Bold"}
    assert all(embedded for _name, embedded in fonts), fonts


def many(stops=130):
    """Two wards, too many stops for one page each."""
    about = snapshot()
    first = about["stops"][0]
    wards = ["Dĩ An" if number <= stops // 2 else "Đông Hòa" for number in range(1, stops + 1)]
    about["stops"] = [
        {**first, "stop": number, "code": f"DC{number:07d}", "ward": ward} for number, ward in enumerate(wards, start=1)
    ]
    return of(about)


@NO_DATABASE
def test_its_pages_are_a4_and_numbered_each_with_the_head_of_its_list(app):
    manifest = many()

    content = made(manifest)

    sheets = PdfReader(io.BytesIO(content)).pages
    texts = [unicodedata.normalize("NFC", sheet.extract_text()) for sheet in sheets]
    for number, (sheet, text) in enumerate(zip(sheets, texts, strict=True), start=1):
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]
        assert re.search(rf"(?<!\d){number}/{len(sheets)}(?!\d)", text), number
        assert manifest.sha256 in text
    assert all(f"DC{number:07d}" in "".join(texts) for number in range(1, 131))
    lists = [text for text in texts if "Danh sách giao hàng" in text]
    assert len(lists) > 8
    assert all("Địa chỉ và người nhận" in text for text in lists)
    assert {"Dĩ An" in text for text in lists if "Đông Hòa" not in text} == {True}


@NO_DATABASE
def test_one_part_and_one_ward_are_to_be_had(app):
    manifest = many()

    ward = read(made(manifest, part=Part.DELIVERY, ward="Đông Hòa"))
    packing = read(made(manifest, part=Part.PACKING, people=False))

    assert "DC0000066" in ward
    assert "DC0000065" not in ward
    assert "Danh sách giao hàng" not in packing
    assert "DC0000001" in packing
    assert typeset.wanted(manifest, people=False, part=Part.DELIVERY) == []
    assert typeset.wanted(manifest, people=True, part=Part.DELIVERY, ward="Bình An") == []


@NO_DATABASE
def test_goods_stand_by_block_with_what_stays_cold(app):
    about = snapshot()
    first = about["stops"][0]
    about["combos"] = [
        {
            "code": "C02",
            "name": "Rau củ 5 món",
            "quantity": 3,
            "position": 1,
            "cold": True,
            "items": [{"name": "cá lóc", "quantity": 700, "unit": "g", "measure": ""}],
        }
    ]
    about["items"] = [{"name": "cá lóc", "quantity": 2100, "unit": "g", "measure": "", "cold": True, "shown": "2,1 kg"}]
    line = {"name": "Rau củ 5 món", "code": "C02", "quantity": 1, "cold": True}
    about["stops"] = [
        {**first, "block": "KP Bình Minh 1", "cold": True},
        {**first, "stop": 2, "code": "DC2CYTZ9T", "block": "KP Bình Minh 2", "lines": [line], "cold": True},
    ]

    text = read(made(of(about), people=False))

    assert re.search(r"KP Bình Minh 1 KP Bình Minh 2 Cả phường cá lóc GIỮ LẠNH 1,4 kg 700 g 2,1 kg", text)
    assert text.count("GIỮ LẠNH") >= 5  # picked, its combo, by block, packed twice


@NO_DATABASE
def test_a_repeated_request_comes_from_what_is_kept(app, monkeypatch):
    manifest = many(3)
    first = made(manifest)
    monkeypatch.setattr(pieces, "print_html", lambda html: pytest.fail("typeset again"))

    assert made(manifest) == first

    manifest.sha256 = "0" * 64
    with pytest.raises(pytest.fail.Exception):
        made(manifest)


@NO_DATABASE
@pytest.mark.parametrize(
    "evil",
    [
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="file:///etc/passwd">',
        "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
        '"><style>@import "http://127.0.0.1:9/x"</style>',
        "<script>alert(1)</script>",
        "{{ 7 * 7 }}",
    ],
)
def test_what_a_resident_typed_is_printed_not_followed(app, evil):
    text = read(made(of(snapshot(name=evil, address=evil, note=evil, block="", lines=[])), part=Part.DELIVERY))

    assert text.replace(" ", "").count(evil.replace(" ", "")) == 3


@NO_DATABASE
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "https://example.invalid/x"])
def test_the_fetcher_is_closed_even_to_our_own_template(app, address):
    """The second lock: were a name ever to reach the page unescaped, nothing would be fetched."""
    with pytest.raises(BaseException) as stopped:  # noqa: PT011  (WeasyPrint's own is no Exception)
        print_html(f'<img src="{address}">')

    assert not isinstance(stopped.value, (KeyboardInterrupt, SystemExit, AssertionError))


@NO_DATABASE
def test_each_stop_has_the_qr_of_its_code(app, tmp_path):
    manifest = many(13)
    (tmp_path / "list.pdf").write_bytes(made(manifest, part=Part.DELIVERY))

    subprocess.run(["pdftoppm", "-r", "150", "-png", tmp_path / "list.pdf", tmp_path / "sheet"], check=True)

    pictures = sorted(tmp_path.glob("sheet*.png"))
    scanned = {found.text for picture in pictures for found in zxingcpp.read_barcodes(Image.open(picture))}
    assert scanned == {f"DC{number:07d}" for number in range(1, 14)}


def test_it_is_made_before_anybody_asks_and_then_kept(session, sent):
    assert typeset.pdf(sent.manifest, people=True) is None
    assert typeset.done(sent.manifest) == (0, 4)

    sweep()

    assert typeset.done(sent.manifest) == (4, 4)
    kept = set(files.names(typeset.folder(sent.manifest)))
    assert {"all-picking-4-people.pdf", "all-picking-3-goods.pdf"} <= kept


def test_each_page_says_who_took_it_and_when_and_whether_it_is_replaced(session, sent):
    newer = Manifest(version=2)
    who, at = Staff(username="rau7", name="Đỗ Thị Ớt", role=Role.SUPPLIER), clock.at(clock.today(), 14, 5)

    plain = made(sent.manifest)
    stamped = typeset.stamped(plain, sent.manifest, newer, who=who, at=at)

    sheets = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(stamped)).pages]
    assert len(sheets) == len(PdfReader(io.BytesIO(plain)).pages)
    for sheet in sheets:
        assert f"rau7 (Đỗ Thị Ớt), {clock.local(at):%d/%m/%Y} 14:05" in unicodedata.normalize("NFC", sheet)
        assert "ĐÃ THAY" in unicodedata.normalize("NFC", sheet)
    assert "rau7" not in read(plain)


def test_the_fingerprint_is_of_the_snapshot(session, sent):
    session.refresh(sent.manifest)

    assert fingerprint(sent.manifest.snapshot) == sent.manifest.sha256
    assert fingerprint({**sent.manifest.snapshot, "amount": 0}) != sent.manifest.sha256


def test_a_stop_without_an_address_or_a_note_is_typeset(session):
    order = make.paid_order(address="")

    manifest = send(session, order.round)[0]

    assert order.code in read(made(manifest))


@NO_DATABASE
def test_pieces_are_made_in_children_and_a_broken_press_goes_on_where_it_was(app):
    long = f"<!--{pieces.LITTLE * ' '}-->"
    wanted = [pieces.Piece(f"{number}.part", partial(str, f"<p>piece {number}{long}")) for number in range(6)]
    broken = pieces.press("try", wanted)
    for _piece in range(2):
        next(broken)
    broken.close()
    before = len(files.names("try"))
    assert 2 <= before < 6

    steps = sum(1 for _piece in pieces.press("try", wanted))

    assert steps == 6 - before
    whole = pieces.join(files.get(f"try/{number}.part") or b"" for number in range(6))
    texts = [sheet.extract_text().strip() for sheet in PdfReader(io.BytesIO(whole)).pages]
    assert texts == [f"piece {number}" for number in range(6)]


@NO_DATABASE
def test_a_child_that_dies_is_told_not_waited_for(app):
    child = pieces._Child()
    child.process.kill()
    child.process.wait()

    with pytest.raises((ChildProcessError, BrokenPipeError)):
        child.print("<p>x")
    child.end()
    assert print_html("<p>x").startswith(b"%PDF")
