"""Files that the program keeps: a local folder by default, S3 or another store by a URL (fsspec)."""

from __future__ import annotations

from contextlib import suppress

import fsspec
from flask import current_app


def put(name: str, content: bytes) -> None:
    """Keep ``content`` under ``name``, all of it or nothing: a reader never sees half a file."""
    files, root = _store()
    target = f"{root}/{name}"
    files.makedirs(target.rpartition("/")[0], exist_ok=True)
    with files.transaction, files.open(target, "wb") as file:
        file.write(content)


def get(name: str) -> bytes | None:
    """What is kept under ``name``, or None."""
    files, root = _store()
    try:
        return bytes(files.cat_file(f"{root}/{name}"))
    except FileNotFoundError:
        return None


def delete(name: str) -> None:
    """Keep nothing under ``name`` any more; a second call finds nothing."""
    files, root = _store()
    with suppress(FileNotFoundError):
        files.rm_file(f"{root}/{name}")


def names(folder: str) -> list[str]:
    """The last parts of the names that are kept under ``folder``."""
    files, root = _store()
    try:
        return [found.rpartition("/")[2] for found in files.ls(f"{root}/{folder}", detail=False)]
    except FileNotFoundError:
        return []


def _store() -> tuple[fsspec.AbstractFileSystem, str]:
    files, root = fsspec.core.url_to_fs(current_app.extensions["settings"].files_url)
    return files, root.rstrip("/")
