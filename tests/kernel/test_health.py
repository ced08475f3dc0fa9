"""Alive and ready: what a load balancer is told."""

from dataclasses import replace

import pytest

from app import create_app
from kernel.database import db
from kernel.jobs import beat


@pytest.fixture
def ask(client):
    def ask(path: str = "/readyz") -> tuple[int, dict[str, bool]]:
        answer = client.get(path)
        return answer.status_code, answer.json

    return ask


def test_without_a_worker_it_is_alive_but_not_ready(ask):
    assert ask("/healthz") == (200, {"alive": True})
    assert ask() == (503, {"ready": False, "database": True, "worker": False})


def test_a_worker_that_beats_makes_it_ready_until_it_has_been_silent_too_long(session, ask, stopped_clock):
    beat(session)
    assert ask() == (200, {"ready": True, "database": True, "worker": True})

    stopped_clock.forward(seconds=149)
    assert ask()[0] == 200
    stopped_clock.forward(seconds=1)
    assert ask() == (503, {"ready": False, "database": True, "worker": False})

    beat(session)
    assert ask()[0] == 200


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.sqlite3", "postgresql+psycopg://nobody@127.0.0.1:1/none"])
def test_without_its_database_it_is_alive_says_so_and_shows_a_page(settings_for, url):
    app = create_app(replace(settings_for(url)))
    visitor = app.test_client()

    ready = visitor.get("/readyz")

    assert (ready.status_code, ready.json) == (503, {"ready": False, "database": False, "worker": False})
    assert visitor.get("/healthz").status_code == 200
    assert visitor.get("/").status_code == 503
    with app.app_context():
        db.engine.dispose()
