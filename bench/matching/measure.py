"""The bench: ``python -m bench.matching.measure``; bench/README.md explains its tables."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.matching import contestants, tables
from bench.matching.classes import MIXES
from bench.matching.contestants import Run
from bench.matching.generate import make, make_unrelated
from bench.matching.scoring import Score, score
from bench.matching.seeds import MEASURING

_SET = 5000  # orders of a set on which classes are counted
_GROWTH = (100_000, 1_000_000)
_ROUNDS = 3


def held_out(scratch: Path, sets: int) -> None:
    """Class by class, on sets that nothing was fitted to."""
    whole = Score()
    for seed in MEASURING[:sets]:
        folder = _made(scratch / str(seed), orders=_SET, seed=seed)
        whole += score(folder, contestants.matcher(folder, folder / "decisions.csv").decisions)
    print(f"\n# The matcher on {sets} sets of {_SET} orders, seeds {MEASURING[0]} to {MEASURING[sets - 1]}\n")
    print("\n".join((*tables.classes(whole), "", *tables.figures(whole), "", *tables.reliability(whole))))


def race(scratch: Path, size: int, mix: str) -> None:
    """Speed, memory and quality beside the bare loop and Splink."""
    folder = _made(scratch / "race", orders=size, seed=MEASURING[-1], mix=mix)
    entered = {"matcher": contestants.matcher, "bare loop": contestants.bare}
    if contestants.SPLINK.exists():
        entered["Splink"] = contestants.splink
    else:
        print(f"\nSplink does not run: it is not installed ({contestants.SPLINK} is missing; see bench/README.md)")
    runs = {}
    for name, run in entered.items():
        done = run(folder, folder / f"{name}.csv")
        runs[name] = done, score(folder, done.decisions)
    print(f"\n# All on the same files: {size} orders, seed {MEASURING[-1]}, mix: {mix}\n")
    print("\n".join(tables.race(runs)))


def unrelated(scratch: Path, *, orders: int, transfers: int) -> None:
    """Money that pays nothing; a tenth of it in the names of people with an open order, of its very sum."""
    folder = scratch / "unrelated"
    make_unrelated(folder, orders=orders, transfers=transfers, seed=MEASURING[0])
    result = score(folder, contestants.matcher(folder, folder / "decisions.csv").decisions)
    counts = result.whole()
    print(f"\n# {transfers} unrelated transfers against {orders} open orders\n")
    print("\n".join(tables.classes(result)))
    asked = counts["review"] / counts["n"]
    print(f"\nmatched {counts['wrong']} (bar 0); asked {asked:.4f} (bar 0.15, beyond 0.05)")


def growth(scratch: Path, mix: str, sizes: tuple[int, int] = _GROWTH) -> None:
    """Ten times the rows in at most 11.5 times the time.

    By turns, three small runs before each of three large ones: a machine that others use changes within minutes.
    """
    folders = [_made(scratch / f"growth-{size}", orders=size, seed=MEASURING[1], mix=mix) for size in sizes]
    small: list[Run] = []
    large: list[Run] = []
    for _round in range(_ROUNDS):
        for folder, runs in ((folders[0], small), (folders[0], small), (folders[0], small), (folders[1], large)):
            runs.append(contestants.matcher(folder, folder / "decisions.csv"))
    for size, runs in zip(sizes, (small, large), strict=True):
        print(f"{size} orders: {', '.join(f'{run.seconds:.2f}' for run in runs)} s; {max(_peaks(runs)):.0f} MB")
    longer = median(run.seconds for run in large) / median(run.seconds for run in small)
    effort = median(run.cpu_seconds for run in large) / median(run.cpu_seconds for run in small)
    print(f"\n# {sizes[1] / sizes[0]:.0f} times the orders: {longer:.2f} times as long (bar 11.5); mix: {mix}")
    print(f"  in processor time, start included: {effort:.2f} times")


def _peaks(runs: list[Run]) -> list[float]:
    return [run.peak_rss_mb for run in runs]


def _made(folder: Path, *, orders: int, seed: int, mix: str = "hard") -> Path:
    make(folder, orders=orders, seed=seed, mix=mix)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description="The matcher measured; bench/README.md explains the tables.")
    parser.add_argument("--size", type=int, default=20_000, help="orders of the race's set")
    parser.add_argument("--sets", type=int, default=5, help="how many held-out sets, at most 19")
    parser.add_argument(
        "--donations", type=int, default=20_000, help="unrelated transfers, against half as many orders"
    )
    parser.add_argument("--mix", choices=MIXES, default="hard", help="how much of each class, in race and growth")
    parser.add_argument("--growth", action="store_true", help="only 100,000 against 1,000,000 orders")
    parser.add_argument("--unrelated", action="store_true", help="only unrelated money, 100,000 transfers")
    wanted = parser.parse_args()
    steps: list[Callable[[Path], None]] = [
        lambda scratch: held_out(scratch, wanted.sets),
        lambda scratch: unrelated(scratch, orders=wanted.donations // 2, transfers=wanted.donations),
        lambda scratch: race(scratch, wanted.size, wanted.mix),
    ]
    if wanted.growth:
        steps = [lambda scratch: growth(scratch, wanted.mix)]
    elif wanted.unrelated:
        steps = [lambda scratch: unrelated(scratch, orders=50_000, transfers=100_000)]
    started = time.perf_counter()
    with TemporaryDirectory() as scratch:
        for step in steps:
            step(Path(scratch))
            sys.stdout.flush()
    print(f"\nmeasured in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
