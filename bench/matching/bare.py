"""The bare loop that speed is compared with: a code or a phone by one pattern each, then the sum; first come, first
served. ``python -m bench.matching.bare FOLDER OUT`` prints a JSON line like the matcher's."""

import csv
import json
import re
import sys
import time
from pathlib import Path

from kernel.memory import peak_mb

_CODE = re.compile(r"DC[2-9A-HJ-NP-Z]{7}")
_PHONE = re.compile(r"(?<!\d)0\d{9}(?!\d)")
_COLUMNS = "transfer_id decision allocations candidates confidence why".split()
_Row = dict[str, str]


def _rows(path: Path) -> list[_Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Loop:
    """All orders by code and by phone, and which have been given money."""

    def __init__(self, orders: list[_Row]) -> None:
        self.by_code = {order["code"]: order for order in orders}
        self.by_phone: dict[str, list[_Row]] = {}
        for order in orders:
            self.by_phone.setdefault(order["phone"], []).append(order)
        self.given: set[str] = set()

    def decide(self, transfer: _Row) -> tuple[str, ...]:
        memo = transfer["memo"].upper()
        pointed = [self.by_code[code] for code in _CODE.findall(memo) if code in self.by_code]
        if not pointed:
            pointed = [order for phone in _PHONE.findall(memo) for order in self.by_phone.get(phone, ())]
        for order in pointed:
            is_due = order["status"] == "awaiting_payment" and order["code"] not in self.given
            if is_due and order["total"] == transfer["amount"]:
                self.given.add(order["code"])
                allocation = f"{order['code']}:{order['total']}"
                return transfer["transfer_id"], "matched", allocation, order["code"], "", ""
        candidates = ";".join([order["code"] for order in pointed[:5]])
        return transfer["transfer_id"], "review" if pointed else "unmatched", "", candidates, "", ""


def run(folder: Path, out: Path) -> int:
    loop, transfers = Loop(_rows(folder / "orders.csv")), _rows(folder / "transfers.csv")
    with out.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(_COLUMNS)
        sheet.writerows([loop.decide(transfer) for transfer in transfers])
    return len(transfers)


if __name__ == "__main__":
    started = time.perf_counter()
    count = run(Path(sys.argv[1]), Path(sys.argv[2]))
    seconds = time.perf_counter() - started
    told = {"transfers": count, "seconds": seconds, "per_second": count / seconds, "peak_rss_mb": peak_mb()}
    print(json.dumps(told))
