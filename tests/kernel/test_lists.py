"""Whatever stands in a list arrives in PostgreSQL as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import ARRAY, BigInteger, String, bindparam, func, select

from tests.conftest import run_commands

# What PostgreSQL's own texts may hold: no NUL, no half of a letter.
TEXTS = some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]))
AWKWARD = ["NULL", "null", "", " ", ",", '"', "\\", "{", "}", '","', "Đặng", "a,b", '\\"', "\n"]


def told_back(session, values, kind):
    listed = func.unnest(bindparam(None, values, type_=ARRAY(kind))).table_valued("value").render_derived()
    return list(session.scalars(select(listed.c.value)))


@pytest.fixture
def database(postgresql_templates, settings_for):
    """PostgreSQL's alone: SQLite gets its lists as JSON."""
    with postgresql_templates.copy("migrated", lambda url: run_commands(settings_for(url), ["db", "upgrade"])) as url:
        yield url


@pytest.mark.parametrize(
    "values", [AWKWARD, AWKWARD[:2], ["0912345678"] * 3, [*AWKWARD, None], *[[one] for one in AWKWARD], []]
)
def test_texts(session, values):
    assert told_back(session, values, String()) == values


@pytest.mark.parametrize("values", [[1, 2, 3], [0], [-1, 2**62], [-(2**63), 2**63 - 1], [1, None, 3], []])
def test_numbers(session, values):
    assert told_back(session, values, BigInteger()) == values


def test_any_texts(session):
    @given(some.lists(TEXTS, max_size=20))
    def told(values):
        assert told_back(session, values, String()) == values

    told()


def test_a_text_with_a_nul_is_refused(session):
    with pytest.raises(Exception, match="NUL"):
        told_back(session, ["a", "b\0"], String())
