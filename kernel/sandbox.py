"""Runs a function on a hostile file in a limited child process, so that neither its memory nor its crash is ours."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from flask_babel import gettext as _

from kernel import sandboxed
from kernel.errors import MarketError

T = TypeVar("T")

_HEARD = 64 * 1024  # how much of the child's complaints is looked at
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}  # NumPy reserves addresses for each thread that it might start


class SandboxFault(MarketError):
    """The child gave no answer. ``detail`` names the cause for the log, without any content of the file."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(message)
        self.detail = detail


class TooMuchMemory(SandboxFault):
    """It asked for more memory than it may have."""


class TooSlow(SandboxFault):
    """It used up its CPU time or its wall-clock time."""


class TooMuchAnswer(SandboxFault):
    """Its answer was larger than agreed."""


class Crashed(SandboxFault):
    """It died, or raised what it should have caught."""


def run_limited(
    function: Callable[..., T],
    *arguments: Any,
    memory_mb: int = 512,
    cpu_seconds: int = 4,
    wall_seconds: float = 10,
    answer_mb: int = 64,
) -> T:
    """Call a top-level ``function`` in a fresh process under limits and return what it returns.

    Arguments and result are JSON values, for JSON is data: a parser that was taken over can make its answer wrong,
    never run anything here. The child starts in about 75 ms and gets nothing of our environment. Each way of failing
    raises a `SandboxFault` of its own.
    """
    limits = {
        "memory_mb": memory_mb,
        "cpu_seconds": cpu_seconds,
        "wall_seconds": wall_seconds,
        "answer_mb": answer_mb,
    }
    request = {"function": f"{function.__module__}:{function.__qualname__}", "arguments": arguments, "limits": limits}
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaints:
        code = _run(request | {"path": sys.path}, wall_seconds, answer=answer, complaints=complaints)
        answer.seek(0)
        complaints.seek(0)
        return cast(T, _result(code, answer.read(answer_mb * sandboxed.MB + 1), complaints.read(_HEARD)))


def _run(request: dict[str, Any], seconds: float, *, answer: IO[bytes], complaints: IO[bytes]) -> int:
    """The child's exit code. A new interpreter, never a fork: the server's process has threads."""
    # -S: no site start-up, the parent's sys.path is handed over; -I: nothing from environment or working directory.
    command = [sys.executable, "-I", "-S", "-X", "utf8", str(Path(sandboxed.__file__).resolve())]
    child = subprocess.Popen(  # noqa: S603  our own script by our own interpreter
        command, stdin=subprocess.PIPE, stdout=answer, stderr=complaints, env=_ENVIRONMENT, start_new_session=True
    )
    try:
        child.communicate(json.dumps(request).encode(), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise TooSlow(_("Reading this file takes too long. Export it again, over fewer days."), "wall clock") from None
    finally:
        child.kill()
        child.wait()
    return child.returncode


def _result(code: int, answer: bytes, complaints: bytes) -> Any:
    if code == -signal.SIGXCPU:
        raise TooSlow(_("Reading this file takes too long. Export it again, over fewer days."), "CPU time")
    if code == -signal.SIGABRT and b"memory allocation of" in complaints:
        raise _too_much_memory("native allocation")
    reply = _reply(answer) if code == 0 else {"fault": "error", "where": f"exit code {code}"}
    match reply:
        case {"result": result}:
            return result
        case {"fault": "memory"}:
            raise _too_much_memory("MemoryError")
        case {"fault": "answer"}:
            raise TooMuchAnswer(_("This file holds too much. Export it again, over fewer days."), "answer")
    where = reply.get("where") if isinstance(reply, dict) else None
    raise Crashed(_("This file cannot be read: it is damaged. Export it again from the bank."), str(where))


def _reply(answer: bytes) -> object:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return None


def _too_much_memory(detail: str) -> TooMuchMemory:
    return TooMuchMemory(_("This file unpacks to far more than it should hold. Export it again from the bank."), detail)
