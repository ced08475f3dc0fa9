"""Who imports a statement in a shell sees how far it is; a pipe gets no bars."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, on a machine that is busy with other tests


def imported(url, instance, statement, *, stderr):
    env = os.environ | {
        "DATABASE_URL": url,
        "DCT_INSTANCE": str(instance),
        "DCT_LOG_LEVEL": "ERROR",
        "LANGUAGE": "vi",
    }
    command = [sys.executable, "-m", "flask", "payments", "import", str(statement)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=stderr, text=True)


def read_all(terminal):
    said = b""
    while True:
        try:
            fresh = os.read(terminal, 4096)
        except OSError:  # Linux says so when nobody holds the other end any more
            return said.decode()
        if not fresh:
            return said.decode()
        said += fresh


def test_a_terminal_shows_bars_that_fill(city, labelled, tmp_path):
    with city() as url:
        terminal, theirs = pty.openpty()
        process = imported(url, tmp_path, labelled / "agribank.csv", stderr=theirs)
        os.close(theirs)
        said = read_all(terminal)
        os.close(terminal)
        process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, said
    for words in ("Số dòng đã ghi sổ", "Giao dịch đã quyết định và ghi lại"):
        shares = [int(share) for share in re.findall(rf"{words}[^%\r]*?(\d+)%", said)]
        assert shares[-1] == 100
        assert shares == sorted(shares)
        assert len(set(shares)) > 1


def test_a_pipe_gets_none(city, labelled, tmp_path):
    with city() as url:
        process = imported(url, tmp_path, labelled / "agribank.csv", stderr=subprocess.PIPE)
        said, complaints = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, complaints
    assert "%" not in complaints
    assert said.strip().splitlines()[-1].startswith("Đã ghi sổ")
