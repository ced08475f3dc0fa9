"""``flask payments fit``: from files, from the desk, and refused."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.text import search_key
from orders.payments.fitting.desk import examples_of
from orders.payments.matcher.weights import load, load_fitted
from orders.payments.models import Proposal, Verdict
from orders.payments.reconcile import reconcile
from tests import books, make
from tests.desk import allocate, pay

CORPUS = Path(__file__).parents[2] / "samples/corpus"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The sample's first transfers."""
    folder = tmp_path / "small"
    folder.mkdir()
    shutil.copy(CORPUS / "orders.csv", folder)
    for name in ("transfers.csv", "truth.csv"):
        lines = (CORPUS / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[:400]), encoding="utf-8")
    return folder


def test_labelled_files_make_weights_and_a_picture(cli_runner, small, tmp_path):
    out = tmp_path / "weights.toml"

    done = cli_runner.invoke(args=["payments", "fit", "--corpus", str(small), "--out", str(out), "--data", "few"])

    assert done.exit_code == 0, done.output
    known = load_fitted(out)
    assert (known.data, known.on, known.transfers, known.precision) == ("few", clock.today(), 399, 1.0)
    assert (tmp_path / "weights.svg").read_text(encoding="utf-8").startswith("<svg")
    assert load(out).phone_slip_needs == load().phone_slip_needs
    assert load(out).ask_from == load().ask_from


def test_a_faulty_set_ends_with_2_and_leaves_what_was_there(cli_runner, small, tmp_path):
    out = tmp_path / "weights.toml"
    out.write_text("as it was")
    with (small / "truth.csv").open("a", encoding="utf-8") as file:
        file.write("T0000001,again,,none,\n")

    done = cli_runner.invoke(args=["payments", "fit", "--corpus", str(small), "--out", str(out)])

    assert done.exit_code == 2
    assert "truth.csv, line 401, column transfer_id" in done.stderr
    assert out.read_text() == "as it was"


def test_a_folder_without_truth_and_a_desk_without_decisions_are_refused(cli_runner, small, tmp_path):
    (small / "truth.csv").unlink()

    missing = cli_runner.invoke(args=["payments", "fit", "--corpus", str(small)])
    empty = cli_runner.invoke(args=["payments", "fit", "--desk", "--out", str(tmp_path / "w.toml")])
    neither = cli_runner.invoke(args=["payments", "fit"])

    assert [missing.exit_code, empty.exit_code, neither.exit_code] == [2, 2, 2]
    assert "truth.csv" in missing.stderr


def proposed(session, *codes: str, verdict: Verdict = Verdict.REVIEW, **marks: bool):
    """A transfer with a proposal that shows these orders, as the desk keeps it."""
    transfer = make.transfer()
    for name, value in marks.items():
        setattr(transfer, name, value)
    clue = {"kind": "phone", "read": "0912345678", "weight": load().phone, "span": None}
    shown = [{"code": code, "posterior": 0.4, "clues": [clue]} for code in codes]
    known = {"allocations": [], "candidates": shown, "confidence": 0.4, "why": "", "verdict": verdict}
    session.add(Proposal(transfer=transfer, decided_at=clock.now(), **known))
    session.flush()
    return transfer


def test_the_desk_tells_what_was_chosen_among_what_was_shown(session):
    first, second = make.order(), make.order()
    chosen = proposed(session, first.code, second.code, by_hand=True)
    allocate(session, chosen, second, 1000)
    aside = proposed(session, first.code, set_aside=True)
    proposed(session, first.code)  # nobody has decided yet
    proposed(session, first.code, verdict=Verdict.MATCHED, by_hand=True)

    examples = list(examples_of(session, load(), since=clock.today()))

    assert [(e.transfer_id, e.right, e.tells_weights) for e in examples] == [
        (str(chosen.id), frozenset({1}), True),
        (str(aside.id), frozenset(), False),
    ]
    assert load().calibrated(examples[0].some or 0.0, "phone") == pytest.approx(0.8, abs=0.001)
    assert list(examples_of(session, load(), since=clock.today() + timedelta(days=1))) == []


def test_from_the_matchers_question_through_the_clerks_answer_to_new_weights(cli_runner, session, tmp_path):
    """Namesakes who owe the same: the matcher asks, a clerk knows, and the next weights are fitted to it."""
    answers = 12
    for number in range(answers):
        name = f"Trần Bưởi {'Vân Hạ Mai Đào Sen Lan'.split()[number % 6]} {'An' if number < 6 else 'Yên'}"
        older, younger = (make.order(name=name, phone=f"09123{number:02d}{last}00", total=130_000) for last in "12")
        transfer = make.transfer(130_000, f"{search_key(name)} chuyen tien")
        list(reconcile(session, at=clock.now(), only=[transfer.id]))
        proposal = session.scalars(select(Proposal).where(Proposal.transfer_id == transfer.id)).one()
        assert {candidate["code"] for candidate in proposal.candidates} == {older.code, younger.code}
        pay(session, transfer, older)
    out = tmp_path / "weights.toml"

    done = cli_runner.invoke(args=["payments", "fit", "--desk", "--out", str(out)])

    assert done.exit_code == 0, done.output
    known = load_fitted(out)
    assert (known.transfers, known.on) == (answers, clock.today())
    assert (tmp_path / "weights.svg").read_text(encoding="utf-8").startswith("<svg")
    list(reconcile(session, at=clock.now()))  # and nothing that a clerk has decided is touched
    assert books.count(session, "allocations") == answers
