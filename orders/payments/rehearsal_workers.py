"""Processes that share a rehearsal: each is forked with the orders in memory and speaks through a pipe."""

import multiprocessing
import resource
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from orders.payments.matcher.facts import TransferFacts, Verdict
from orders.payments.matcher.firmness import Claim, Desk
from orders.payments.rehearsal_files import FileFault
from orders.payments.rehearsal_share import Share

_FORK = multiprocessing.get_context("fork")


@contextmanager
def at_work(desk: Desk, transfers: Path, *, workers: int) -> Iterator[list["Worker"]]:
    """``workers`` processes, each with its share; whatever happens, they end with the block."""
    crew = [Worker(Share(desk, transfers, index=index, of=workers)) for index in range(workers)]
    try:
        yield crew
    finally:
        for worker in crew:
            worker.end()


class Worker:
    """A share in a process of its own. It starts to claim at once; the parent then asks in the order of the methods."""

    def __init__(self, share: Share) -> None:
        self._pipe, theirs = _FORK.Pipe()
        self._process = _FORK.Process(target=_serve, args=(share, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def claims(self) -> dict[int, Claim]:
        claims: dict[int, Claim] = self._receive()
        return claims

    def ask(self, places: Collection[int]) -> None:
        """Ask for the facts of the transfers at ``places``, as far as they are in this share."""
        self._pipe.send(places)

    def told(self) -> dict[int, TransferFacts]:
        facts: dict[int, TransferFacts] = self._receive()
        return facts

    def settled(self, placed: Mapping[int, int], contested: Mapping[int, Claim | None]) -> None:
        """Tell what was granted; the share then writes its decisions."""
        self._pipe.send((placed, contested))

    def block(self) -> tuple[str, Counter[Verdict]] | None:
        """The next block of decisions, in the share's order; None after the last."""
        block: tuple[str, Counter[Verdict]] | None = self._receive()
        return block

    def peak_mb(self) -> float:
        peak: float = self._receive()
        return peak

    def end(self) -> None:
        self._pipe.close()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()

    def _receive(self) -> Any:
        answer = self._pipe.recv()
        if isinstance(answer, FileFault):
            raise answer
        return answer


def _serve(share: Share, pipe: Connection) -> None:
    """The worker's side of the talk."""
    try:
        pipe.send(share.claims())
        pipe.send(share.told(pipe.recv()))
        placed, contested = pipe.recv()
        for block in share.blocks(placed, contested):
            pipe.send(block)
        pipe.send(None)
        pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    except FileFault as fault:
        pipe.send(fault)
    except (EOFError, BrokenPipeError):
        return  # the parent has given up
