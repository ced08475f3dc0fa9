"""The manifest's PDF: what a reader finds in it, its fonts, and that it fetches nothing."""

import base64
import io
import re
from datetime import date
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PdfReader

from kernel import files
from kernel.jobs import sweep
from suppliers import typeset
from suppliers.manifest import fingerprint, stop_rows
from tests import make
from tests.desk import send
from tests.papers import text_of, tidied

NO_DATABASE = pytest.mark.parametrize("templates", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def page(app):
    """Templates speak of the site that they are in."""
    with app.test_request_context():
        yield


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


def snapshot(**changes):
    """A snapshot with one stop; ``changes`` are the stop's."""
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
    text = text_of(typeset.pdf(sent.manifest)).replace(" ", "")

    for order in sent.orders:
        for wanted in (order.code, order.name, order.address, order.ward.name, order.phone[-3:]):
            assert tidied(wanted).replace(" ", "") in text, wanted
    for wanted in (sent.manifest.number, "Raucủ5món", "raumuống", "1,5kg"):
        assert wanted in text


def test_its_rows_are_the_csvs(session, sent):
    text = text_of(typeset.pdf(sent.manifest)).replace(" ", "")
    table = typeset.csv(sent.manifest).decode("utf-8-sig")

    for row in stop_rows(sent.manifest.snapshot):
        for column in ("code", "address", "name", "hand_over"):
            cell = tidied(str(row[column]))
            assert cell.replace(" ", "") in text
            assert cell in table


def test_it_is_set_in_be_vietnam_pro_and_nothing_else(session, sent):
    fonts = fonts_of(typeset.pdf(sent.manifest))

    assert len(fonts) == 2  # regular and semi-bold
    assert all(name.startswith("Be-Vietnam-Pro") and embedded for name, embedded in fonts), fonts


@NO_DATABASE
def test_its_pages_are_a4_and_numbered(app):
    many = snapshot()
    many["stops"] = [{**many["stops"][0], "stop": number, "code": f"DC{number:07d}"} for number in range(1, 61)]

    content = typeset.make_pdf(many)

    sheets = PdfReader(io.BytesIO(content)).pages
    assert len(sheets) > 2
    for number, sheet in enumerate(sheets, start=1):
        assert [round(float(side)) for side in sheet.mediabox[2:]] == [595, 842]
        assert re.search(rf"{number}\s*/\s*{len(sheets)}", sheet.extract_text())
    text = text_of(content)
    assert all(f"DC{number:07d}" in text for number in range(1, 61))


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
    text = text_of(typeset.make_pdf(snapshot(name=evil, address=evil, note=evil, lines=[])))

    assert text.replace(" ", "").count(evil.replace(" ", "")) == 3


@NO_DATABASE
@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x.png", "file:///etc/passwd", "https://example.invalid/x"])
def test_the_fetcher_is_closed_even_to_our_own_template(app, monkeypatch, address):
    """The second lock: were a name ever to reach the page unescaped, nothing would be fetched."""
    monkeypatch.setattr(typeset, "qr_of", lambda code: address)

    with pytest.raises(BaseException) as stopped:  # noqa: PT011  (WeasyPrint's own is no Exception)
        typeset.make_pdf(snapshot())

    assert not isinstance(stopped.value, (KeyboardInterrupt, SystemExit, AssertionError))


@NO_DATABASE
def test_each_stop_has_the_qr_of_its_code(app):
    svg = base64.b64decode(typeset.qr_of("DC2CYTZ9S").partition(",")[2]).decode()

    assert [code.text for code in zxingcpp.read_barcodes(drawn(svg))] == ["DC2CYTZ9S"]


def drawn(svg, scale=8):
    """Segno's SVG as pixels: its path is made of moves and horizontal strokes of one module's height."""
    side = int(re.findall(r'width="(\d+)"', svg)[0])
    picture = Image.new("L", (side * scale, side * scale), 255)
    pen, x, y = ImageDraw.Draw(picture), 0.0, 0.0
    for verb, across, down in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", re.findall(r' d="([^"]+)"', svg)[-1]):
        x, y = (0.0, 0.0) if verb == "M" else (x, y)
        if verb == "h":
            pen.rectangle(
                (x * scale, (y - 0.5) * scale, (x + float(across)) * scale - 1, (y + 0.5) * scale - 1), fill=0
            )
        x, y = x + float(across), y + float(down or 0)
    return picture


def test_it_is_made_before_anybody_asks_and_then_kept(session, sent):
    name = f"manifests/{sent.manifest.number}-{sent.manifest.sha256[:16]}.pdf"
    assert files.get(name) is None

    sweep()
    kept = files.get(name)

    assert kept is not None
    assert typeset.pdf(sent.manifest) == kept


def test_the_fingerprint_is_of_the_snapshot(session, sent):
    session.refresh(sent.manifest)

    assert fingerprint(sent.manifest.snapshot) == sent.manifest.sha256
    assert fingerprint({**sent.manifest.snapshot, "amount": 0}) != sent.manifest.sha256


def test_a_stop_without_an_address_or_a_note_is_typeset(session):
    order = make.paid_order(address="")

    manifest = send(session, order.round)[0]

    assert order.code in text_of(typeset.pdf(manifest))
