"""``python -m bench.chain``: what the hash chain costs: rows a second, and its share of an import's time."""

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from app import create_app
from bench.live.__main__ import database, server_option
from bench.live.city import fill, write_statement
from bench.matching.generate import make
from kernel import clock
from kernel.chain.seal import seal
from kernel.chain.verify import verify
from kernel.database import db, tame
from kernel.garbage import no_search
from kernel.settings import Settings, database_url
from orders.payments.books.check import check
from orders.payments.feeds.accounts import choose_account
from orders.payments.feeds.booking import keep, preview
from orders.payments.feeds.read import read_statement
from orders.payments.take_in import take_in


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    server_option(parser)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, _database(arguments, Path(scratch)) as url:
        settings = Settings(instance=Path(scratch), database_url=url, secret_key="bench", log_level="ERROR")
        app = create_app(settings)
        if app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code:
            raise SystemExit("The database could not be migrated.")
        with app.app_context(), no_search():
            print(json.dumps(_run(arguments, Path(scratch))))
            db.engine.dispose()


@contextmanager
def _database(arguments: argparse.Namespace, folder: Path) -> Iterator[str]:
    if arguments.sqlite:
        yield database_url("", folder)
        return
    with database(arguments.server) as name:
        yield database_url(make_url(arguments.server).set(database=name).render_as_string(hide_password=False), folder)


def _run(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    statement = _city(folder, arguments.orders, arguments.seed)
    before, history = _timed_seal(db.session)
    seconds = _import(db.session, statement)
    rows = _sealed(db.session)
    began = time.perf_counter()
    faults = sum(len(looked.faults) for looked in verify(db.session))
    verified = time.perf_counter() - began
    unequal = sum(len(page.found) for page in check(db.session))
    booking = seconds["booking"] + seconds["matching"]
    return {
        "database": db.engine.dialect.name,
        "rows": rows,
        "sealed_rows_per_second": round((rows - before) / seconds["sealing"]),
        "history_sealed_rows_per_second": round(before / history),
        "verified_rows_per_second": round(rows / verified),
        "booking_and_matching_seconds": round(booking, 1),
        "sealing_seconds": round(seconds["sealing"], 2),
        "sealing_share": round(seconds["sealing"] / booking, 3),
        "bytes_per_row": round(_size(db.session) / rows, 1),
        "books_checked_seconds": round(time.perf_counter() - began - verified, 2),
        "faults": faults + unequal,
    }


def _city(folder: Path, orders: int, seed: int) -> Path:
    """Orders in the database, and a statement of their payments."""
    make(folder / "set", orders=orders, seed=seed)
    engine = create_engine(db.engine.url)
    tame(engine)
    with engine.begin() as connection:
        fill(connection, folder / "set" / "orders.csv")
    engine.dispose()
    write_statement(folder / "set" / "transfers.csv", folder / "agribank.csv", most=10**9)
    return folder / "agribank.csv"


def _timed_seal(session: Session) -> tuple[int, float]:
    began = time.perf_counter()
    for _step in seal(session):
        session.commit()
    session.commit()
    return _sealed(session), time.perf_counter() - began


def _import(session: Session, file: Path) -> dict[str, float]:
    """Seconds of each phase, commits included. Where booking and matching overlap, it is their sum that counts."""
    read = read_statement(file, filename=file.name)
    seen = preview(session, read, choose_account(session, read, "AGR:1013456789"))
    kept = keep(session, seen, filename=file.name, by="bench", at=clock.now())
    seconds: dict[str, float] = defaultdict(float)
    began = time.perf_counter()
    for step in take_in(session, kept, at=clock.now(), statement=read):
        session.commit()
        seconds[step.phase] += time.perf_counter() - began
        began = time.perf_counter()
    session.commit()
    _rows, seconds["sealing"] = _timed_seal(session)
    return seconds


def _sealed(session: Session) -> int:
    return int(session.execute(text("SELECT COALESCE(SUM(count), 0) FROM chain_links")).scalar_one())


def _size(session: Session) -> int:
    return int(session.execute(text("SELECT SUM(LENGTH(digests) + LENGTH(ids)) FROM chain_links")).scalar_one())


if __name__ == "__main__":
    main()
