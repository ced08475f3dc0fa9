"""The rehearsal on files: the sample's bars, faulty files, many processes."""

import csv
import errno
import json
import os
import resource
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from orders.payments.fault_words import fault_words
from orders.payments.rehearsal import rehearse
from orders.payments.rehearsal_faults import CellFault, FileFault, Wrong
from orders.payments.written import Unwritable, written_whole
from orders.reference import new_code

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "samples"
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


def children_of(process: subprocess.Popen[bytes]) -> list[bytes]:
    told = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, check=False)
    return told.stdout.split()


def test_nobody_stays_behind_where_the_first_process_is_killed(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    os.mkfifo(tmp_path / "transfers.csv")  # so all of them are at work for as long as the test wants
    names = ("orders", tmp_path / "orders.csv"), ("transfers", tmp_path / "transfers.csv"), ("out", tmp_path / "o.csv")
    options = [str(part) for name, path in names for part in (f"--{name}", path)]
    command = [sys.executable, "-m", "flask", "payments", "match", "--workers", "3", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as first:
        with (tmp_path / "transfers.csv").open("w") as file:
            file.write(TRANSFERS)
            while len(children_of(first)) < 3 and first.poll() is None:
                time.sleep(0.05)
            first.kill()
        assert first.stdout
        heard, _, _ = select.select([first.stdout], [], [], 60)

        assert heard, "somebody still holds what they all write to"
        assert first.stdout.read() == b""


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_a_fault_far_down_is_named_whoever_comes_upon_it(run, workers: int) -> None:
    rows = "".join(f"X{number},2021-08-30,{number},y,,,\n" for number in range(1, 2000))

    with pytest.raises(FileFault) as fault:
        run(transfers=TRANSFERS + rows + "X0,2021-08-30,x,y,,,\nX1,2021-08-30,1,twice,,,\n", workers=workers)

    assert (fault.value.line, fault.value.column) == (2003, "amount")


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
        (ORDERS, TRANSFERS + 'T3,2021-08-30,1,"never closed', 4, "memo"),
        (ORDERS, TRANSFERS + 'T3,2021-08-30,1,"opened,,,\nT4,2021-08-30,1,"closed",,,\n', 4, "memo"),
        (ORDERS, TRANSFERS + f"T3,2021-08-30,1,x,{'y' * 140_000},,\n", 4, "payer_name"),
        (ORDERS, TRANSFERS + 'T3,2021-08-30,0,"two\nlines",,,\n', 4, "amount"),
        (ORDERS, TRANSFERS + "T3,2021-08-30,1,a\0b,,,\n", 4, "memo"),
        (ORDERS, TRANSFERS.replace("2021-08-30,", "9999-12-31,"), 2, "booked_at"),
        (ORDERS, TRANSFERS.replace("2021-08-30T", "0001-01-01T"), 3, "booked_at"),
        (ORDERS.replace("2021-08-30T08", "9999-12-31T08"), TRANSFERS, 2, "placed_at"),
        (ORDERS.replace("2021-08-31T08", "0001-01-01T08"), TRANSFERS, 2, "expires_at"),
        (ORDERS, TRANSFERS.replace(",", ";"), 1, "transfer_id"),
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


def test_bytes_that_are_no_text_are_named_by_line_and_column(run, tmp_path: Path) -> None:
    lines = TRANSFERS.encode() + b"".join(b"X%d,2021-08-30,1,x,,,\n" % n for n in range(5000))
    (tmp_path / "bad.csv").write_bytes(lines.replace(b"X4000,2021-08-30,1,x", b"X4000,2021-08-30,1,\xff"))
    (tmp_path / "orders.csv").write_text(ORDERS)

    with pytest.raises(FileFault, match="UTF-8") as fault:
        rehearse(tmp_path / "orders.csv", tmp_path / "bad.csv", tmp_path / "out.csv", workers=1)

    assert (fault.value.line, fault.value.column) == (4004, "memo")


@pytest.mark.parametrize(
    ("out", "words"),
    [("none/out.csv", "folder does not exist"), ("orders.csv/out.csv", "folder"), ("/dev/full", "the disk is full")],
)
def test_what_cannot_be_written_is_told_in_a_line(cli_runner, tmp_path: Path, out: str, words: str) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "transfers.csv").write_text(TRANSFERS)
    files = ("--orders", str(tmp_path / "orders.csv"), "--transfers", str(tmp_path / "transfers.csv"))

    done = cli_runner.invoke(args=["payments", "match", *files, "--out", str(tmp_path / out)])

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.exception
    assert words in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix) == ["orders.csv", "transfers.csv"]


def test_a_disk_that_fills_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("as it was")

    def fill() -> None:
        with written_whole(tmp_path / "out.csv") as file:
            file.write("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Unwritable):
        fill()

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.csv", "as it was")]


def test_no_room_for_what_is_read_ahead_is_told_in_a_line(tmp_path: Path) -> None:
    rows = "".join(f"X{number},2021-08-30,1,{'y' * 900},,,\n" for number in range(2000))
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "transfers.csv").write_text(TRANSFERS + rows)
    options = [f"--{name}={tmp_path / name}.csv" for name in ("orders", "transfers", "out")]
    command = [sys.executable, "-m", "flask", "payments", "match", "--workers", "2", *options]

    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)),
    )

    assert (done.returncode, done.stdout, done.stderr.strip().count("\n")) == (2, "", 0), done.stderr
    assert tempfile.gettempdir() in done.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("wrong", Wrong)
def test_each_fault_has_words_and_shows_nothing_that_a_terminal_obeys(app, wrong: Wrong) -> None:
    with app.app_context():
        words = fault_words(FileFault(Path("a.csv"), 7, CellFault("memo", wrong, "\x1b[31m" * 50, "8")))

    assert "a.csv" in words
    assert "\x1b" not in words
    assert "%(" not in words
    assert len(words) < 200


GROUPED = """code,name,phone,ward,total,placed_at,expires_at,status,memo,group
DCKHV6B9D,Nguyễn Thị Lan,0912345678,An Bình,300000,2021-08-30T08:00:00,2021-08-31T08:00:00,awaiting_payment,x,DC2CYTZ9S
{other},Trần Văn Hùng,0987654321,An Bình,200000,2021-08-30T08:00:00,2021-08-31T08:00:00,awaiting_payment,x,DC2CYTZ9S
{alone},Lê Thị Mận,0987654322,An Bình,100000,2021-08-30T08:00:00,2021-08-31T08:00:00,awaiting_payment,x,
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_may_say_which_orders_are_of_one_group(run, workers) -> None:
    other, alone = new_code(), new_code()
    transfers = TRANSFERS.splitlines()[0] + "\nT1,2021-08-30,500000,DC2CYTZ9S,,,\nT2,2021-08-30,400000,DC2CYTZ9S,,,\n"

    whole, part = run(GROUPED.format(other=other, alone=alone), transfers, workers)

    assert whole["decision"] == "matched"
    assert set(whole["allocations"].split(";")) == {"DCKHV6B9D:300000", f"{other}:200000"}
    assert (part["decision"], part["allocations"]) == ("review", "")
