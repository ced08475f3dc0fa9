"""`make run` itself: it says where to go, ends everything it started, and starts nothing on a port that is taken."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from kernel.settings import ROOT

START = [sys.executable, str(ROOT / "bin/start.py")]


def test_the_demo_answers_and_ctrl_c_leaves_no_process_behind():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    running = start("--throw-away", port=port)
    told = read_until(running, "Sign in at")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        ready = answer.status
    running.send_signal(signal.SIGINT)
    told += running.communicate(timeout=60)[0]

    assert ready == 200
    assert f"http://127.0.0.1:{port}/" in told
    assert running.returncode == 0
    started = [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", told)]
    assert len(started) == 2
    assert not any(map(alive, started))


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        running = start(port=port, instance=tmp_path / "instance")
        told = running.communicate(timeout=60)[0]

    assert running.returncode == 1
    assert f"Port {port} is taken" in told
    assert f"PORT={port + 1}" in told
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize("port", ["eighty", "70000"])
def test_what_is_no_port_is_refused_in_words(port):
    running = start(port=port)

    assert "PORT" in running.communicate(timeout=60)[0]
    assert running.returncode == 1


def start(*options, port, instance=None):
    settings = {"PORT": str(port), "DATABASE_URL": "", "DCT_INSTANCE": str(instance or "")}
    return subprocess.Popen(
        [*START, *options], env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def read_until(running, words):
    told = ""
    for line in running.stdout:
        told += line
        if words in line:
            return told
    raise AssertionError(f"It ended without a word of {words!r}:\n{told}")


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
