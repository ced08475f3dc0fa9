"""A zip archive looked through before a parser trusts it: its directory, its sizes, its checksums."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

MOST_ENTRIES = 1_000
MOST_BYTES = 128 * 1024 * 1024  # a statement of 200,000 rows unpacks to about 90 MB
MOST_SWELLING = 250  # times; a sheet of repeated rows reaches about 100, a bomb 1,000
_SMALL = 4 * 1024 * 1024  # below this no swelling hurts
_CHUNK = 1024 * 1024


class BrokenArchive(Exception):
    """Truncated, damaged or forged."""


class SwollenArchive(Exception):
    """It would unpack to far more than an honest file of its kind."""


def check_archive(path: Path) -> list[str]:
    """The names in the zip at ``path``, once its directory is plausible and every entry unpacks to what that says."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries, path.stat().st_size)
            for entry in entries:
                _unpack(archive, entry)
            return [entry.filename for entry in entries]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise BrokenArchive from error


def _check_directory(entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise SwollenArchive
    if any(entry.file_size > max(_SMALL, MOST_SWELLING * entry.compress_size) for entry in entries):
        raise SwollenArchive
    # Entries that share bytes with each other are a bomb's way to swell without a high ratio.
    if sum(entry.compress_size for entry in entries) > packed:
        raise SwollenArchive
    if len(set(names)) < len(names) or any(map(_is_outside, names)):
        raise BrokenArchive


def _is_outside(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read it to its end, which checks its checksum, and keep nothing."""
    with archive.open(entry) as source:
        while source.read(_CHUNK):
            pass
