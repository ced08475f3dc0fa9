"""Transfers read ahead by a process of its own, and their memos taken apart, while another still reads the orders."""

import marshal
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from struct import Struct
from tempfile import TemporaryFile, gettempdir
from typing import IO

from kernel.memory import peak_mb
from orders.payments.memo import Parts
from orders.payments.rehearsal_faults import FileFault
from orders.payments.rehearsal_files import Block, Cells, read_cells, read_transfers, understood
from orders.payments.written import Unwritable

_FORK = multiprocessing.get_context("fork")
_PLACE = Struct("qq")  # where a block lies, and how long it is


class Ahead:
    """The blocks of each share: whoever is done with one takes the next, so that the quicker process takes more."""

    def __init__(self, shares: list[Iterator[Block]]) -> None:
        self.shares = shares
        self.peak_mb = 0.0
        """The most memory that the reading process had: known once the first share's blocks have been read."""


@contextmanager
def read_ahead(path: Path, *, shares: int) -> Iterator[Ahead]:
    """What is read waits in a file without a name. Whoever asks for blocks of a faulty file meets FileFault; of one for
    which the disk has no room, Unwritable.
    """
    if shares == 1:
        yield Ahead([read_transfers(path)])
        return
    with ExitStack() as stack:
        kept = stack.enter_context(TemporaryFile())
        places, tells_places = os.pipe()
        stack.callback(os.close, places)
        ends = [_FORK.Pipe(duplex=False) for _ in range(shares)]
        reader = _FORK.Process(target=_read, args=(path, kept, (places, tells_places), ends), daemon=True)
        reader.start()
        stack.callback(reader.join)
        stack.callback(reader.terminate)
        os.close(tells_places)
        for told, tells in ends:
            tells.close()
            stack.enter_context(closing(told))
        ahead = Ahead([])
        ahead.shares += [
            (understood(path, cells) for cells in _cells(kept.fileno(), places, told, ahead)) for told, _ in ends
        ]
        yield ahead


def _read(path: Path, kept: IO[bytes], places: tuple[int, int], ends: list[tuple[Connection, Connection]]) -> None:
    """The reading process: it tells where each block lies, and ends with a fault, or with its peak."""
    os.close(places[0])  # so that it hears when nobody listens any more
    for told, _ in ends:
        told.close()
    ending: Exception | float
    at = 0
    try:
        for first, columns, parts in read_cells(path):
            packed = marshal.dumps((first, columns, [*map(tuple, parts)]))
            kept.write(packed)
            kept.flush()
            os.write(places[1], _PLACE.pack(at, len(packed)))
            at += len(packed)
        ending = peak_mb()
    except FileFault as fault:
        ending = fault
    except BrokenPipeError:
        return
    except OSError as error:  # no room for what is kept
        ending = Unwritable(Path(gettempdir()), error.errno or 0)
    os.close(places[1])
    for _, tells in ends:
        tells.send(ending)


def _cells(kept: int, places: int, told: Connection, ahead: Ahead) -> Iterator[Cells]:
    while place := os.read(places, _PLACE.size):  # a pipe gives each place to one reader, and whole
        at, size = _PLACE.unpack(place)
        first, columns, parts = marshal.loads(os.pread(kept, size, at))  # noqa: S302  (our own process's)
        yield Cells(first, columns, [*map(partial(tuple.__new__, Parts), parts)])
    ending = told.recv()
    if isinstance(ending, Exception):
        raise ending
    ahead.peak_mb = ending
