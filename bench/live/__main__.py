"""``python -m bench.live``: 100,000 transfers against 100,000 open orders: booked, matched, posted, and judged."""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url

from bench.live.city import fill, write_statement
from bench.live.judge import judged
from bench.matching import tables
from bench.matching.generate import make

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=113_000, help="of them about 100,000 are open")
    parser.add_argument("--transfers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=21)
    server_option(parser)
    parser.add_argument("--keep", action="store_true", help="keep the database")
    arguments = parser.parse_args()
    with database(arguments.server, keep=arguments.keep) as name:
        _run(arguments, make_url(arguments.server).set(database=name).render_as_string(hide_password=False))


def server_option(parser: argparse.ArgumentParser) -> None:
    """``--server``: where a database may be made."""
    default = os.environ.get("BENCH_DATABASE_URL", "postgresql://root@127.0.0.1/postgres")
    parser.add_argument("--server", default=default)


@contextmanager
def database(server: str, *, keep: bool = False) -> Iterator[str]:
    """The name of an empty database, dropped in the end."""
    name = f"bench_{secrets.token_hex(4)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        yield name
    finally:
        if keep:
            print(name)
        else:
            _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(arguments: argparse.Namespace, url: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make(folder / "set", orders=arguments.orders, seed=arguments.seed)
        env = os.environ | {"DATABASE_URL": url, "DCT_INSTANCE": str(folder / "instance")}
        flask(env, "db", "upgrade")
        with create_engine(url.replace("postgresql://", "postgresql+psycopg://")).begin() as connection:
            orders = fill(connection, folder / "set" / "orders.csv")
        many = write_statement(folder / "set" / "transfers.csv", folder / "agribank.csv", most=arguments.transfers)
        started, usage, before = time.perf_counter(), _Memory(), os.times()
        command = ("payments", "import", str(folder / "agribank.csv"), "--account", "AGR:1013456789")
        said = flask(env, *command, usage=usage)
        seconds, after = time.perf_counter() - started, os.times()
        with psycopg.connect(url) as connection:
            counted = _counted(connection)
            result = judged(connection, folder / "set", most=many)
        print("\n".join((*tables.classes(result), "", *tables.figures(result), "")))
        print(said.strip().splitlines()[-1])
        print(
            json.dumps(
                {
                    "orders": orders,
                    "transfers": many,
                    **counted,
                    "wrong": result.whole()["wrong"],
                    "missing": result.whole()["missing"],
                    "seconds": round(seconds, 1),
                    "own_cpu_seconds": round(sum(after[2:4]) - sum(before[2:4]), 1),
                    "peak_mb": round(usage.peak / 1024),
                }
            )
        )
        if result.whole()["wrong"] or result.whole()["missing"]:
            raise SystemExit("Not every transfer is where it belongs, see above.")


def _counted(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """What was booked, and how much of it was left for clerks."""
    question = "SELECT count(*), count(*) FILTER (WHERE unplaced > 0) FROM transfers"
    booked, unplaced = connection.execute(question).fetchall()[0]
    return {"booked": booked, "unplaced": unplaced}


class _Memory:
    """The peak of a process and its children together, in kB, sampled twenty times a second."""

    def __init__(self) -> None:
        self.peak = 0

    def watch(self, pid: int) -> None:
        while (now := sum(map(_resident, _family(pid)))) > 0:
            self.peak = max(self.peak, now)
            time.sleep(0.05)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(member for child in children for member in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS 0")
    return int(line.split()[1])


def flask(env: dict[str, str], *command: str, usage: _Memory | None = None) -> str:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", *command], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    if usage:
        threading.Thread(target=usage.watch, args=(process.pid,), daemon=True).start()
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{said}")
    return said


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())


if __name__ == "__main__":
    main()
