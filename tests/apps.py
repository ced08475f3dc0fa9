"""The whole program, built once a process and lent to one test after the other: building it anew takes 0.13 s, and
each new one compiles its templates and its SQL again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, make_url

from app import create_app
from kernel.database import db
from kernel.settings import Settings

_free: dict[str, list[_Lent]] = defaultdict(list)
"""What nobody uses now, by what it was built with: all but the places where its data lie."""


@contextmanager
def lent(settings: Settings) -> Iterator[Flask]:
    """An app on the database, folder and files of ``settings``, as fresh as a new one: what was put into its
    configuration and its extensions is gone when it is given back, and its engine holds no connection.
    """
    free = _free[_kind(settings)]
    ours = free.pop() if free else _Lent.built(settings)
    ours.move(settings)
    try:
        yield ours.app
    finally:
        ours.put_back()
        free.append(ours)


@contextmanager
def fresh(settings: Settings) -> Iterator[Flask]:
    """An app that nobody gets afterwards: for what cannot be undone, as a page that is added to it."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@dataclass
class _Lent:
    """One app, what it was built with, and where its engine connects to now."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]
    target: dict[str, str]

    @classmethod
    def built(cls, settings: Settings) -> _Lent:
        app, target = create_app(settings), dict[str, str]()
        with app.app_context():
            # SQLAlchemy's own place for it: each new connection asks here where to.
            event.listen(db.engine, "do_connect", _towards(target))
        return cls(app, dict(app.config), dict(app.extensions), target)

    def move(self, settings: Settings) -> None:
        self.app.extensions["settings"] = settings
        self.app.instance_path = str(settings.instance)
        self.target["database"] = str(make_url(settings.database_url).database)

    def put_back(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for kept, first in ((self.app.config, self.config), (self.app.extensions, self.extensions)):
            kept.clear()
            kept.update(first)
        self.app.__dict__.pop("test_client_class", None)


def _towards(target: dict[str, str]) -> Any:
    def connect(_dialect: object, _record: object, words: list[Any], named: dict[str, Any]) -> None:
        if "dbname" in named:
            named["dbname"] = target["database"]
        else:
            words[0] = target["database"]

    return connect


def _kind(settings: Settings) -> str:
    nowhere = make_url(settings.database_url).set(database="").render_as_string(hide_password=False)
    return repr(replace(settings, instance=Path(), database_url=nowhere, files_url=""))
