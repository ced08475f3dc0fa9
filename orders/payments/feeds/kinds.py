"""What kind of file it is, by its content: its name proves nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from orders.payments.feeds.statement import FaultReason, Unreadable


class Kind(StrEnum):
    WORKBOOK = "workbook"  # XLSX and XLS
    HTML = "html"  # as banks write it under the name of .xls
    XML = "xml"
    MT940 = "mt940"
    TEXT = "text"


_REFUSED = {
    b"%PDF": FaultReason.PDF,
    b"\x89PNG": FaultReason.IMAGE,
    b"\xff\xd8\xff": FaultReason.IMAGE,
    b"GIF8": FaultReason.IMAGE,
    b"BM": FaultReason.IMAGE,
    b"II*\0": FaultReason.IMAGE,
    b"MM\0*": FaultReason.IMAGE,
}
_ZIP = b"PK"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # a workbook with a password, wrapped in the old format
_HEAD = 4096
_WORKBOOK_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body|table|tr|meta|style|div)[\s>]", re.IGNORECASE)
_XML = re.compile(r"<\?xml(?!.*<html)|<!DOCTYPE\s+(?!html)|<\w*:?(?:Document|Workbook)\b", re.IGNORECASE | re.DOTALL)
_MT940 = re.compile(r"^(?:\{1:|(?:\{4:\s*)?:20:)", re.MULTILINE)
_MT940_TOO = re.compile(r"^:(?:25P?|28C?|60[FM]):", re.MULTILINE)


def kind_of(path: Path) -> Kind:
    """How the file is to be read. Raises `Unreadable` for every kind that holds no table."""
    with path.open("rb") as source:
        head = source.read(_HEAD)
    refused = next((reason for magic, reason in _REFUSED.items() if head.startswith(magic)), None)
    if refused:
        raise Unreadable(refused)
    if _is_picture(head):
        raise Unreadable(FaultReason.IMAGE)
    if head.startswith(_OLD_OFFICE):
        return _old_office(path.read_bytes())
    if head.startswith(_ZIP):
        return Kind.WORKBOOK
    return _text(head)


def _is_picture(head: bytes) -> bool:
    """WebP, and HEIC as telephones make it."""
    return head[8:12] == b"WEBP" or (head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"avif"})


def _old_office(content: bytes) -> Kind:
    """An XLS, a locked workbook, or another program's file in the same wrapper."""
    if _LOCKED in content:
        raise Unreadable(FaultReason.PASSWORD)
    if not any(stream in content for stream in _WORKBOOK_STREAMS):
        raise Unreadable(FaultReason.BROKEN)
    return Kind.WORKBOOK


def _text(head: bytes) -> Kind:
    text = _readable(head).lstrip("\ufeff").strip()
    if not text:
        raise Unreadable(FaultReason.EMPTY)
    if text.startswith("<"):
        return Kind.HTML if _HTML.search(text) and not _XML.match(text) else Kind.XML
    return Kind.MT940 if _MT940.search(text) and _MT940_TOO.search(text) else Kind.TEXT


def _readable(head: bytes) -> str:
    """Enough of it to know the kind; what an unknown encoding does to letters does not matter here."""
    encoding = _UTF16.get(head[:2], "utf-8")
    return head.decode(encoding, errors="replace")
