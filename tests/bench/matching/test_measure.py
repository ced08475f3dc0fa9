"""The bench end to end on tiny sets: every table comes out, and holds what was measured."""

from pathlib import Path

import pytest

from bench.matching import contestants, measure
from bench.matching.contestants import Run


def test_the_race_goes_on_without_splink(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contestants, "SPLINK", tmp_path / "absent")

    measure.race(tmp_path, 300, "everyday")

    printed = capsys.readouterr().out
    assert [line.split()[0] for line in printed.splitlines()[-2:]] == ["matcher", "bare"]
    assert "precision" in printed


def test_unrelated_money_is_counted_against_its_bars(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure.unrelated(tmp_path, orders=100, transfers=100)

    printed = capsys.readouterr().out
    assert "matched " in printed
    assert " (bar 0); asked " in printed
    assert "unrelated_own" in printed


def test_growth_compares_the_medians_of_two_sizes_run_by_turns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([1.0, 1.0, 9.0, 5.0, 2.0, 2.0, 2.0, 6.0, 9.0, 3.0, 3.0, 90.0])
    monkeypatch.setattr(contestants, "matcher", lambda _, out: Run(out, next(seconds), 1.0, 50.0, 4.0))

    measure.growth(tmp_path, "hard", sizes=(50, 100))

    assert "# 2 times the orders: 3.00 times as long" in capsys.readouterr().out


def test_held_out_sets_come_with_an_interval_and_with_reliability(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "_SET", 200)

    measure.held_out(tmp_path, 1)

    printed = capsys.readouterr().out
    for words in ("qr_exact", "Clopper-Pearson", "clear_rate", "ask_top1", "asked", "promised"):
        assert words in printed
