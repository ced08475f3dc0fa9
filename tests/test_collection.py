"""What CI leaves out: a second database for a test, never the test itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def collected(**environment: str) -> set[str]:
    """The tests of the scenarios by name, whatever database each meets."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests/scenarios"]
    around = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")}
    printed = subprocess.run(command, cwd=ROOT, env=around | environment, capture_output=True, text=True, check=True)
    return {re.sub("sqlite|postgresql", "", line) for line in printed.stdout.splitlines() if "::" in line}


def test_each_test_meets_a_database_in_ci_too() -> None:
    everything = collected()

    assert everything
    assert collected(CI="1") == everything
