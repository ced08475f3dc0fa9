"""Thousands of random steps on both databases. ``HISTORY_STEPS`` asks for another number than 5,000 in all."""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import run_commands
from tests.histories.city import City
from tests.histories.days import Days
from tests.histories.machine import History
from tests.histories.money_back import MoneyBack
from tests.histories.shortages import Shortages

STEPS = int(os.environ.get("HISTORY_STEPS", "5000")) // 2  # on each database
LENGTH = 50


class Everything(Shortages, Days, MoneyBack):
    """All that may happen in one city."""


def run(templates, settings_for, tmp_path, *, steps, machine: type[History] = Everything, shrink=True):
    """``steps`` steps of a machine in histories of LENGTH; a fault is told with the shortest history that shows it."""

    def migrate(url):
        run_commands(settings_for(url), ["db", "upgrade"])

    class Here(machine):  # type: ignore[misc, valid-type]
        begin = staticmethod(lambda: City(templates, tmp_path, migrate))

    kept = [phase for phase in Phase if shrink or phase is not Phase.shrink]
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=max(1, steps // LENGTH),
            stateful_step_count=LENGTH,
            deadline=None,
            derandomize=True,
            report_multiple_bugs=False,
            database=None,
            phases=[phase for phase in kept if phase is not Phase.explain],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whatever_happens_the_books_are_right(templates, settings_for, tmp_path):
    run(templates, settings_for, tmp_path, steps=STEPS)
