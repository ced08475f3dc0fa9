"""What a process says that it needed."""

import subprocess
import sys
from pathlib import Path

from kernel import memory
from kernel.memory import peak_mb

_PEAK_OF_A_CHILD = """
import subprocess, sys
held = bytearray(300_000_000)
held[::4096] = b"x" * len(held[::4096])
told = "from kernel.memory import peak_mb; print(peak_mb())"
print(subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout)
"""


def test_what_is_freed_again_counts():
    before = peak_mb()
    held = b"x" * 200_000_000
    del held

    assert peak_mb() >= before
    assert peak_mb() >= 190


def test_what_whoever_started_the_program_needs_is_not_its_own():
    told = subprocess.run([sys.executable, "-c", _PEAK_OF_A_CHILD], check=True, capture_output=True, text=True)

    assert float(told.stdout) < 100


def test_elsewhere_than_on_linux_the_system_is_asked(monkeypatch):
    monkeypatch.setattr(memory, "_STATUS", Path("/nowhere/status"))

    assert peak_mb() > 10
