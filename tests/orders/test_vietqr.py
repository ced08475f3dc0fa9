"""The VietQR: read back from its picture by zxing, taken apart by a judge of our own."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from orders.vietqr import VietQRFault, as_png, as_svg, payload
from tests import tlv

SAMPLES = Path(__file__).parents[1] / "samples/webhooks/vietqr-payloads.json"
RIGHT: dict[str, Any] = {
    "bank_bin": "970436",
    "account": "1013456789",
    "amount": 100_000,
    "purpose": "DCKHV6B9D 0912345678",
}


def seen(png: bytes) -> str:
    """What a phone's camera reads in the picture."""
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return code.text


def test_the_crc_is_the_published_one():
    assert tlv.crc(b"123456789") == 0x29B1


def test_the_judge_reads_the_specifications_own_payloads():
    for text in json.loads(SAMPLES.read_text(encoding="utf-8"))["payloads"]:
        fields = tlv.read(text)
        assert (fields["38.00"], fields["53"], fields["58"]) == ("A000000727", "704", "VN")
        assert fields["62.08"] == "thanh toan don hang"


@pytest.mark.parametrize("place", range(0, 150, 7))
def test_the_judge_refuses_a_payload_with_one_wrong_character(place):
    text = payload(**RIGHT)
    place %= len(text)
    wrong = text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]

    with pytest.raises(tlv.Malformed):
        tlv.read(wrong)


def test_the_payload_says_whom_how_much_and_what_for():
    assert tlv.read(payload(**RIGHT)) == {
        "00": "01",
        "01": "12",
        "38.00": "A000000727",
        "38.01.00": "970436",
        "38.01.01": "1013456789",
        "38.02": "QRIBFTTA",
        "53": "704",
        "54": "100000",
        "58": "VN",
        "62.08": "DCKHV6B9D 0912345678",
        "63": payload(**RIGHT)[-4:],
    }


@pytest.mark.parametrize("amount", [1, 9_999_999_999_999])
@pytest.mark.parametrize("purpose", ["D", "DCKHV6B9D 0912345678 12345"[:25], "~!@#$%^&*()_+ {}[]"])
def test_the_bounds_themselves_are_let_through_and_read_back_from_the_picture(amount, purpose):
    text = payload(**RIGHT | {"amount": amount, "purpose": purpose})

    fields = tlv.read(seen(as_png(text)))

    assert (fields["54"], fields["62.08"]) == (str(amount), purpose)


WRONG = {
    "amount": (0, -1, 1.0, 100_000.5, True, "100000", None, 10**13),
    "purpose": ("", " ", "Đi chợ", "x" * 26, " x", "x ", "a\nb", "a\x7f", "a\u200bb", "１"),
    "bank_bin": ("", "97043", "9704366", "170436", "97043A", "９70436", "970436\n"),
    "account": ("", "12345", "1" * 20, "10134 56789", "1013-456789", "１013456789", "1013456789\n"),
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in WRONG.items() for value in values])
def test_what_the_library_would_let_through_is_refused(field, value):
    with pytest.raises(VietQRFault):
        payload(**RIGHT | {field: value})


def test_the_inline_picture_has_no_script_style_or_word_in_it():
    svg = str(as_svg(payload(**RIGHT)))

    assert svg.startswith("<svg")
    assert not [word for word in ("<script", " style=", " on", "<text", "<style") if word in svg]
    assert "DCKHV6B9D" not in svg
