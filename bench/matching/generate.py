"""Make a labelled set: ``python -m bench.matching.generate OUT --orders 5000 --seed 1``.

``--mix everyday`` has fewer traps; ``--unrelated 100000`` only transfers that pay nothing.
The same seed makes the same files, on any machine.
"""

import argparse
import csv
import gc
import random
from collections.abc import Iterator
from pathlib import Path

from bench.matching.case import Case
from bench.matching.classes import CLASSES, MIXES, UNRELATED
from bench.matching.people import City, Order, Weighted
from bench.matching.wrappers import Sender, digits, wrapped

_UNPAID = 0.1  # chance that an order is one that nobody pays
_UNPAID_STATES = Weighted({"awaiting_payment": 6, "expired": 2, "cancelled": 1, "paid": 1})
_ACCOUNT_LENGTHS = (10, 12, 13, 14)


def make(out: Path, *, orders: int, seed: int, mix: str = "hard") -> None:
    """Write orders.csv, transfers.csv and truth.csv of a city with ``orders`` orders. ``mix``: one of ``MIXES``."""
    chance = random.Random(seed)
    city, cases = City(chance), list[Case]()
    classes = Weighted(MIXES[mix])
    while len(city.orders) < orders:
        if chance.random() < _UNPAID:
            city.order(status=_UNPAID_STATES.pick(chance))
        else:
            cases += _of(classes.pick(chance), city)
    _write(out, city, cases)


def make_unrelated(out: Path, *, orders: int, transfers: int, seed: int) -> None:
    """The same of money that pays nothing: ``transfers`` beside as many open ``orders``."""
    city, cases = City(random.Random(seed)), list[Case]()
    classes = Weighted(UNRELATED)
    while len(cases) < transfers:
        cases += _of(classes.pick(city.chance), city)
    while len(city.orders) < orders:
        city.order()
    _write(out, city, cases)


def _of(kind: str, city: City) -> Iterator[Case]:
    for case in CLASSES[kind][1](city):
        case.kind = case.kind or kind
        yield case


def _write(out: Path, city: City, cases: list[Case]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    city.chance.shuffle(city.orders)
    cases.sort(key=lambda case: case.at)
    _write_orders(out / "orders.csv", city.orders)
    _write_transfers(out / "transfers.csv", cases, city.chance)
    _write_truth(out / "truth.csv", cases)


def _write_orders(path: Path, orders: list[Order]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow("code name phone ward address total placed_at expires_at status memo".split())
        for o in orders:
            moments = (o.placed_at.isoformat(), o.expires_at.isoformat())
            sheet.writerow(
                (o.code, o.name, o.phone, o.ward, o.address, o.total, *moments, o.status, f"{o.code} {o.phone}")
            )


def _write_transfers(path: Path, cases: list[Case], chance: random.Random) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow("transfer_id booked_at amount memo payer_name payer_account bank".split())
        for number, case in enumerate(cases, start=1):
            sender = Sender(case.payer, case.account or digits(chance, chance.choice(_ACCOUNT_LENGTHS)), case.at)
            memo, bank = wrapped(chance, case.memo, sender, cut=case.cut)
            day_only = case.day_only and chance.random() < 0.2
            name = sender.name if chance.random() < 0.5 else ""
            account = sender.account if chance.random() < 0.6 else ""
            booked = (case.at.date() if day_only else case.at).isoformat()
            sheet.writerow((f"T{number:07d}", booked, case.amount, memo, name, account, bank))


def _write_truth(path: Path, cases: list[Case]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow("transfer_id kind truth must tops".split())
        for number, case in enumerate(cases, start=1):
            ways = (";".join(f"{code}:{amount}" for code, amount in way.items()) for way in case.truth)
            sheet.writerow((f"T{number:07d}", case.kind, "|".join(ways), case.must, case.tops))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", choices=MIXES, default="hard", help="how much of each class")
    parser.add_argument("--unrelated", type=int, default=0, help="so many transfers that pay nothing, and no others")
    arguments = parser.parse_args()
    gc.disable()  # all that is made lives to the end
    if arguments.unrelated:
        make_unrelated(arguments.out, orders=arguments.orders, transfers=arguments.unrelated, seed=arguments.seed)
    else:
        make(arguments.out, orders=arguments.orders, seed=arguments.seed, mix=arguments.mix)


if __name__ == "__main__":
    main()
