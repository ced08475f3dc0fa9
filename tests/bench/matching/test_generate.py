"""The generator of labelled sets: reproducible, of every class, with labels that do not contradict themselves."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.matching.case import ANY, HUMAN, NONE
from bench.matching.classes import CLASSES
from bench.matching.generate import make, make_unrelated
from bench.matching.seeds import FITTING, MEASURING

Rows = list[dict[str, str]]


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labelled")
    make(folder, orders=6000, seed=FITTING[0])
    return folder


def test_a_seed_makes_the_same_files_in_any_process(tmp_path: Path) -> None:
    made = []
    for hash_seed in ("1", "2"):
        out = tmp_path / hash_seed
        command = [sys.executable, "-m", "bench.matching.generate", str(out), "--orders", "300", "--seed", "3"]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": hash_seed})
        made.append([(out / name).read_bytes() for name in ("orders.csv", "transfers.csv", "truth.csv")])

    assert made[0] == made[1]


def test_another_seed_makes_another_city(tmp_path: Path) -> None:
    for seed in (3, 4):
        make(tmp_path / str(seed), orders=50, seed=seed)

    first, second = ({row["code"] for row in rows(tmp_path / str(seed) / "orders.csv")} for seed in (3, 4))
    assert not first & second


def test_nothing_is_measured_on_a_seed_that_was_fitted() -> None:
    assert not set(FITTING) & set(MEASURING)


def test_every_class_stands_in_a_set(labelled: Path) -> None:
    kinds = {row["kind"] for row in rows(labelled / "truth.csv")}

    missing = {name for name in CLASSES if not any(kind.startswith(name) for kind in kinds)}
    assert missing == {"under_or_over"}  # whose transfers are labelled under, or over


def test_an_everyday_city_has_fewer_traps(labelled: Path, tmp_path: Path) -> None:
    make(tmp_path, orders=2000, seed=3, mix="everyday")

    hard, everyday = (Counter(row["kind"] for row in rows(folder / "truth.csv")) for folder in (labelled, tmp_path))

    assert everyday["qr_exact"] / everyday.total() > 1.3 * hard["qr_exact"] / hard.total()
    assert hard["namesakes"] > 0 == everyday["namesakes"]


def test_labels_name_orders_of_the_set_and_give_none_more_than_its_total(labelled: Path) -> None:
    totals = {row["code"]: int(row["total"]) for row in rows(labelled / "orders.csv")}
    amounts = {row["transfer_id"]: int(row["amount"]) for row in rows(labelled / "transfers.csv")}

    for row in rows(labelled / "truth.csv"):
        for way in filter(None, row["truth"].split("|")):
            shares = {code: int(amount) for code, amount in (share.split(":") for share in way.split(";"))}
            assert all(0 < amount <= totals[code] for code, amount in shares.items()), row
            assert sum(shares.values()) <= amounts[row["transfer_id"]], row
        assert all(code in totals for code in filter(None, row["tops"].split("|"))), row


def test_what_is_clear_has_an_answer_and_what_a_human_must_decide_has_none(labelled: Path) -> None:
    for row in rows(labelled / "truth.csv"):
        if row["must"] == ANY:
            assert row["truth"], row
        if row["must"] in (HUMAN, NONE):
            assert not row["truth"], row


def test_unrelated_money_pays_nothing_beside_as_many_orders_as_wanted(tmp_path: Path) -> None:
    make_unrelated(tmp_path, orders=200, transfers=300, seed=2)

    truth = rows(tmp_path / "truth.csv")
    assert len(truth) == 300
    assert {row["must"] for row in truth} == {NONE}
    assert len(rows(tmp_path / "orders.csv")) == 200
