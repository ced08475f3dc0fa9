"""A combo's picture is kept by the shop's own module where there is one, and is no question where there is none."""

import sys
from io import BytesIO
from types import ModuleType

import pytest
from werkzeug.datastructures import FileStorage

from shop.desk.combos import pictures


@pytest.fixture
def kept(monkeypatch):
    """A stand-in for shop.pictures that remembers what it was given."""
    given = []
    module = ModuleType("shop.pictures")
    module.keep = lambda _session, combo, upload: given.append((combo, upload.filename))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop.pictures", module)
    monkeypatch.setattr(pictures, "can_be_kept", lambda: True)
    return given


def test_an_upload_is_handed_on_and_an_empty_field_is_not(kept):
    combo, upload = object(), FileStorage(BytesIO(b"..."), filename="rau.jpg")

    assert pictures.keep(None, combo, upload)  # type: ignore[arg-type]
    assert not pictures.keep(None, combo, FileStorage(BytesIO(b""), filename=""))  # type: ignore[arg-type]
    assert not pictures.keep(None, combo, None)  # type: ignore[arg-type]

    assert kept == [(combo, "rau.jpg")]
