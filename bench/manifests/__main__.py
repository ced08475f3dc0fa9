"""``python -m bench.manifests``: a manifest's papers beside the plain one-table document, one after the other."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stops", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=1, help="of each, in turn")
    arguments = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {"plain": [], "ours": []}
    print("            seconds   cpu s   MB   largest child MB   PDF KB")
    for _run in range(arguments.runs):
        for which, runs in found.items():
            runs.append(_measured(which, arguments.stops))
            print(_line(which, runs[-1]), flush=True)
    wall, cpu = (_ratio(found, what) for what in ("seconds", "cpu"))
    peak = max(max(run["mb"], run["child_mb"]) for run in found["ours"])
    print(f"{arguments.stops} stops: ours takes {wall:.2f} of the plain one's time ({cpu:.2f} of its processor time),")
    print(f"and at most {peak} MB a process")


def _measured(which: str, stops: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.manifests.contestants", which, str(stops)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(said.splitlines()[-1]))


def _line(which: str, run: dict[str, Any]) -> str:
    return f"{which:10}{run['seconds']:9.1f}{run['cpu']:8.1f}{run['mb']:5}{run['child_mb']:12}{run['bytes'] // 1024:15}"


def _ratio(found: dict[str, list[dict[str, Any]]], what: str) -> float:
    ours, plain = (statistics.median(run[what] for run in found[which]) for which in ("ours", "plain"))
    return float(ours / plain)


if __name__ == "__main__":
    main()
