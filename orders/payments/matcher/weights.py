"""The weights of clues: read from one file that people can read, too."""

import tomllib
from dataclasses import dataclass
from functools import cache
from math import exp, log
from pathlib import Path

PATH = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True, slots=True)
class Weights:
    """Bits of log-odds, shares of a rarity's bits, and thresholds; see the file for each."""

    code: float
    code_slip: float
    phone: float
    phone_slip: float
    alias: float
    phone_cut_digit: float
    name_other: float
    ward_other: float
    amount_less: float
    amount_more: float
    time_before: float
    closed: float
    other_purpose: float
    name: float
    name_part: float
    name_like: float
    payer: float
    amount_sum: float
    nothing_fits: float
    phone_slip_needs: float
    ask_from: float
    intercept: float
    slope: float
    code_right: float
    code_slip_right: float
    phone_right: float
    phone_slip_right: float

    def calibrated(self, posterior: float) -> float:
        """How often an order with this posterior is the right one."""
        posterior = min(max(posterior, 1e-9), 1 - 1e-9)
        return 1 / (1 + exp(-self.intercept - self.slope * log(posterior / (1 - posterior))))


@cache
def load(path: Path = PATH) -> Weights:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Weights(**{key: value for table, rows in tables.items() if table != "fitted" for key, value in rows.items()})
