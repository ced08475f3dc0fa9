"""What runs inside the sandbox's child: limits itself, calls one function, writes one answer. Standard library only."""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback

MB = 1024 * 1024


def main() -> None:
    """Read the request from stdin, write ``{"result": …}`` or ``{"fault": …}`` to what stdout was at the start."""
    gc.disable()  # it ends when it has answered
    request = json.load(sys.stdin)
    answer = os.dup(1)
    os.dup2(2, 1)  # what a parser prints must not reach the answer
    _limit(**request["limits"])
    sys.path[:] = request["path"]
    text = _answer(request["function"], request["arguments"])
    if len(text) > request["limits"]["answer_mb"] * MB:
        text = b'{"fault": "answer"}'
    with os.fdopen(answer, "wb") as out:
        out.write(text)


def _limit(*, memory_mb: int, cpu_seconds: int, wall_seconds: float, answer_mb: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * MB, memory_mb * MB))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (answer_mb * MB, answer_mb * MB))
    signal.alarm(int(wall_seconds) + 2)  # should the parent be killed first, the child does not outlive it for long


def _answer(function: str, arguments: list[object]) -> bytes:
    try:
        module, _, name = function.partition(":")
        result = getattr(importlib.import_module(module), name)(*arguments)
        return json.dumps({"result": result}, ensure_ascii=False).encode()
    except MemoryError:
        return b'{"fault": "memory"}'
    except BaseException as error:  # noqa: BLE001  a panic of a native parser is a BaseException
        return json.dumps({"fault": "error", "where": _where(error)}).encode()


def _where(error: BaseException) -> str:
    """Kind and place of an error. Its message stays behind: it may quote a resident's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


if __name__ == "__main__":
    main()
