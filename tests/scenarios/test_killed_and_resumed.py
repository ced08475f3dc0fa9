"""The machine loses its power in the middle of a large statement, again and again: nothing is lost or doubled."""

import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from app import create_app
from kernel.database import db
from kernel.settings import database_url
from tests import books
from tests.desk import rows

ROOT = Path(__file__).resolve().parents[2]
IMPORT = ("payments", "import")
MOST_RUNS = 12
PATIENCE = 120  # seconds for one run, on a machine that is busy with other tests


def outcome(settings):
    """Where the money lies, how the orders stand and what is kept of the file, once the books are found to be right."""
    app = create_app(settings)
    with app.app_context():
        books.check(db.session)
        found = (
            books.balances(db.session),
            books.states(db.session),
            books.count(db.session, "proposals"),
            books.count(db.session, "inbound_messages"),
            rows(db.session, "SELECT id, state, next_row, new, known, outgoing FROM statement_imports"),
        )
        db.session.rollback()
        db.engine.dispose()
    return found


def run_until(url, folder, statement, moment):
    """Import in a process of its own and kill it once ``moment`` is reached in the database; whether it was killed."""
    env = os.environ | {"DATABASE_URL": url, "DCT_INSTANCE": str(folder / "instance"), "DCT_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "flask", *IMPORT, str(statement)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    engine = create_engine(database_url(url, Path()))
    try:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            if moment is not None and reached(engine, moment):
                process.kill()
                process.wait()
                return True
            time.sleep(0.02)
        said, _ = process.communicate(timeout=5)
        assert process.returncode == 0, said
        return False
    finally:
        process.kill()
        process.wait()
        engine.dispose()


def is_finished(url):
    """Whether the statement is done with, though its process was killed: importing it again is another import."""
    engine = create_engine(database_url(url, Path()))
    done = reached(engine, ("statement_imports WHERE state = 'booked'", 1))
    engine.dispose()
    return done


def reached(engine, moment):
    table, least = moment
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one() >= least


def test_a_statement_survives_any_number_of_power_cuts(city, settings_for, labelled, tmp_path):
    statement = labelled / "agribank.csv"
    with city() as url:
        run_until(url, tmp_path, statement, None)
        expected = outcome(settings_for(url))

    with city() as url:
        moments = [("transfers", 1), ("transfers", 900), ("proposals", 1), ("proposals", 700), ("allocations", 1_200)]
        killed = [run_until(url, tmp_path, statement, moment) for moment in [*moments, None] if not is_finished(url)]
        found = outcome(settings_for(url))

    assert sum(killed) >= 3
    assert found == expected
