"""The rehearsal on files: the sample's bars, faulty files, many processes."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from orders.payments.rehearsal import rehearse
from orders.payments.rehearsal_files import FileFault

SAMPLES = Path(__file__).parents[2] / "samples"
CORPUS = SAMPLES / "corpus"

ORDERS = """code,name,phone,ward,total,placed_at,expires_at,status,memo
DCKHV6B9D,Nguyễn Thị Lan,+84 912 345 678,An Bình,300000,2021-08-30T08:00:00,2021-08-31T08:00+07:00,awaiting_payment,x
"""
TRANSFERS = """transfer_id,booked_at,amount,memo,payer_name,payer_account,bank
T1,2021-08-30,300000,Nguyen Thi Lan 0912345678 An Binh,,,
"T,2",2021-08-30T09:00:00,5000,"tien ""x"", y",,,
"""


@pytest.fixture
def run(tmp_path: Path):
    def rehearsed(orders: str = ORDERS, transfers: str = TRANSFERS, workers: int | None = None) -> list[dict[str, str]]:
        (tmp_path / "orders.csv").write_text(orders, encoding="utf-8")
        (tmp_path / "transfers.csv").write_text(transfers, encoding="utf-8")
        rehearse(tmp_path / "orders.csv", tmp_path / "transfers.csv", tmp_path / "out.csv", workers=workers)
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rehearsed


def test_on_the_sample_nothing_is_wrong_and_hardly_anything_clear_is_asked(tmp_path: Path) -> None:
    summary = rehearse(CORPUS / "orders.csv", CORPUS / "transfers.csv", tmp_path / "out.csv", workers=2)

    scored = subprocess.run(
        [sys.executable, SAMPLES / "score.py", CORPUS, tmp_path / "out.csv", "--json"],
        capture_output=True,
        check=True,
        text=True,
    )
    figures = json.loads(scored.stdout)
    assert (figures["auto_wrong"], figures["over_allocated"], figures["missing"]) == (0, 0, 0)
    assert figures["clear_rate"] >= 0.999
    assert figures["ask_top1"] >= 0.97
    assert summary.transfers == summary.matched + summary.review + summary.unmatched == 2744


def test_the_number_of_processes_changes_nothing(tmp_path: Path) -> None:
    for workers in (1, 3):
        rehearse(CORPUS / "orders.csv", CORPUS / "transfers.csv", tmp_path / f"{workers}.csv", workers=workers)

    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "3.csv").read_bytes()


def test_rows_come_out_in_the_order_that_they_went_in(run) -> None:
    rows = run()

    assert [(row["transfer_id"], row["decision"]) for row in rows] == [("T1", "matched"), ("T,2", "unmatched")]
    assert rows[0]["allocations"] == "DCKHV6B9D:300000"


def test_owed_may_be_less_than_the_total(run) -> None:
    rows = run(ORDERS.replace(",memo", ",owed").replace(",x", ",100000"), TRANSFERS.replace("300000", "100000"))

    assert rows[0]["allocations"] == "DCKHV6B9D:100000"


@pytest.mark.parametrize(
    ("orders", "transfers", "line", "column"),
    [
        (ORDERS.replace("300000", "3e5"), TRANSFERS, 2, "total"),
        (ORDERS.replace("300000", "0"), TRANSFERS, 2, "total"),
        (ORDERS.replace("awaiting_payment", "open"), TRANSFERS, 2, "status"),
        (ORDERS.replace("2021-08-30T08", "2021-13-30T08"), TRANSFERS, 2, "placed_at"),
        (ORDERS + ORDERS.splitlines()[1] + "\n", TRANSFERS, 3, "code"),
        (ORDERS.replace(",x\n", "\n"), TRANSFERS, 2, "memo"),
        (ORDERS.replace("ward,", "wart,"), TRANSFERS, 1, "ward"),
        ("", TRANSFERS, 1, "code"),
        (ORDERS, TRANSFERS.replace("5000", "-5000"), 3, "amount"),
        (ORDERS, TRANSFERS.replace("5000", "5.000"), 3, "amount"),
        (ORDERS, TRANSFERS.replace("2021-08-30,", "30/08/2021,"), 2, "booked_at"),
        (ORDERS, TRANSFERS.replace("2021-08-30,", "2021-02-30,"), 2, "booked_at"),
        (ORDERS, TRANSFERS.replace('"T,2"', "T1"), 3, "transfer_id"),
        (ORDERS, TRANSFERS.replace('"T,2"', ""), 3, "transfer_id"),
        (ORDERS, TRANSFERS + 'T3,2021-08-30,1,"never closed', 4, "?"),
    ],
)
def test_a_faulty_file_names_line_and_column_and_leaves_what_was_there(
    run, tmp_path: Path, orders: str, transfers: str, line: int, column: str
) -> None:
    (tmp_path / "out.csv").write_text("as it was")

    with pytest.raises(FileFault) as fault:
        run(orders, transfers, workers=2)

    assert (fault.value.line, fault.value.column) == (line, column), str(fault.value)
    assert (tmp_path / "out.csv").read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv", "out.csv", "transfers.csv"]


def test_bytes_that_are_no_text_are_a_fault(run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(ORDERS.encode() + b"\xff\xfe\n")

    with pytest.raises(FileFault, match="UTF-8"):
        rehearse(tmp_path / "bad.csv", CORPUS / "transfers.csv", tmp_path / "out.csv", workers=1)
