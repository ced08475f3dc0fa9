"""Processes that match pieces of a large run for another one: asked and answering in lines of JSON."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import structlog
from sqlalchemy.orm import Session

from kernel.garbage import no_search, search
from kernel.settings import ROOT, Settings, as_environment
from orders.payments.reconcile import Report, reconcile

if TYPE_CHECKING:
    from orders.payments.matching import Piece

log = structlog.get_logger()

COMMAND = ("payments", "match-pieces")
_MOST = 1 << 16


class Heard(NamedTuple):
    """What a helper says of a piece: how many of it are written, or, with its report, that it is done."""

    piece: int
    written: int
    report: Report | None


class HelperLost(RuntimeError):
    """A helper died. What it has committed stands; the run is to be begun anew, and goes on from there."""


class Helper:
    """One such process. ``load`` is how many pieces it has at hand."""

    def __init__(self, settings: Settings) -> None:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *COMMAND]
        self._process = subprocess.Popen(  # noqa: S603  our own program by our own interpreter
            command, cwd=ROOT, env=as_environment(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._said = b""
        self._asked: dict[int, Collection[int]] = {}

    @property
    def load(self) -> int:
        return len(self._asked)

    def ask(self, piece: Piece, *, at: datetime) -> None:
        """Give it a piece; raises HelperLost if it is gone."""
        line = json.dumps({"piece": piece.number, "ids": piece.ids, "at": at.isoformat()})
        self._asked[piece.number] = piece.ids
        try:
            _pipe(self._process.stdin).write(f"{line}\n".encode())
            _pipe(self._process.stdin).flush()
        except BrokenPipeError:
            raise self._lost() from None

    def heard(self, seconds: float) -> Iterator[Heard]:
        """What it has said; waits at most ``seconds`` for it, if it has work. Raises HelperLost if it is gone."""
        while self._asked and select.select([_pipe(self._process.stdout)], [], [], seconds)[0]:
            fresh = os.read(_pipe(self._process.stdout).fileno(), _MOST)
            if not fresh:
                raise self._lost()
            *lines, self._said = (self._said + fresh).split(b"\n")
            yield from map(self._understood, lines)
            seconds = 0

    def _understood(self, line: bytes) -> Heard:
        said = json.loads(line)
        number = said["piece"]
        if "written" in said:
            return Heard(number, said["written"], None)
        ids = self._asked.pop(number)
        if "fault" in said:
            log.info("piece put off", fault=said["fault"])
            return Heard(number, len(ids), Report(refused=set(ids)))
        shown = {int(transfer_id): codes for transfer_id, codes in said["shown"].items()}
        return Heard(number, len(ids), Report(set(said["moved"]), shown, set(said["refused"])))

    def _lost(self) -> HelperLost:
        return HelperLost(f"a helper ended with code {self._process.wait()}")

    def end(self) -> None:
        """Let it go; in the middle of a piece it stops after its next commit."""
        with suppress(BrokenPipeError):
            _pipe(self._process.stdin).close()
        _pipe(self._process.stdout).close()
        if self._asked:
            self._process.terminate()
        self._process.wait()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise RuntimeError("a helper has pipes")
    return stream


def answers(session: Session, questions: Iterable[str]) -> Iterator[str]:
    """The helper's side of the talk, until nobody asks any more. The caller commits, then passes on each line."""
    with no_search():
        for line in questions:
            asked = json.loads(line)
            for said in _said(session, asked["ids"], at=datetime.fromisoformat(asked["at"])):
                yield json.dumps({"piece": asked["piece"], **said})
            search()


def _said(session: Session, ids: Collection[int], *, at: datetime) -> Iterator[dict[str, Any]]:
    """Steps, then the report. Whoever asked decides once more, alone, what fails here, and fails for good then."""
    steps = reconcile(session, at=at, only=ids)
    try:
        while True:
            yield {"written": next(steps)}
    except StopIteration as end:
        report: Report = end.value
        yield {"moved": sorted(report.moved), "shown": report.shown, "refused": sorted(report.refused)}
    except Exception as fault:
        session.rollback()
        log.info("piece failed", exc_info=fault)
        yield {"fault": type(fault).__name__}
