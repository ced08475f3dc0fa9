"""The import contracts: every package is under them, and each was seen to break."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kernel.settings import ROOT
from tests.architecture.code import packages

CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in CONFIGURATION["contracts"]}

PLANTED = [
    ("layers", "kernel/text.py", "import people.models"),
    ("layers", "people/models.py", "import shop.models"),
    ("layers", "shop/models.py", "import orders.models"),
    ("layers", "orders/models.py", "import suppliers.models"),
    ("layers", "orders/views.py", "def late() -> None:\n    import suppliers.models"),
    ("layers", "suppliers/models.py", "import office"),
    ("payment", "orders/models.py", "from orders.payments import models"),
    ("payment", "orders/lifecycle.py", "import orders.payments.settle"),
    ("payment", "orders/reference.py", "import orders.payments.memo"),
    ("matcher", "orders/payments/matcher/__init__.py", "import flask"),
    ("matcher", "orders/payments/matcher/__init__.py", "from sqlalchemy.orm import Session"),
    ("matcher", "orders/payments/matcher/__init__.py", "import wtforms"),
    ("matcher", "orders/payments/matcher/__init__.py", "from kernel import clock"),
    ("matcher", "orders/payments/matcher/__init__.py", "from flask_babel import gettext"),
    ("sandboxed", "kernel/sandboxed.py", "from kernel.settings import from_environment"),
]


def test_every_package_is_under_the_contracts_and_has_its_layer():
    layers = {layer.strip("()") for layer in CONTRACTS["layers"]["layers"]}

    assert set(CONFIGURATION["root_packages"]) == set(packages(ROOT))
    assert set(packages(ROOT)) <= layers


def test_the_contracts_hold_for_the_code_as_it_is(tmp_path):
    assert "BROKEN" not in lint(copy_code(tmp_path))


@pytest.mark.parametrize(("contract", "path", "source"), PLANTED)
def test_a_planted_import_breaks_its_contract(contract, path, source, tmp_path):
    root = copy_code(tmp_path)
    with (root / path).open("a", encoding="utf-8") as module:
        module.write(f"\n\n{source}\n")

    assert f"{CONTRACTS[contract]['name']} BROKEN" in lint(root)


def test_every_contract_was_seen_to_break():
    assert {contract for contract, _path, _source in PLANTED} == CONTRACTS.keys()


def copy_code(target: Path) -> Path:
    for package in packages(ROOT):
        shutil.copytree(
            ROOT / package, target / package, ignore=shutil.ignore_patterns("__pycache__", "*.json", "*.html")
        )
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def lint(root: Path) -> str:
    """What the linter says, put on one line."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={"COLUMNS": "500"})
    assert "Contracts:" in told.stdout, told.stdout + told.stderr
    return " ".join(told.stdout.split())
