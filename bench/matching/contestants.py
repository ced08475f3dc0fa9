"""Who is measured: the matcher, the bare loop, Splink. Each decides the same files in a process of its own."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPLINK = ROOT / ".venv/bench/bin/python"


@dataclass(frozen=True)
class Run:
    """What a contestant says of itself: without its start, and with the memory of all its processes.

    ``cpu_seconds``, start and all processes included, bear other work on the machine better than ``seconds`` do.
    """

    decisions: Path
    seconds: float
    per_second: float
    peak_rss_mb: float
    cpu_seconds: float


def matcher(folder: Path, out: Path) -> Run:
    files = ("--orders", folder / "orders.csv", "--transfers", folder / "transfers.csv", "--out", out)
    return _run(out, sys.executable, "-m", "flask", "payments", "match", *files)


def bare(folder: Path, out: Path) -> Run:
    return _run(out, sys.executable, "-m", "bench.matching.bare", folder, out)


def splink(folder: Path, out: Path) -> Run:
    return _run(out, SPLINK, ROOT / "bench/matching/with_splink.py", folder, out)


def _run(out: Path, *command: str | Path) -> Run:
    before = _children()
    told = subprocess.run(
        list(map(str, command)),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"TQDM_DISABLE": "1"},
    )
    cpu = _children() - before
    last = json.loads(told.stdout.strip().splitlines()[-1])
    return Run(out, last["seconds"], last["per_second"], last["peak_rss_mb"], cpu)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
