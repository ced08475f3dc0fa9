"""`flask payments match` as its own process: it starts without the rest of the program, and speaks all the same."""

import json
import subprocess
import sys

import pytest

from kernel.settings import ROOT

CORPUS = ROOT / "tests/samples/corpus"
LOADED = "import sys; sys.argv = {argv!r}; import wsgi; print('sqlalchemy' in sys.modules, len(wsgi.app.blueprints))"


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def match(out, **files):
    named = {"orders": CORPUS / "orders.csv", "transfers": CORPUS / "transfers.csv"} | files
    given = [str(part) for name, path in named.items() for part in (f"--{name}", path)]
    return run(sys.executable, "-m", "flask", "payments", "match", *given, "--out", str(out))


@pytest.mark.parametrize(
    "argv",
    [["flask", "payments", "match"], ["flask", "--app", "wsgi", "payments", "match"], ["flask", "payments", "import"]],
    ids=" ".join,
)
def test_only_this_command_does_without_the_rest(argv):
    tables, blueprints = run(sys.executable, "-c", LOADED.format(argv=argv)).stdout.split()

    assert (tables, int(blueprints) > 0) == (("False", False) if argv[-1] == "match" else ("True", True))


def test_it_decides_and_sums_up(tmp_path):
    done = match(tmp_path / "decisions.csv")

    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert done.returncode == 0, done.stderr
    assert told["matched"] + told["review"] + told["unmatched"] == told["transfers"] > 0
    assert len((tmp_path / "decisions.csv").read_text(encoding="utf-8").splitlines()) == told["transfers"] + 1


def test_a_faulty_file_is_told_in_vietnamese_and_nothing_is_written(tmp_path):
    faulty = tmp_path / "orders.csv"
    faulty.write_text("name,phone\nLan,0912345678\n", encoding="utf-8")

    done = match(tmp_path / "decisions.csv", orders=faulty)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{faulty}, dòng 1, cột code: thiếu cột này.\n"
    assert not (tmp_path / "decisions.csv").exists()
