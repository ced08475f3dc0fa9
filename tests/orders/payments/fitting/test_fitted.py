"""Weights fitted to what is known, and confidence that can be believed."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from bench.matching.generate import make
from orders.payments.fitting.calibration import calibrate, confident
from orders.payments.fitting.examples import FITTED, Example, Vector, vector
from orders.payments.fitting.labelled import examples_of
from orders.payments.fitting.model import First, firsts, fit
from orders.payments.fitting.reliability import Seen, calibration_error, reliability, wilson
from orders.payments.matcher.facts import Clue, ClueKind
from orders.payments.matcher.weights import load, load_fitted
from orders.payments.rehearsal_faults import FileFault

CORPUS = Path(__file__).parents[3] / "samples/corpus"


def told_by(name: str, *, right: float, count: int = 400, fixed: float = -12.0) -> list[Example]:
    """Transfers with one candidate that this one clue speaks for, a share of them right."""
    return [
        Example(f"T{i}", (Vector({name: 1.0}, fixed),), frozenset({0} if i < right * count else ()), "phone")
        for i in range(count)
    ]


def test_a_clue_that_is_mostly_wrong_loses_weight_and_no_other_does() -> None:
    now = load()

    after = fit(told_by("phone", right=0.05), replace(now, phone=28.0, nothing_fits=-4.0))

    assert after.phone < 20
    assert after.nothing_fits > -4.0
    others = set(FITTED) - {"phone", "nothing_fits"}
    assert {name: getattr(after, name) for name in others} == {name: getattr(now, name) for name in others}


def test_few_data_move_little_and_nothing_leaves_its_bounds() -> None:
    now = replace(load(), phone=28.0, name_other=-9.0, nothing_fits=-4.0)

    few = fit(told_by("phone", right=0.0, count=1, fixed=-30.0), now)
    many = fit(told_by("name_other", right=1.0, count=20_000), now)

    assert abs(few.phone - now.phone) < 5
    assert many.name_other == -0.5


def test_a_clue_counts_in_units_of_what_it_weighs() -> None:
    weights = load()
    clues = [Clue(ClueKind.NAME, "LAN", 10 * weights.name), Clue(ClueKind.AMOUNT, "300000", 3.5)]

    counts, fixed = vector(clues, weights, fixed=-12.0)

    assert counts == pytest.approx({"name": 10.0})
    assert fixed == -8.5


@pytest.mark.parametrize("curve", [(0.0, 1.0), (-1.5, 0.6), (1.0, 2.0)])
def test_calibration_finds_the_curve_by_which_things_were_right(curve: tuple[float, float]) -> None:
    chance = random.Random(7)
    truth = replace(load(), phone_intercept=curve[0], phone_slope=curve[1])
    posteriors = [chance.random() for _ in range(20_000)]
    drawn = [(p, chance.random() < truth.calibrated(p, "phone")) for p in posteriors]
    seen = [First(p, 1.0, right, float(right), "phone") for p, right in drawn]

    found = calibrate(seen, load())

    assert (found.phone_intercept, found.phone_slope) == pytest.approx(curve, abs=0.12)
    assert calibration_error(reliability(confident(seen, found))) < 0.02
    assert found.code_slope == 1.0


def test_one_of_two_that_nobody_can_tell_apart_is_half_right() -> None:
    twice = Vector({"phone": 1.0}, -12.0)
    (first,) = firsts([Example("T1", (twice, twice), frozenset({0, 1}), "phone", one_of=True)], load())

    assert (first.share, first.right, first.found) == (0.5, 0.5, True)


def test_reliability_counts_what_was_right_and_how_sure_that_is() -> None:
    bins = reliability([*[Seen(0.85, float(i < 80)) for i in range(100)], Seen(1.0, 1.0), Seen(0.0, 0.0)])

    assert [(b.start, b.transfers, b.confidence, b.right) for b in bins] == [
        (0.0, 1, 0.0, 0.0),
        (0.8, 100, 0.85, 0.8),
        (0.99, 1, 1.0, 1.0),
    ]
    assert calibration_error(bins) == pytest.approx(5 / 102)
    assert wilson(80, 100) == pytest.approx((0.711, 0.867), abs=0.001)
    assert wilson(0, 0) == (0.0, 1.0)


def test_on_a_set_that_the_weights_have_not_seen_confidence_is_what_was_right(tmp_path: Path) -> None:
    make(tmp_path, orders=5000, seed=120)

    weights, asked = load(), [e for e in examples_of(tmp_path) if e.asked and e.candidates]
    bins = reliability(confident(firsts(asked, weights), weights))

    assert sum(one.transfers for one in bins) > 700
    assert calibration_error(bins) <= 0.03, bins
    for one in bins:
        if one.transfers >= 100:
            assert one.least - 0.05 <= one.confidence <= one.most + 0.05, one


def test_the_weights_in_use_say_what_they_were_fitted_on() -> None:
    known = load_fitted()

    assert known.transfers > 30_000
    assert known.precision == 1.0
    assert known.calibration_error <= 0.03
    assert sum(one.transfers for one in known.reliability) > 3000


@pytest.mark.parametrize(
    ("change", "line", "column"),
    [
        (("must", "most"), 1, "must"),
        (("any_or_review", "perhaps"), None, "must"),
        ((":", "="), None, "truth"),
        (("T000001", "X000001"), None, "transfer_id"),
    ],
)
def test_a_faulty_truth_is_named_by_line_and_column(
    tmp_path: Path, change: tuple[str, str], line: int | None, column: str
) -> None:
    for name in ("orders.csv", "transfers.csv"):
        (tmp_path / name).write_bytes((CORPUS / name).read_bytes())
    (tmp_path / "truth.csv").write_text((CORPUS / "truth.csv").read_text(encoding="utf-8").replace(*change, 1))

    with pytest.raises(FileFault) as fault:
        list(examples_of(tmp_path))

    assert (fault.value.path.name, fault.value.column) == ("truth.csv", column)
    assert line is None or fault.value.line == line
