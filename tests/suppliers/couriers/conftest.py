"""A supplier with a team, and somebody who may keep it."""

import pytest

from people.models import Role
from tests import make


@pytest.fixture
def keeper(session):
    """Of the supplier's staff, one who delivers."""
    return make.staff(Role.SUPPLIER, of=make.supplier())


@pytest.fixture
def team(keeper):
    return make.team(keeper.supplier, "Đội Rau 1", ("Dĩ An", "KP Thống Nhất 1"), ("Tân Bình", ""))
