"""The one place from which a combo's picture is kept: by ``shop.pictures``, where that is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from shop.models import Combo


def can_be_kept() -> bool:
    return find_spec("shop.pictures") is not None


def keep(session: Session, combo: Combo, upload: FileStorage | None) -> bool:
    """Keep what was uploaded as the combo's picture, or refuse in words; whether there was one. Does not commit."""
    if not upload or not upload.filename or not can_be_kept():
        return False
    import_module("shop.pictures").keep(session, combo, upload)
    return True
