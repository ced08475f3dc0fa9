"""A city with a labelled set of orders and the statement of their payments; and a courier’s run on the road."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bench.live.city import fill, write_statement
from bench.matching.generate import make as make_set
from kernel.settings import database_url
from tests.apps import fresh
from tests.conftest import run_commands
from tests.scenarios.road import road

ORDERS = 1_900


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labelled")
    make_set(folder, orders=ORDERS, seed=43)
    write_statement(folder / "transfers.csv", folder / "agribank.csv", most=ORDERS)
    return folder


@pytest.fixture
def city(templates, settings_for, labelled):
    """A way to have another copy of the city, before its statement has come in."""

    def prepare(url):
        run_commands(settings_for(url), ["db", "upgrade"])
        engine = create_engine(database_url(url, Path()))
        with engine.begin() as connection:
            fill(connection, labelled / "orders.csv")
        engine.dispose()

    return lambda: templates.copy("killed", prepare)


@pytest.fixture
def way(database, settings_for, tmp_path):
    """A courier’s run of three stops, on the road."""
    with fresh(settings_for(database)) as app, road(app, database, tmp_path / "files", stops=3) as made:
        yield made
