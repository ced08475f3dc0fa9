"""Transfers read ahead by a process of its own, and their memos taken apart, while another still reads the orders."""

import marshal
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryFile

from kernel.memory import peak_mb
from orders.payments.memo import Parts
from orders.payments.rehearsal_faults import FileFault
from orders.payments.rehearsal_files import Block, read_transfers, transfers_of

_FORK = multiprocessing.get_context("fork")


class Ahead:
    """The blocks of each share: of all blocks every so-manieth."""

    def __init__(self, shares: list[Iterator[Block]]) -> None:
        self.shares = shares
        self.peak_mb = 0.0
        """The most memory that the reading process had: known once the first share's blocks have been read."""


@contextmanager
def read_ahead(path: Path, *, shares: int) -> Iterator[Ahead]:
    """What is read waits in a file without a name. A faulty file raises FileFault in whoever asks for its blocks."""
    if shares == 1:
        yield Ahead([read_transfers(path)])
        return
    with ExitStack() as stack:
        kept = stack.enter_context(TemporaryFile(buffering=0)).fileno()
        pipes = [_FORK.Pipe(duplex=False) for _ in range(shares)]
        reader = _FORK.Process(target=_read, args=(path, kept, pipes), daemon=True)
        reader.start()
        stack.callback(reader.join)
        stack.callback(reader.terminate)
        for told, tells in pipes:
            tells.close()
            stack.enter_context(closing(told))
        ahead = Ahead([])
        ahead.shares += [_blocks(kept, told, ahead) for told, _ in pipes]
        yield ahead


def _read(path: Path, kept: int, pipes: list[tuple[Connection, Connection]]) -> None:
    """The reading process: it tells each share where its next block lies, and ends with a fault, or its own peak."""
    for told, _ in pipes:
        told.close()  # so that it hears when nobody listens any more
    shares = [tells for _, tells in pipes]
    ending: FileFault | float
    at = 0
    try:
        for number, block in enumerate(read_transfers(path)):
            packed = marshal.dumps((block.first, block.columns, [*map(tuple, block.parts)]))
            os.pwrite(kept, packed, at)
            shares[number % len(shares)].send((at, len(packed)))
            at += len(packed)
        ending = peak_mb()
    except FileFault as fault:
        ending = fault
    except BrokenPipeError:
        return
    for tells in shares:
        tells.send(ending)


def _blocks(kept: int, told: Connection, ahead: Ahead) -> Iterator[Block]:
    while isinstance(place := told.recv(), tuple):
        first, columns, parts = marshal.loads(os.pread(kept, place[1], place[0]))  # noqa: S302  (our own process's)
        yield Block(first, columns, transfers_of(columns), [*map(partial(tuple.__new__, Parts), parts)])
    if isinstance(place, FileFault):
        raise place
    ahead.peak_mb = place
