"""Make a labelled set: ``python -m bench.matching.generate OUT --orders 5000 --seed 7 [--unrelated]``."""

import argparse
import csv
import random
from collections.abc import Iterable
from pathlib import Path

from bench.matching.cases import Case
from bench.matching.classes import CLASSES
from bench.matching.people import City
from bench.matching.wrappers import digits, wrapped
from kernel.text import fold


def make(out: Path, *, orders: int, seed: int, only: str = "") -> None:
    """Write orders.csv, transfers.csv and truth.csv of a city with ``orders`` orders; ``only``: of one class."""
    chance = random.Random(seed)
    city, cases = City(chance), list[Case]()
    names = list(CLASSES)
    weights = [CLASSES[name][0] for name in names]
    while len(city.orders) < orders:
        if chance.random() < 0.1:
            city.order(
                status=chance.choices(["awaiting_payment", "expired", "cancelled", "paid"], weights=[6, 2, 1, 1])[0]
            )
            continue
        kind = chance.choices(names, weights=weights)[0]
        for case in CLASSES[kind][1](city):
            case.kind = case.kind or kind
            cases.append(case)
    if only:
        cases = [case for _ in range(2 * orders) for case in _of(only, city)]
    out.mkdir(parents=True, exist_ok=True)
    chance.shuffle(city.orders)
    cases.sort(key=lambda case: case.at)
    _write_orders(out / "orders.csv", city)
    _write_cases(out, cases, chance)


def _of(kind: str, city: City) -> Iterable[Case]:
    for case in CLASSES[kind][1](city):
        case.kind = kind
        yield case


def _write_orders(path: Path, city: City) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow("code name phone ward address total placed_at expires_at status memo".split())
        for o in city.orders:
            moments = (o.placed_at.isoformat(), o.expires_at.isoformat())
            sheet.writerow(
                [o.code, o.name, o.phone, o.ward, o.address, o.total, *moments, o.status, f"{o.code} {o.phone}"]
            )


def _write_cases(out: Path, cases: list[Case], chance: random.Random) -> None:
    with (
        (out / "transfers.csv").open("w", newline="", encoding="utf-8") as transfers,
        (out / "truth.csv").open("w", newline="", encoding="utf-8") as truth,
    ):
        rows, labels = csv.writer(transfers), csv.writer(truth)
        rows.writerow("transfer_id booked_at amount memo payer_name payer_account bank".split())
        labels.writerow("transfer_id kind truth must tops".split())
        for number, case in enumerate(cases, start=1):
            account = case.account or digits(chance, chance.choice([10, 12, 13, 14]))
            memo = wrapped(chance, case.memo, fold(case.payer), account, at=case.at)
            hours = chance.random() < 0.8 and not case.kind.startswith("paid_twice")
            booked = case.at.isoformat() if hours else case.at.date().isoformat()
            columns = (case.payer if chance.random() < 0.5 else "", account if chance.random() < 0.6 else "")
            rows.writerow([f"T{number:07d}", booked, case.amount, memo, *columns, ""])
            alternatives = "|".join(";".join(f"{code}:{sum_}" for code, sum_ in way.items()) for way in case.truth)
            labels.writerow([f"T{number:07d}", case.kind, alternatives, case.must, case.tops])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="transfers of this class alone, for instance unrelated")
    arguments = parser.parse_args()
    make(arguments.out, orders=arguments.orders, seed=arguments.seed, only=arguments.only)


if __name__ == "__main__":
    main()
