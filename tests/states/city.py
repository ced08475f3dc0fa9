"""The cities that the table of states speaks of, served for a browser: a full one, and one on its first day."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, abort
from flask_babel import force_locale
from sqlalchemy import JSON, String, select
from sqlalchemy.exc import OperationalError
from werkzeug.serving import WSGIRequestHandler, make_server

from kernel.database import Base, db
from kernel.errors import MarketError
from tests import make
from tests.states.things import Things

PEOPLE = {"office": "kinhte1", "supplier": "rau", "courier": "giao1"}


@dataclass(frozen=True)
class StatesCity:
    """Where it answers, its GET addresses, its things by name, the cookie of each who visits, every text it holds."""

    url: str
    rules: frozenset[str]
    things: Things
    cookies: dict[str, str]
    data: frozenset[str]


class Silent(WSGIRequestHandler):
    """No line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  (Werkzeug's word)
        pass


@contextmanager
def served(app: Flask, build: Callable[[], Things]) -> Iterator[StatesCity]:
    """The city that ``build`` makes in ``app``'s empty database, answering on a port of its own."""
    rules = frozenset(rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    with app.app_context(), force_locale("en"):
        things = build()
        db.session.commit()
        data = frozenset(_texts())
    _add_what_goes_wrong(app)
    cookies = {who: _cookie(app, who, things) for who in ("", "shopper", *PEOPLE)}
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield StatesCity(f"http://127.0.0.1:{server.server_port}", rules, things, cookies, data)
    finally:
        server.shutdown()
        thread.join()


def _add_what_goes_wrong(app: Flask) -> None:
    """Addresses that answer with each error page; the table names them like any other."""

    @app.get("/wrong/<int:status>")
    @app.get("/desk/statements/<int:status>/wrong", endpoint="wrong statement")
    @app.get("/desk/admin/combos/<int:status>/wrong", endpoint="wrong picture")
    def wrong(status: int) -> str:
        if status == 503:
            raise OperationalError("SELECT 1", {}, Exception("connection refused"))
        if status == 409:
            raise MarketError
        if status == 500:
            raise RuntimeError
        abort(status)


def _cookie(app: Flask, who: str, things: Things) -> str:
    """What a browser holds after signing in, or after filling a basket."""
    client = app.test_client()
    if who == "shopper" and things.get("round"):
        for code in ("C01", "C09"):
            make.submit(client, "/basket/add", page="/", combo=code, quantity=2)
        client.get("/basket")  # hears that they were added
    elif username := PEOPLE.get(who):
        answer = make.submit(client, "/sign-in", username=username, password=things[f"password of {username}"])
        assert answer.status_code == 302, answer.text
    held = client.get_cookie("market")
    return held.value if held else ""


def _texts() -> Iterator[str]:
    """Every text that the tables hold: data, which no catalogue translates."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON):
                yield from (_text(value) for value in db.session.scalars(select(column)) if value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
