"""A statement matched in small pieces, by one process or by several at once, ends as it does in one piece."""

import dataclasses
import json
from itertools import islice

import pytest
from sqlalchemy.exc import OperationalError

from app import create_app
from kernel.database import db
from orders.payments.helpers import Helper
from orders.payments.reconcile import reconcile
from tests import books
from tests.databases import SqliteTemplates
from tests.desk import rows


@pytest.fixture
def ends(city, settings_for, labelled, monkeypatch):
    """How a city stands once the statement was taken in, in pieces of a size, by so many processes."""

    def run(*, piece, processes=1, meanwhile=None, runs=1):
        monkeypatch.setattr("orders.payments.matching.PIECE", piece)
        with city() as url:
            app = create_app(dataclasses.replace(settings_for(url), matching_processes=processes))
            failed = False
            for number in range(runs):
                with monkeypatch.context() as disturbed:
                    if meanwhile and number == 0:
                        meanwhile(disturbed)
                    words = ["payments", "import", str(labelled / "agribank.csv")]
                    result = app.test_cli_runner().invoke(args=words)
                    failed = failed or result.exit_code != 0
            assert result.exit_code == 0, result.output
            assert failed is (runs > 1)
            with app.app_context():
                return standing(db.session)

    return run


def standing(session):
    books.check(session)
    shown = rows(
        session, "SELECT t.identity, p.verdict, p.candidates FROM proposals p JOIN transfers t ON t.id = p.transfer_id"
    )
    found = (
        books.balances(session),
        books.states(session),
        {identity: (verdict, codes(candidates)) for identity, verdict, candidates in shown},
    )
    session.rollback()
    db.engine.dispose()
    return found


def codes(candidates):
    listed = candidates if isinstance(candidates, list) else json.loads(candidates)
    return [candidate["code"] for candidate in listed]


def is_sqlite(templates):
    return isinstance(templates, SqliteTemplates)


@pytest.fixture
def asked(monkeypatch):
    """The pieces that helpers were given."""
    pieces, ask = [], Helper.ask

    def watched(helper, piece, *, at):
        pieces.append(piece)
        ask(helper, piece, at=at)

    monkeypatch.setattr(Helper, "ask", watched)
    return pieces


def test_in_pieces_as_in_one(ends, asked):
    assert ends(piece=97) == ends(piece=10_000)
    assert not asked


def test_by_several_processes_as_by_one(ends, asked, templates):
    assert ends(piece=60, processes=3) == ends(piece=10_000)
    assert asked or is_sqlite(templates)


def test_a_helper_that_dies_loses_nothing(ends, asked, templates):
    """The import fails with it. The next one goes on where the commits were."""

    def hurt(disturbed):
        ask = Helper.ask

        def dying(helper, piece, *, at):
            ask(helper, piece, at=at)
            if len(asked) == 2:
                helper._process.kill()

        disturbed.setattr(Helper, "ask", dying)

    runs = 1 if is_sqlite(templates) else 2
    assert ends(piece=60, processes=3, meanwhile=hurt, runs=runs) == ends(piece=10_000)


def test_what_the_database_refuses_to_two_at_once_is_done_in_the_end(ends, templates):
    """A deadlock between two pieces. A process alone has nobody to wait for: it fails, and the next import goes on."""

    def hurt(disturbed):
        refused = iter([OperationalError("a statement", {}, Exception("deadlock detected"))])

        def now_and_then(session, **how):
            yield from islice(steps := reconcile(session, **how), 2)
            for refusal in refused:
                raise refusal
            return (yield from steps)

        disturbed.setattr("orders.payments.matching.reconcile", now_and_then)

    runs = 2 if is_sqlite(templates) else 1
    assert ends(piece=60, processes=3, meanwhile=hurt, runs=runs) == ends(piece=10_000)
