"""What kind of file it is, by its content: its name proves nothing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from orders.payments.feeds.statement import FaultReason, Unreadable


class Kind(StrEnum):
    WORKBOOK = "workbook"
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
# MT940, XML and HTML are texts, but no tables of cells.
_OTHER_TEXTS = (b"<", b":20:", b"{1:")


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
        raise Unreadable(FaultReason.PASSWORD if _LOCKED in path.read_bytes() else FaultReason.OLD_EXCEL)
    if head.startswith(_ZIP):
        return Kind.WORKBOOK
    return _text(head)


def _is_picture(head: bytes) -> bool:
    """WebP, and HEIC as telephones make it."""
    return head[8:12] == b"WEBP" or (head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"avif"})


def _text(head: bytes) -> Kind:
    bare = head.removeprefix(b"\xef\xbb\xbf").strip()
    if not bare.strip(b"\xff\xfe"):
        raise Unreadable(FaultReason.EMPTY)
    if bare.startswith(_OTHER_TEXTS):
        raise Unreadable(FaultReason.UNKNOWN_LAYOUT)
    return Kind.TEXT
