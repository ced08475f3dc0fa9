"""Throttles: so many tries in a window, counted in the database."""

from datetime import timedelta

import pytest

from kernel.database import db
from kernel.errors import TooManyTries
from kernel.throttle import count
from tests.rush import rush

QUARTER = timedelta(minutes=15)


def test_the_last_allowed_try_passes_and_the_next_is_told_how_long_to_wait(session, stopped_clock):
    for _try in range(3):
        count(session, "x", most=3, per=QUARTER)
    stopped_clock.forward(minutes=10)

    with pytest.raises(TooManyTries) as refusal:
        count(session, "x", most=3, per=QUARTER)

    assert refusal.value.retry_after == 300
    assert "5 minutes" in str(refusal.value)


def test_another_key_is_counted_by_itself(session):
    for key in ("x", "y", "z"):
        count(session, key, most=1, per=QUARTER)


def test_a_window_that_is_over_begins_anew(session, stopped_clock):
    count(session, "x", most=1, per=QUARTER)
    stopped_clock.forward(minutes=15)

    count(session, "x", most=1, per=QUARTER)
    with pytest.raises(TooManyTries):
        count(session, "x", most=1, per=QUARTER)


def test_tries_at_the_same_moment_do_not_share_a_count(app, session):
    def act(_number: int) -> str:
        try:
            count(db.session, "x", most=5, per=QUARTER)
        except TooManyTries:
            return "refused"
        finally:
            db.session.commit()
        return "passed"

    assert rush(app, 25, act) == {"passed": 5, "refused": 20}
