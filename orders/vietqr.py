"""VietQR: the payload of a payment request, and its picture. Source: NAPAS QR specification v1.0."""

from __future__ import annotations

import io
import re

import segno
from markupsafe import Markup
from vietnam_qr_pay import QRPay

MOST_PURPOSE = 25
MOST_AMOUNT = 9_999_999_999_999

_BIN = re.compile(r"97[0-9]{4}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{6,19}")
# Printable ASCII: with diacritics the lengths in the payload would be wrong.
_PURPOSE = re.compile(rf"[\x20-\x7e]{{1,{MOST_PURPOSE}}}")


class VietQRFault(ValueError):
    """Something that banks' apps would refuse or misread; the library would let it through."""


def payload(*, bank_bin: str, account: str, amount: int, purpose: str) -> str:
    """The text of the QR: pay ``amount`` whole đồng to ``account`` with ``purpose`` (at most 25 ASCII characters)."""
    if not _BIN.fullmatch(bank_bin):
        raise VietQRFault(f"not a bank's BIN: {bank_bin!r}")
    if not _ACCOUNT.fullmatch(account):
        raise VietQRFault(f"not an account number: {account!r}")
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount <= MOST_AMOUNT:
        raise VietQRFault(f"not a positive whole amount: {amount!r}")
    if not _PURPOSE.fullmatch(purpose) or purpose != purpose.strip():
        raise VietQRFault(f"not a purpose of 1 to {MOST_PURPOSE} ASCII characters: {purpose!r}")
    return str(QRPay.init_viet_qr(bank_bin=bank_bin, bank_number=account, amount=str(amount), purpose=purpose).build())


def as_svg(text: str) -> Markup:
    """The QR as inline SVG: dark on white in any colour scheme, sized by the page."""
    buffer = io.BytesIO()
    _draw(text).save(
        buffer,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=4,
        light="#fff",
        omitsize=True,
        svgclass="qr",
        lineclass=None,
    )
    return Markup(buffer.getvalue().decode())  # noqa: S704  (segno's own drawing of modules; the text is not in it)


def as_png(text: str) -> bytes:
    """The QR as a PNG to save, 8 pixels a module."""
    buffer = io.BytesIO()
    _draw(text).save(buffer, kind="png", scale=8, border=4, light="#fff")
    return buffer.getvalue()


def _draw(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
