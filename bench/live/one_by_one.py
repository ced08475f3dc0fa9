"""``python -m bench.live.one_by_one``: a transfer at a time, as a bank's message brings it, against a million orders.

Prints one JSON line: how long deciding and posting each took, in milliseconds.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, make_url

from app import create_app
from bench.live.__main__ import database, flask, server_option
from bench.live.city import fill, write_statement
from bench.matching.generate import make
from kernel import clock
from kernel.database import db
from kernel.settings import Settings
from kernel.settings import database_url as with_driver
from orders.payments.feeds.accounts import choose_account
from orders.payments.feeds.booking import book, keep, preview
from orders.payments.feeds.read import read_statement
from orders.payments.reconcile import reconcile


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_130_000, help="of them about a million are open")
    parser.add_argument("--transfers", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=22)
    server_option(parser)
    arguments = parser.parse_args()
    with database(arguments.server) as name, tempfile.TemporaryDirectory() as scratch:
        url = make_url(arguments.server).set(database=name).render_as_string(hide_password=False)
        print(json.dumps(_measured(arguments, url, Path(scratch))))


def _measured(arguments: argparse.Namespace, url: str, folder: Path) -> dict[str, float]:
    make(folder / "set", orders=arguments.orders, seed=arguments.seed)
    flask(os.environ | {"DATABASE_URL": url, "DCT_INSTANCE": str(folder / "instance")}, "db", "upgrade")
    engine = create_engine(with_driver(url, folder))
    with engine.begin() as connection:
        orders = fill(connection, folder / "set" / "orders.csv")
    engine.dispose()
    statement = folder / "agribank.csv"
    write_statement(folder / "set" / "transfers.csv", statement, most=arguments.transfers)
    app = create_app(Settings(instance=folder, database_url=with_driver(url, folder), secret_key="bench"))
    with app.app_context():
        took = sorted(_one_by_one(statement))
        db.session.rollback()
        db.engine.dispose()
    return {
        "orders": orders,
        "transfers": len(took),
        "median_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[len(took) * 95 // 100], 1),
        "worst_ms": round(took[-1], 1),
    }


def _one_by_one(statement: Path) -> list[float]:
    session, at = db.session, clock.now()
    read = read_statement(statement, filename=statement.name)
    seen = preview(session, read, choose_account(session, read, "AGR:1013456789"))
    ids: list[int] = []
    for booked in book(session, keep(session, seen, filename=statement.name, by="bench", at=at), at=at):
        session.commit()
        ids += booked.fresh
    took = []
    for transfer_id in ids:
        started = time.perf_counter()
        for _written in reconcile(session, at=at, only=[transfer_id]):
            session.commit()
        session.commit()
        took.append(1000 * (time.perf_counter() - started))
    return took[1:]  # the first one counts how common names are


if __name__ == "__main__":
    main()
