"""weights.toml written anew: the numbers change, what stands beside them for the reader stays."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from orders.payments.matcher.weights import Fitted, Weights
from orders.payments.written import written_whole

_NUMBER = re.compile(r"^(?P<name>\w+)(?P<equals> *= *)(?P<value>[-+0-9.e_]+)(?P<rest>.*)$", re.MULTILINE)
_CHAPTER = re.compile(r"^\[fitted\]\n.*?(?=^\[)", re.MULTILINE | re.DOTALL)


def write(path: Path, weights: Weights, fitted: Fitted, *, like: Path) -> None:
    """Write ``path``, whole or not at all, with the words of ``like``."""
    text = _NUMBER.sub(lambda found: _line(found, asdict(weights)), like.read_text(encoding="utf-8"))
    with written_whole(path) as file:
        file.write(_CHAPTER.sub(lambda _: _chapter(fitted), text))


def _line(found: re.Match[str], values: Mapping[str, float]) -> str:
    """The number alone is changed; a comment behind it stays where it stood."""
    name = found["name"]
    if name not in values:
        return found[0]
    value = f"{values[name]:g}" if values[name] != int(values[name]) else f"{values[name]:.1f}"
    room = len(found["value"]) + len(found["rest"]) - len(found["rest"].lstrip())
    rest = found["rest"].lstrip()
    return f"{name}{found['equals']}" + (f"{value:{max(room, len(value) + 1)}}{rest}" if rest else value)


def _chapter(fitted: Fitted) -> str:
    lines = [
        "[fitted]",
        f'on = "{fitted.on.isoformat()}"',
        f'data = "{fitted.data}"',
        f"transfers = {fitted.transfers}",
        "# of automatic matches, which rules make, not weights; recall counts as missed what only a human may do",
        f"precision = {fitted.precision:.6f}",
        f"recall = {fitted.recall:.6f}",
        "# of what a human is asked, each fifth by weights that had not seen it",
        f"first_right = {fitted.first_right:.4f}  # the first candidate is right, where some candidate is",
        f"calibration_error = {fitted.calibration_error:.4f}  # how far confidence is from what was seen, on average",
        "reliability = [  # confidence from, transfers, mean confidence, share right, and within what bounds (95 %)",
        *(f"  [{', '.join(f'{part:g}' for part in one)}]," for one in fitted.reliability),
        "]",
    ]
    return "\n".join(lines) + "\n\n"
