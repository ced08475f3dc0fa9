"""What the rules look at: the program's own modules, read once, under any root."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

NOT_THE_PROGRAM = {"tests", "migrations", "bench", "bin", "instance", "static", "templates", "translations", "docs"}


class Offence(NamedTuple):
    """A rule broken at one place."""

    path: str
    line: int
    what: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Module:
    """One module: its path from the root, with slashes, and its syntax tree."""

    path: str
    lines: int
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def offence(self, node: ast.AST, what: str) -> Offence:
        return Offence(self.path, getattr(node, "lineno", 1), what)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Each imported name in full: ``from os import environ`` gives ``os.environ``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def packages(root: Path) -> list[str]:
    """The top-level packages of the program."""
    return sorted(p.parent.name for p in root.glob("*/__init__.py") if p.parent.name not in NOT_THE_PROGRAM)


def modules(root: Path) -> list[Module]:
    """Every module of the program: its packages, and what stands beside them."""
    paths = [*root.glob("*.py"), *(path for package in packages(root) for path in (root / package).rglob("*.py"))]
    return [_read(root, path) for path in sorted(paths)]


def dotted(node: ast.AST) -> str:
    """``a.b.c`` as text; what is not a name counts as ``?``."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _read(root: Path, path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(root).as_posix(), text.count("\n"), ast.parse(text))
