"""Processes that share a rehearsal: this one, and others forked with the orders in memory, asked through a pipe."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from heapq import merge
from multiprocessing.connection import Connection
from typing import Any

from orders.payments.matcher.firmness import Desk
from orders.payments.rehearsal_faults import FileFault
from orders.payments.rehearsal_files import Block as Transfers
from orders.payments.rehearsal_share import Block, Share
from orders.payments.written import Unwritable

_FORK = multiprocessing.get_context("fork")


@contextmanager
def at_work(
    desk: Desk, shares: Sequence[Iterator[Transfers]], *, tell: Callable[[int], object] = int
) -> Iterator["Crew"]:
    """A process for each of the ``shares``, this one among them; whatever happens, the others end with the block."""
    own, *theirs = shares
    others = [_Worker(Share(desk, transfers)) for transfers in theirs]
    try:
        yield Crew(Share(desk, own, tell=tell), others)
    finally:
        for worker in others:
            worker.end()


class Crew:
    """The shares: this process's own, and the other workers'."""

    def __init__(self, own: Share, others: list["_Worker"]) -> None:
        self._own, self._others = own, others

    def ask(self, question: str, *told: object) -> list[Any]:
        """What each share answers, all at work at once. Of several faults in a file, the first is raised."""
        for worker in self._others:
            worker.ask(question, *told)
        answers = [_answer(self._own, question, told), *(worker.answer() for worker in self._others)]
        if faults := [answer for answer in answers if isinstance(answer, FileFault)]:
            raise min(faults, key=lambda fault: fault.line)
        for answer in answers:
            if isinstance(answer, Unwritable):
                raise answer
        return answers

    def blocks(self) -> Iterator[Block]:
        """All shares' blocks of decisions, in the order of the input."""
        for worker in self._others:
            worker.ask("blocks")
        return merge(self._own.blocks(), *(worker.stream() for worker in self._others))


class _Worker:
    """A share in a process of its own."""

    def __init__(self, share: Share) -> None:
        self._pipe, theirs = _FORK.Pipe()
        self._process = _FORK.Process(target=_serve, args=(share, theirs, self._pipe), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, question: str, *told: object) -> None:
        self._pipe.send((question, told))

    def answer(self) -> Any:
        return self._pipe.recv()

    def stream(self) -> Iterator[Block]:
        """The answers, until None is one."""
        return iter(self.answer, None)

    def end(self) -> None:
        self._pipe.close()
        self._process.terminate()
        self._process.join()


def _serve(share: Share, pipe: Connection, other_end: Connection) -> None:
    """The worker's side of the talk, until it is ended, or nobody is there any more who asks."""
    other_end.close()
    with suppress(EOFError, ConnectionError):
        while True:
            question, told = pipe.recv()
            answer = _answer(share, question, told)
            if isinstance(answer, Iterator):
                for part in answer:
                    pipe.send(part)
                answer = None
            pipe.send(answer)


def _answer(share: Share, question: str, told: tuple[object, ...]) -> Any:
    try:
        return getattr(share, question)(*told)
    except (FileFault, Unwritable) as fault:
        return fault
