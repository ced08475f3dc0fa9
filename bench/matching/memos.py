"""What people type: the city's form, sloppy forms, slips, other languages."""

import random
from itertools import pairwise

from bench.matching.people import Order
from kernel.text import fold
from orders.reference import ALPHABET

_BEFORE = [
    "",
    "",
    "mua combo ",
    "di cho thay ",
    "thanh toan don hang ",
    "ck tien combo ",
    "dat hang ",
    "chuyen tien mua thuc pham ",
    "gui tien combo ",
]
_BEHIND = ["", "", " cam on", " 2 combo", " mua combo so 8", " tra tien hang", " dia chi 323/10 KP Tan Hoa"]
_ENGLISH = [
    "Payment for groceries {n} {p} {w} ward",
    "food order {n}, phone {p}, {w}",
    "{n} {p} {w} thank you",
    "pay for combo of {n} - {p} - {w}",
    "{n} transfer order {p} {w}",
]
_TELEX = str.maketrans(
    {"à": "af", "á": "as", "ả": "ar", "ã": "ax", "ạ": "aj", "ă": "aw", "â": "aa", "ê": "ee", "ô": "oo"}
    | {"ơ": "ow", "ư": "uw", "đ": "dd", "Đ": "DD", "Â": "AA", "Ă": "AW", "Ô": "OO"}
)


def qr(order: Order) -> str:
    """What the order's QR fills in."""
    return f"{order.code} {order.phone}"


def typed(chance: random.Random, order: Order, *, phone: str = "", name: str = "") -> str:
    between = chance.choice([" ", " ", "_", "_", "__", " - ", "-", "."])
    memo = between.join([name or order.plain, phone or order.phone, order.folded_ward])
    return cased(chance, memo)


def cased(chance: random.Random, memo: str) -> str:
    return chance.choice([memo, memo, memo.upper(), memo.lower()])


def sloppy(chance: random.Random, order: Order) -> str:
    words = order.plain.split()
    name = chance.choice([order.plain, " ".join(words[-2:]), "".join(words), order.plain.replace(" Thi ", " ")])
    phone = chance.choice(["", "sdt ", "sdt: ", "SDT "]) + grouped(chance, order.phone)
    ward = chance.choice(["P. ", "p ", "F.", "phuong ", "P."]) + order.folded_ward
    parts = [name, phone, *([ward] if chance.random() < 0.85 else [])]
    chance.shuffle(parts)
    between = chance.choice([" ", ", ", " - ", "_"])
    return cased(chance, chance.choice(_BEFORE) + between.join(parts) + chance.choice(_BEHIND))


def english(chance: random.Random, order: Order) -> str:
    given = order.plain.split()
    name = " ".join([given[-1], *given[:-1]]) if chance.random() < 0.3 else order.plain
    return chance.choice(_ENGLISH).format(n=name, p=order.phone, w=order.folded_ward)


def telex(order: Order) -> str:
    raw = fold(order.name.translate(_TELEX)).lower()
    return f"{raw} {order.phone} {order.folded_ward}"


def grouped(chance: random.Random, phone: str) -> str:
    a, b, c = phone[:4], phone[4:7], phone[7:]
    return chance.choice(
        [
            phone,
            phone,
            phone,
            f"{a} {b} {c}",
            f"{a}.{b}.{c}",
            f"{a}-{b}-{c}",
            f"84{phone[1:]}",
            phone[1:],
            f"{phone[:3]} {phone[3:6]} {phone[6:]}",
        ]
    )


def spaced_code(chance: random.Random, code: str) -> str:
    """As people copy a code by hand: small, in groups, with dots."""
    between = chance.choice([" ", ".", "-", " "])
    cuts = chance.choice([(2,), (2, 5), (3, 6), (2, 4, 6), (5,), tuple(range(1, 9))])
    bounds = [0, *cuts, len(code)]
    written = between.join(code[start:end] for start, end in pairwise(bounds))
    return written.lower() if chance.random() < 0.6 else written


def slip_of_phone(chance: random.Random, phone: str) -> str:
    i = chance.randint(2, 8)
    other = chance.choice([d for d in "0123456789" if d != phone[i]])
    if phone[i] == phone[i + 1]:
        return phone[:i] + other + phone[i + 1 :]
    swapped = phone[:i] + phone[i + 1] + phone[i] + phone[i + 2 :]
    return chance.choice([phone[:i] + other + phone[i + 1 :], swapped, phone[:i] + phone[i + 1 :]])


def slip_of_code(chance: random.Random, code: str) -> str:
    i = chance.randint(2, 7)
    if chance.random() < 0.4 and code[i] != code[i + 1]:
        return code[:i] + code[i + 1] + code[i] + code[i + 2 :]
    return code[:i] + chance.choice([s for s in ALPHABET + "0O1IL" if s != code[i]]) + code[i + 1 :]


def slip_of_name(chance: random.Random, name: str) -> str:
    i = chance.randint(1, len(name) - 2)
    return chance.choice(
        [name[:i] + name[i + 1 :], name[:i] + name[i] + name[i:], name[:i] + name[i + 1] + name[i] + name[i + 2 :]]
    )
