"""Transfers read ahead by a process of its own, and their memos taken apart, while another still reads the orders."""

import marshal
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO

from kernel.memory import peak_mb
from orders.payments.memo import Parts
from orders.payments.rehearsal_faults import FileFault
from orders.payments.rehearsal_files import Block, read_transfers, transfers_of
from orders.payments.written import Unwritable

_FORK = multiprocessing.get_context("fork")


class Ahead:
    """The blocks of each share: of all blocks every so-manieth."""

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
        pipes = [_FORK.Pipe(duplex=False) for _ in range(shares)]
        reader = _FORK.Process(target=_read, args=(path, kept, pipes), daemon=True)
        reader.start()
        stack.callback(reader.join)
        stack.callback(reader.terminate)
        for told, tells in pipes:
            tells.close()
            stack.enter_context(closing(told))
        ahead = Ahead([])
        ahead.shares += [_blocks(kept.fileno(), told, ahead) for told, _ in pipes]
        yield ahead


def _read(path: Path, kept: IO[bytes], pipes: list[tuple[Connection, Connection]]) -> None:
    """The reading process: it tells each share where its next block lies, and ends with a fault, or with its peak."""
    for told, _ in pipes:
        told.close()  # so that it hears when nobody listens any more
    shares = [tells for _, tells in pipes]
    ending: Exception | float
    at = 0
    try:
        for number, block in enumerate(read_transfers(path)):
            packed = marshal.dumps((block.first, block.columns, [*map(tuple, block.parts)]))
            kept.write(packed)
            kept.flush()
            shares[number % len(shares)].send((at, len(packed)))
            at += len(packed)
        ending = peak_mb()
    except FileFault as fault:
        ending = fault
    except BrokenPipeError:
        return
    except OSError as error:  # no room for what is kept
        ending = Unwritable(Path(gettempdir()), error.errno or 0)
    for tells in shares:
        tells.send(ending)


def _blocks(kept: int, told: Connection, ahead: Ahead) -> Iterator[Block]:
    while isinstance(place := told.recv(), tuple):
        first, columns, parts = marshal.loads(os.pread(kept, place[1], place[0]))  # noqa: S302  (our own process's)
        yield Block(first, columns, transfers_of(columns), [*map(partial(tuple.__new__, Parts), parts)])
    if isinstance(place, Exception):
        raise place
    ahead.peak_mb = place
