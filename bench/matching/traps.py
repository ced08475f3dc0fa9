"""Classes in which the obvious match would be wrong."""

from collections.abc import Iterator
from datetime import timedelta

from bench.matching import memos
from bench.matching.case import EITHER, Case, Make, after, asked, either, nothing, paid
from bench.matching.people import City
from kernel.text import fold

_HIDDEN = ["\u200b", "\u200f", "\u2060"]
_CYRILLIC = {"A": "\u0410", "C": "\u0421", "H": "\u041d", "E": "\u0415"}


def closed(city: City) -> Iterator[Case]:
    order = city.order(status=city.chance.choice(["paid", "expired", "cancelled"]))
    case = asked(city, order, city.chance.choice([memos.qr(order), memos.typed(city.chance, order)]))
    case.kind = f"closed_{order.status}"
    yield case


def paid_twice(city: City) -> Iterator[Case]:
    order = city.order()
    first = paid(city, order, memos.qr(order))
    again = asked(city, order, first.memo)
    again.at, again.kind = first.at + timedelta(hours=1), "paid_twice_again"
    for case in (first, again):
        case.day_only = False
        yield case


def caught_by_neighbour(city: City) -> Iterator[Case]:
    """An order with a neighbour's name and phone, to catch his payment; nothing tells which of the two is whose."""
    victim = city.order()
    placed = victim.placed_at + timedelta(minutes=city.chance.choice([-30, 2]))
    catcher = city.order(victim, address=city.address(), total=victim.total, placed_at=placed)
    yield asked(city, victim, memos.typed(city.chance, victim), tops=either(victim, catcher))


def copied_typed(city: City) -> Iterator[Case]:
    """A payer with an own order types his neighbour's memo with his own sum."""
    neighbour = city.order()
    own = city.order(ward=neighbour.ward, total=city.other_total(neighbour.total))
    case = asked(city, own, memos.typed(city.chance, neighbour))
    case.tops = ""
    yield case


def near_phone(city: City) -> Iterator[Case]:
    """A stranger whose phone is one digit away, with a name of his own or one that differs in a word."""
    order = city.order()
    words = order.plain.split()
    other = " ".join([*words[:-1], "Khanh" if words[-1] != "Khanh" else "Vinh"])
    if city.chance.random() < 0.5:
        while set((other := fold(city.name()).title()).split()) <= set(words):
            pass  # a part of the order's own name would be a slip of its own person
    memo = memos.typed(city.chance, order, phone=memos.slip_of_phone(city.chance, order.phone), name=other)
    yield nothing(city, order.total, memo, other, at=after(city, order))


def contradiction(city: City) -> Iterator[Case]:
    """One order's code, another's phone."""
    a, b = city.order(), city.order()
    yield asked(city, a, f"{a.code} {b.phone}", tops=either(a, b), payer=b.name)


def two_phones(city: City) -> Iterator[Case]:
    """The payer, who has an order of the same sum, puts his own phone beside the other's."""
    order = city.order()
    payer = city.order(total=order.total)
    coded = city.chance.random() < 0.5
    memo = memos.qr(order) if coded else memos.typed(city.chance, order)
    yield asked(city, order, f"{memo} lh {payer.phone}", tops=either(order, payer), payer=payer.name)


def last_times_code(city: City) -> Iterator[Case]:
    """The memo of an order that was paid, for a new one of the same person."""
    new = city.order()
    before = new.placed_at - timedelta(hours=city.chance.randint(20, 40))
    total = new.total if city.chance.random() < 0.3 else city.other_total(new.total)
    old = city.order(new, status="paid", placed_at=before, total=total)
    yield asked(city, new, memos.qr(old), tops=either(old, new))


def hidden_char(city: City) -> Iterator[Case]:
    order = city.order()
    memo = memos.qr(order) if city.chance.random() < 0.5 else memos.typed(city.chance, order)
    i = city.chance.randint(1, len(memo) - 1)
    disguised = memo[:i] + city.chance.choice(_HIDDEN) + memo[i:]
    if (letter := next((c for c in memo if c in _CYRILLIC), "")) and city.chance.random() < 0.5:
        disguised = memo.replace(letter, _CYRILLIC[letter], 1)
    yield asked(city, order, disguised)


def wallet_of_another(city: City) -> Iterator[Case]:
    """The payer, whose phone and name the wrapper shows, has an order of the same sum, and pays another's."""
    order = city.order()
    payer = city.order(total=order.total)
    coded = city.chance.random() < 0.3
    memo = memos.qr(order) if coded else memos.typed(city.chance, order)
    case = paid(city, order, memo, payer=payer.name, must=EITHER)
    case.account = payer.phone
    yield case


def account_of_another(city: City) -> Iterator[Case]:
    """The payer's account is the phone of an open order of the very sum; the memo says nothing of it."""
    order = city.order()
    memo = city.chance.choice(["chuyen tien", "ck", fold(city.name()), "tien rau", "cam on", "gui chi"])
    case = nothing(city, order.total, memo, city.name(), at=after(city, order), account=order.phone)
    yield case


def unknown_code(city: City) -> Iterator[Case]:
    order = city.order()
    yield asked(city, order, f"{city.code()} {order.phone}")


CLASSES: dict[str, tuple[int, Make]] = {
    "closed": (35, closed),
    "paid_twice": (12, paid_twice),
    "caught_by_neighbour": (10, caught_by_neighbour),
    "copied_typed": (10, copied_typed),
    "near_phone": (15, near_phone),
    "contradiction": (8, contradiction),
    "two_phones": (6, two_phones),
    "last_times_code": (10, last_times_code),
    "hidden_char": (8, hidden_char),
    "wallet_of_another": (12, wallet_of_another),
    "account_of_another": (10, account_of_another),
    "unknown_code": (5, unknown_code),
}
