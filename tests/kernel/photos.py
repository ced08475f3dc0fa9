"""Photographs for tests, as phones and as ill-wishers send them."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image


def photo(width: int = 1600, height: int = 1200, *, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A picture with as much in it as a market stall: coarse noise of many colours."""
    chance = random.Random(width * height)
    coarse = Image.frombytes("RGB", (40, 30), chance.randbytes(40 * 30 * 3))
    out = io.BytesIO()
    coarse.resize((width, height), Image.Resampling.BICUBIC).convert(mode).save(out, kind, **options)
    return out.getvalue()


def with_place_and_camera() -> bytes:
    """Lying on its side, with what a phone writes into a photo."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "A phone of Dĩ An"
    exif.get_ifd(0x8825)[1] = "N"
    return photo(1200, 1600, exif=exif.tobytes(), comment=b"0912345678")


def huge_png(width: int = 40_000, height: int = 40_000) -> bytes:
    """1.6 thousand million pixels in a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width // 8 + 1) * 1000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zip_behind() -> bytes:
    """A photo that is an archive, too."""
    out = io.BytesIO(photo())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("index.html", "<b>x</b>")
    return out.getvalue()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "drawing": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "heic": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 500,
    "disguised": zip_behind,
    "too many pixels": huge_png,
    "too small": lambda: photo(300, 150),
    "damaged": lambda: photo()[: len(photo()) // 2],
    "no photo": lambda: b"rau muong 0,5 kg" * 20,
}
ALSO_DISGUISED: dict[str, bytes] = {
    "a page behind": photo(400, 300) + b"<script>alert(1)</script>",
    "a PDF in front": b"%PDF-1.7\n" + photo(400, 300),
    "a comment that is a program": photo(400, 300, comment=b"<?php system($_GET[0]);"),
}
