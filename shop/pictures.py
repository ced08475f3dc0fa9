"""A combo's photograph: an upload made small and harmless, kept in the file store under the name of its content."""

from __future__ import annotations

import hashlib
import re

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from kernel import files
from kernel.images import shrink
from kernel.photos import small_and_harmless
from shop.models import Combo
from shop.queries import is_shown

SMALL, LARGE = 320, 800  # pixels wide
SIZES = ((SMALL, 200, 12_000), (LARGE, 500, 40_000))
"""Width and height in pixels, most bytes: on 2G a shelf of small ones is to come within seconds."""

_KEY = re.compile(r"[0-9a-f]{32}")


def keep(session: Session, combo: Combo, upload: FileStorage) -> None:
    """Make ``upload`` the picture of ``combo``. What was its picture before is no longer shown. Does not commit.

    Raises `PictureFault`; the combo then keeps the picture that it has.
    """
    pictures = small_and_harmless(upload, shrink, SIZES)
    key = hashlib.sha256(b"".join(pictures)).hexdigest()[:32]
    for (width, _height, _bytes), picture in zip(SIZES, pictures, strict=True):
        files.put(_name(key, width), picture)
    combo.picture = key
    session.flush()


def remove(session: Session, combo: Combo) -> None:
    """Show the drawings again. A picture that no combo has is handed out no more. Does not commit."""
    combo.picture = None
    session.flush()


def content(session: Session, key: str, width: int) -> bytes | None:
    """The WebP of a picture that a combo has; None for any other."""
    if not _KEY.fullmatch(key) or width not in (SMALL, LARGE) or not is_shown(session, key):
        return None
    return files.get(_name(key, width))


def _name(key: str, width: int) -> str:
    return f"pictures/{key}-{width}.webp"
