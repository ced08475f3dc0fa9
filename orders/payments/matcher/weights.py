"""The weights of clues: read from one file that people can read, too."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp, log
from pathlib import Path
from typing import NamedTuple

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
    code_intercept: float
    code_slope: float
    phone_intercept: float
    phone_slope: float
    name_intercept: float
    name_slope: float
    code_right: float
    code_slip_right: float
    phone_right: float
    phone_slip_right: float

    def calibrated(self, posterior: float, pointed_by: str) -> float:
        """How often one of the candidates is right that together have this posterior, by what their case rests on."""
        intercept, slope = getattr(self, f"{pointed_by}_intercept"), getattr(self, f"{pointed_by}_slope")
        return _logistic(intercept + slope * logit(posterior))

    def uncalibrated(self, confidence: float, pointed_by: str) -> float:
        """The posterior that ``calibrated`` has turned into this confidence."""
        intercept, slope = getattr(self, f"{pointed_by}_intercept"), getattr(self, f"{pointed_by}_slope")
        return _logistic((logit(confidence) - intercept) / slope)


def _logistic(nats: float) -> float:
    return 1 / (1 + exp(-max(-700.0, nats)))


def logit(probability: float) -> float:
    """Log-odds, in nats, of what is certain to one in a million at most."""
    probability = min(max(probability, 1e-6), 1 - 1e-6)
    return log(probability / (1 - probability))


class Bin(NamedTuple):
    """What had a confidence from ``start``: how many, mean confidence, the share that was right, its bounds."""

    start: float
    transfers: int
    confidence: float
    right: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """When and on what the weights were fitted, and how reliable confidence was then."""

    on: date
    data: str
    transfers: int
    precision: float
    recall: float
    first_right: float
    calibration_error: float
    reliability: tuple[Bin, ...]


@cache
def load_fitted(path: Path = PATH) -> Fitted:
    told = dict(tomllib.loads(path.read_text(encoding="utf-8"))["fitted"])
    bins = tuple(Bin(*row) for row in told.pop("reliability"))
    return Fitted(on=date.fromisoformat(told.pop("on")), reliability=bins, **told)


@cache
def load(path: Path = PATH) -> Weights:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Weights(**{key: value for table, rows in tables.items() if table != "fitted" for key, value in rows.items()})
