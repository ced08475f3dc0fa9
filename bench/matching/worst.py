"""The memos that take longest: ``python -m bench.matching.worst``. The bound is 5 ms of processor time for any memo.

Each hostile memo has 2,000 characters, alone and behind a bank's head, against a city in which thousands bear one name
and scores of orders hang on one phone. Every piece stands alone, beside a phone, and joined to others.
"""

import argparse
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.matching.generate import make
from bench.matching.people import MONDAY
from bench.matching.seeds import FITTING
from orders.payments.matcher.answers import asked
from orders.payments.matcher.decide import first_look, open_desk
from orders.payments.matcher.facts import OrderFacts, Status, TransferFacts
from orders.payments.matcher.firmness import Desk
from orders.payments.matcher.sight import Sight
from orders.payments.memo import take_apart
from orders.payments.rehearsal_files import read_book

LENGTH = 2000
_HEADS = ("", "MBVCB.1234567890.", "123456.300821.101112.", "123456.300821.101112.12345678901-0987654321-")
_PIECES = (
    "A ", "AN ", "A A A ", "0", "01 ", "0 1 2 ", "12.", "1-", "DC", "D C ", "DC2", "D.C.2.", "DC2C YTZ ",
    "CD2CYTZ9S ", "DC2CYTZ9S", "\u0301", "e\u0301", "\u200b", "\u0410", "ệ", "ﷺ", "\U0001d400", "ß", "_", " ", ".",
    "MBVCB.1234567890.", "MB(1234)(", "CT tu ", "CT tu 0987654321 TRAN VAN HUNG toi ", "FT21242123456789 ",
    "FT1 2 3 ", "GD 123456-", "TGTT-A", "-300821-10:11:12 ", "Ma GD ", "PARTNER.DIRECT_DEBITS_VCB.MSE.",
    "REM Tfr Ac:1", "CT DEN:A1", "QR - ", "TK 0", "REF ", "+84 ", "84", "0084", "an binh ", "binh an ",
    "di an tan binh ", "ung ho ", "u n g h o ", "UNGHO", "nguyen ", "thi ", "nguyen thi lan ", "lan nguyen ",
    "nguyeenx ", "aawwdd ", "an", "binhan",
)  # fmt: skip


def hostile(orders: list[OrderFacts], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Memos, each with what it is made of."""
    some = [orders[0], *chance.sample(orders, 300)]
    lists = {
        "phones": " ".join(o.phone for o in some),
        "near phones": " ".join(f"{o.phone[:8]}{(int(o.phone[8]) + 1) % 10}{o.phone[9]}" for o in some),
        "phones in groups": " ".join(f"{o.phone[:4]} {o.phone[4:7]} {o.phone[7:]}" for o in some),
        "phones joined": "".join(o.phone for o in some),
        "codes": " ".join(o.code for o in some),
        "codes joined": "".join(o.code for o in some),
        "near codes": " ".join(f"{o.code[:8]}{'A' if o.code[8] != 'A' else 'B'}" for o in some),
        "near codes spaced": " ".join(" ".join(o.code[:8] + "2") for o in some),
        "names": " ".join(o.name for o in some),
        "surnames and given names": " ".join(f"{o.name.split()[0]} {o.name.split()[-1]}" for o in some),
        "one name over and over": f"{some[0].name} " * 200,
        "one phone, many names": f"{some[0].phone} " + " ".join(o.name for o in some),
        "one near phone, many names": f"{some[0].phone[:9]} " + " ".join(o.name for o in some),
        "a code, phones, names": " ".join(f"{o.code} {o.phone} {o.name}" for o in some),
        "single letters": " ".join(chance.choices("ABCDEGHIKLMNOPQRSTUVXY", k=1000)),
        "letters and digits": "".join(chance.choices("AD2C0 9.-_", k=LENGTH)),
        "digits and blanks": "".join(chance.choices("0123456789 .-", k=LENGTH)),
        "anything": "".join(chance.choices([chr(c) for c in range(32, 0x2000)], k=LENGTH)),
    }
    yield from lists.items()
    for piece in _PIECES:
        yield repr(piece), piece * (LENGTH // len(piece) + 1)
        yield f"{piece!r} and a phone", f"{piece * 40}{some[0].phone} " * 30
    for first in _PIECES[::3]:
        for second in _PIECES[1::3]:
            yield f"{first!r} and {second!r}", (first + second) * LENGTH


def crowded(orders: list[OrderFacts]) -> list[OrderFacts]:
    """The first third bears one name, the first sixty have one phone, too; all of these owe one sum."""
    first = orders[0]
    same: dict[str, Any] = {
        "name": "Nguyễn Thị Lan",
        "owed": first.total,
        "total": first.total,
        "status": Status.AWAITING,
    }
    crowd = [order._replace(**same) for order in orders[: len(orders) // 3]]
    crowd[:60] = [order._replace(phone=first.phone) for order in crowd[:60]]
    return crowd + orders[len(crowd) :]


def milliseconds(desk: Desk, transfer: TransferFacts) -> tuple[float, float]:
    """The least of three, taking the wrapper off and deciding as a whole; noise only adds."""
    apart, whole = [], []
    for _ in range(3):
        started = time.process_time()
        take_apart(transfer.memo)
        apart.append(time.process_time() - started)
        look = first_look(transfer, desk)
        if isinstance(look, Sight):
            next(asked([look], desk))
        whole.append(time.process_time() - started)
    return 1000 * min(apart), 1000 * min(whole)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--show", type=int, default=15)
    wanted = parser.parse_args()
    with TemporaryDirectory() as scratch:
        make(Path(scratch), orders=wanted.orders, seed=FITTING[0])
        orders = crowded(read_book(Path(scratch) / "orders.csv").orders)
    desk = open_desk(orders)
    desk.book.prepare()
    at = MONDAY + timedelta(days=1)
    found = []
    for name, text in hostile(orders, random.Random(1)):
        for head in _HEADS:
            transfer = TransferFacts("T", at, at, orders[0].total, (head + text)[:LENGTH], payer_name=orders[1].name)
            found.append((milliseconds(desk, transfer), f"{head}{name}"))
    print(f"{len(found)} memos of {LENGTH} characters, {wanted.orders} orders; milliseconds: wrapper, all")
    for (apart, whole), name in sorted(found, key=lambda one: -one[0][1])[: wanted.show]:
        print(f"{apart:8.2f}{whole:8.2f}  {name}")
    apart, name = max((apart, name) for (apart, _), name in found)
    print(f"{apart:8.2f}          is the worst for the wrapper alone: {name}")


if __name__ == "__main__":
    main()
