"""Files that the program keeps."""

import pytest
from fsspec.implementations.local import LocalFileOpener

from app import create_app
from kernel import files


@pytest.fixture
def store(settings_for, tmp_path):
    """An app whose files lie in ``tmp_path/files``; no database is asked."""
    app = create_app(settings_for("sqlite://"))
    with app.app_context():
        yield tmp_path / "files"


def test_what_was_put_is_got_and_what_was_not_is_none(store):
    files.put("manifests/0001.pdf", b"%PDF")

    assert files.get("manifests/0001.pdf") == b"%PDF"
    assert files.get("manifests/0002.pdf") is None
    assert (store / "manifests/0001.pdf").read_bytes() == b"%PDF"


def test_what_is_put_again_takes_the_place_of_the_first_and_leaves_nothing_beside_it(store):
    files.put("a/x", b"1")
    files.put("a/x", b"22")

    assert files.get("a/x") == b"22"
    assert [path.name for path in (store / "a").iterdir()] == ["x"]


def test_half_a_file_is_never_seen(store, monkeypatch):
    files.put("a/x", b"whole")

    def give_up(_file: LocalFileOpener, _data: bytes) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(LocalFileOpener, "write", give_up, raising=False)
    with pytest.raises(OSError, match="disk full"):
        files.put("a/x", b"half")

    assert files.get("a/x") == b"whole"
