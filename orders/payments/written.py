"""Files of the shell commands, written whole or not at all."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

_NAMES = "ENOENT ENOTDIR EISDIR EACCES EPERM EROFS ENOSPC EDQUOT EFBIG ENAMETOOLONG EIO ENXIO"
_NUMBERS = frozenset(getattr(errno, name) for name in _NAMES.split())


class Unwritable(Exception):
    """A file that cannot be written; ``number`` is the system's (``errno``)."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(path, number)
        self.path, self.number = path, number


@contextmanager
def written_whole(path: Path) -> Iterator[IO[str]]:
    """A file beside ``path`` that takes its place once all is written; if anything fails, ``path`` stays as it was.

    What is no file, as a pipe or a device, is written to as it stands. Raises Unwritable.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as device:
                yield device
        else:
            with _part_of(path) as file:
                yield file
    except OSError as error:
        if error.errno in _NUMBERS:
            raise Unwritable(path, error.errno or 0) from None
        raise


@contextmanager
def _part_of(path: Path) -> Iterator[IO[str]]:
    with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, prefix=path.name, delete=False) as file:
        part = Path(file.name)
        try:
            yield file
            file.flush()
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
