"""The scorer: what counts as right, as shown first, and how sure a count makes us."""

import csv
from pathlib import Path

import pytest

from bench.matching.bare import run
from bench.matching.generate import make
from bench.matching.scoring import Score, at_least, at_most, outcome, score

DECISION = {"transfer_id": "T1", "decision": "matched", "allocations": "A:100", "candidates": "A", "confidence": "0.9"}
TRUTH = {"transfer_id": "T1", "kind": "twins", "truth": "A:100|B:100", "must": "any", "tops": ""}


def scored(folder: Path, *pairs: tuple[dict[str, str], dict[str, str]]) -> Score:
    for name, rows in (("decisions.csv", [d for d, _ in pairs]), ("truth.csv", [t for _, t in pairs])):
        write(folder / name, rows)
    write(folder / "orders.csv", [{"code": "A", "total": "100"}, {"code": "B", "total": "100"}])
    return score(folder, folder / "decisions.csv")


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.DictWriter(file, list(rows[0]))
        sheet.writeheader()
        sheet.writerows(rows)


@pytest.mark.parametrize(
    ("allocations", "truth", "came_to"),
    [
        ("A:100", "A:100", "right"),
        ("B:100", "A:100|B:100", "right"),
        ("B:100;A:50", "A:50;B:100", "right"),
        ("A:50", "A:100", "wrong"),
        ("A:100", "A:100;B:100", "wrong"),
        ("A:100", "", "wrong"),
    ],
)
def test_a_match_is_right_if_orders_and_sums_are_one_of_the_truths(allocations: str, truth: str, came_to: str) -> None:
    assert outcome(DECISION | {"allocations": allocations}, TRUTH | {"truth": truth}) == came_to


def test_what_is_not_matched_is_to_show_one_of_the_answers_first(tmp_path: Path) -> None:
    asked = DECISION | {"decision": "review", "allocations": "", "candidates": "B;A"}
    human = TRUTH | {"truth": "", "must": "review", "tops": "A|B"}
    counts = scored(tmp_path, (asked, TRUTH), (asked, human | {"tops": "A"}), (asked, human)).whole()

    assert (counts["shown"], counts["shown_first"], counts["clear"], counts["clear_right"]) == (3, 2, 1, 0)


def test_nobody_is_blamed_for_what_nobody_could_know(tmp_path: Path) -> None:
    asked = DECISION | {"decision": "unmatched", "allocations": "", "candidates": ""}

    assert scored(tmp_path, (asked, TRUTH | {"must": "hopeless"})).whole()["shown"] == 0


def test_an_order_that_got_more_than_its_total_is_counted(tmp_path: Path) -> None:
    assert scored(tmp_path, (DECISION, TRUTH), (DECISION, TRUTH)).over_allocated == 1


def test_confidence_is_held_against_what_was_right(tmp_path: Path) -> None:
    wrong = TRUTH | {"truth": "", "must": "none"}
    bins = [one for one in scored(tmp_path, (DECISION, TRUTH), (DECISION, wrong)).bins if one.count]

    assert [(one.count, one.promised, one.right) for one in bins] == [(2, 1.8, 1)]


def test_decisions_of_another_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="T2"):
        scored(tmp_path, (DECISION | {"transfer_id": "T2"}, TRUTH))


def test_the_interval_is_clopper_pearsons() -> None:
    assert at_most(0, 1000) == pytest.approx(1 - 0.025 ** (1 / 1000))
    assert at_least(8, 100) == pytest.approx(0.0352, abs=1e-4)
    assert at_most(8, 100) == pytest.approx(0.1516, abs=1e-4)
    assert at_least(0, 50) == pytest.approx(0, abs=1e-9)
    assert at_most(50, 50) == 1.0


def test_the_bare_loop_decides_each_transfer_and_gives_no_order_twice(tmp_path: Path) -> None:
    make(tmp_path, orders=500, seed=1)
    run(tmp_path, tmp_path / "decisions.csv")
    counts = score(tmp_path, tmp_path / "decisions.csv")

    assert counts.over_allocated == 0
    assert counts.whole()["right"] > counts.whole()["n"] / 2
