"""The close in a shell: days sealed in their order, refusals that end with 2, seals that are looked along."""

import pytest

from orders.payments.close.queries import seal_of
from people.models import Role
from tests import make
from tests.orders.payments.close.days import MONDAY, OPENING, TUESDAY, sealed, told
from tests.orders.payments.close.test_guards import without_guards


@pytest.fixture
def two_days(session, account):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 50_000, -10_000, on=TUESDAY, opening=OPENING + 100_000)
    return account


def test_a_day_is_closed_with_those_before_it(session, two_days, cli_runner):
    result = cli_runner.invoke(args=["close", "2021-09-07", "--account", "VCB:1013456789"])

    assert result.exit_code == 0, result.output
    first, second = result.output.splitlines()
    assert first.startswith("VCB:1013456789, 06/09/2021, version 1: 5.000.000")
    assert "5.100.000\u00a0₫ + 50.000\u00a0₫ − 10.000\u00a0₫ = 5.140.000\u00a0₫" in second
    made = seal_of(session, two_days.id, TUESDAY)
    assert made is not None
    assert second.endswith(made.sha256)
    assert made.by == "shell"


def test_without_an_account_every_account_in_use_is_closed(session, two_days, cli_runner):
    other = make.bank_account("AGR", number="5903205000001")
    idle = make.bank_account("MB", number="0912345678")
    idle.active = False
    told(session, other, 100_000, on=MONDAY, opening=OPENING)

    result = cli_runner.invoke(args=["close", "06/09/2021"])

    assert result.exit_code == 0, result.output
    assert [line.split(",")[0] for line in result.output.splitlines()] == ["VCB:1013456789", "AGR:5903205000001"]


def test_who_closes_is_somebody_of_the_office(session, two_days, cli_runner):
    clerk = make.staff(username="lan")
    make.staff(Role.SUPPLIER, username="rau")

    for stranger in ("rau", "nobody"):
        result = cli_runner.invoke(args=["close", "2021-09-06", "--by", stranger])
        assert (result.exit_code, result.output) == (2, f"Nobody of the office signs in as {stranger}.\n")
    assert cli_runner.invoke(args=["close", "2021-09-06", "--by", "lan"]).exit_code == 0

    made = seal_of(session, two_days.id, MONDAY)
    assert made is not None
    assert (made.by, made.snapshot["seal"]["name"]) == ("lan", clerk.name)


def test_a_difference_stops_it_and_what_was_sealed_before_stays(session, account, cli_runner):
    told(session, account, 100_000, on=MONDAY, opening=OPENING)
    told(session, account, 50_000, on=TUESDAY, opening=OPENING)
    make.staff(username="truong", manages=True)
    make.staff(username="lan")

    for by in ("shell", "lan"):
        refused = cli_runner.invoke(args=["close", "2021-09-07", "--by", by, "--because", "fees"])
        assert refused.exit_code == 2
        assert "The bank states 5.050.000" in refused.output
    assert seal_of(session, account.id, MONDAY) is not None
    accepted = cli_runner.invoke(args=["close", "2021-09-07", "--by", "truong", "--because", "fees"])

    assert accepted.exit_code == 0, accepted.output


def test_an_opening_is_typed_with_its_reason(session, account, cli_runner):
    told(session, account, 100_000, on=MONDAY)
    command = ["close", "2021-09-06", "--opening", "7.000.000"]

    assert "--opening-because" in cli_runner.invoke(args=command).output
    result = cli_runner.invoke(args=[*command, "--opening-because", "paper statement"])

    assert "= 7.100.000" in result.output


def test_closing_a_closed_day_does_nothing(session, two_days, cli_runner):
    cli_runner.invoke(args=["close", "2021-09-07"])

    again = cli_runner.invoke(args=["close", "2021-09-07"])

    assert (again.exit_code, again.output) == (0, "")


def test_seals_are_looked_along(session, two_days, cli_runner):
    sealed(session, two_days, MONDAY)
    sealed(session, two_days, TUESDAY)

    sound = cli_runner.invoke(args=["close", "verify"])
    without_guards(session)
    session.connection().exec_driver_sql("UPDATE day_seals SET sha256 = 'f' WHERE number = 1")
    broken = cli_runner.invoke(args=["close", "verify"])

    assert (sound.exit_code, sound.output) == (0, "2 seals looked at, 0 faulty.\n")
    assert broken.exit_code == 1
    assert "VCB:1013456789, 06/09/2021, version 1 (seal 1): its content is not what its hash says" in broken.output
    assert broken.output.endswith("2 seals looked at, 2 faulty.\n")
