"""What may be paid, one function a class: each makes its orders and their transfers, with the truth beside them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.matching import memos
from bench.matching.people import City, Order
from kernel.text import fold

ANY, EITHER, HUMAN, NONE, HOPELESS = "any", "any_or_review", "review", "none", "hopeless"
PURPOSES = [
    "ung ho dong bao bao lu",
    "ung ho quy vaccine phong chong covid",
    "tra tien mat bang",
    "nop thue mon bai 2021",
    "lai nhap von",
    "hoc phi thang 9",
    "tien luong thang 8",
    "ung ho mien trung",
    "donate",
    "tra no",
]


@dataclass
class Case:
    """One transfer and what is right: ``truth`` are alternatives, orders with sums; ``tops`` what to show first."""

    must: str
    amount: int
    memo: str
    at: datetime
    truth: list[dict[str, int]]
    payer: str = ""
    tops: str = ""
    account: str = ""
    kind: str = ""


def _after(city: City, order: Order, *, hours: int = 12) -> datetime:
    return order.placed_at + timedelta(minutes=city.chance.randint(2, hours * 60))


def paid(
    city: City, order: Order, memo: str, *, must: str = ANY, payer: str | None = None, amount: int | None = None
) -> Case:
    """The usual: the order's own person pays its total."""
    given = min(amount or order.total, order.total)
    account = order.phone if city.chance.random() < 0.2 else ""
    return Case(
        must,
        amount or order.total,
        memo,
        _after(city, order),
        [{order.code: given}],
        fold(payer or order.name),
        account=account,
    )


def alone(must: str, write: Callable[[City, Order], str]) -> Callable[[City], Iterator[Case]]:
    def make(city: City) -> Iterator[Case]:
        order = city.order()
        yield paid(city, order, write(city, order), must=must)

    return make


def _household(city: City, total: int | None = None) -> tuple[Order, Order]:
    first = city.order()
    second = city.order(first, placed_at=first.placed_at + timedelta(hours=city.chance.randint(1, 4)))
    if total is None and first.total == second.total:
        second.total += 20000
    return first, second


def combined_codes(city: City) -> Iterator[Case]:
    a, b = _household(city)
    memo = f"{a.code} {b.code} {a.phone}"
    yield Case(ANY, a.total + b.total, memo, _after(city, b), [{a.code: a.total, b.code: b.total}], fold(a.name))


def combined_typed(city: City) -> Iterator[Case]:
    a, b = _household(city)
    memo = memos.typed(city.chance, a)
    yield Case(EITHER, a.total + b.total, memo, _after(city, b), [{a.code: a.total, b.code: b.total}], fold(a.name))


def leader_codes(city: City) -> Iterator[Case]:
    group = [city.order(None, ward="Dĩ An") for _ in range(3)]
    at = max(order.placed_at for order in group) + timedelta(hours=1)
    memo = " ".join(order.code for order in group)
    yield Case(ANY, sum(o.total for o in group), memo, at, [{o.code: o.total for o in group}], fold(city.name()))


def split(city: City) -> Iterator[Case]:
    order = city.order()
    half, coded = order.total // 2000 * 1000, city.chance.random() < 0.6
    for part in (half, order.total - half):
        memo = f"{order.code} {order.phone}" if coded else memos.typed(city.chance, order)
        yield paid(city, order, memo, must=EITHER, amount=part)


def under_or_over(city: City) -> Iterator[Case]:
    order = city.order()
    amount = max(1000, order.total + city.chance.choice([-50000, -20000, -1000, 1000, 10000, 50000]))
    memo = f"{order.code} {order.phone}" if city.chance.random() < 0.6 else memos.typed(city.chance, order)
    yield paid(city, order, memo, must=EITHER, amount=amount)


def truncated(city: City) -> Iterator[Case]:
    order = city.order()
    memo = memos.typed(city.chance, order) if city.chance.random() < 0.7 else f"{order.code} {order.phone}"
    yield paid(city, order, memo[: city.chance.choice([19, 25, 35])], must=EITHER)


def closed(city: City) -> Iterator[Case]:
    order = city.order(status=city.chance.choice(["paid", "expired", "cancelled"]))
    memo = city.chance.choice([f"{order.code} {order.phone}", memos.typed(city.chance, order)])
    yield Case(HUMAN, order.total, memo, _after(city, order), [], fold(order.name), order.code)


def paid_twice(city: City) -> Iterator[Case]:
    order = city.order()
    first = paid(city, order, f"{order.code} {order.phone}")
    yield first
    again = Case(HUMAN, order.total, first.memo, first.at + timedelta(hours=1), [], fold(order.name), order.code)
    again.kind = "paid_twice_again"
    yield again


def twins(city: City) -> Iterator[Case]:
    first, second = _household(city, total=1)
    second.total = first.total
    truth = [{first.code: first.total}, {second.code: second.total}]
    for order in (first, second):
        yield Case(ANY, order.total, memos.typed(city.chance, order), _after(city, second), truth, fold(order.name))


def caught_by_neighbour(city: City) -> Iterator[Case]:
    """An order with a neighbour's name and phone, to catch his payment."""
    victim = city.order()
    city.order(
        victim,
        address=city.address(),
        total=victim.total,
        placed_at=victim.placed_at + timedelta(minutes=city.chance.choice([-30, 2])),
    )
    case = paid(city, victim, memos.typed(city.chance, victim), must=HUMAN)
    case.truth, case.tops = [], victim.code
    yield case


def copied_memo(city: City) -> Iterator[Case]:
    """A payer with an own order types his neighbour's memo with his own sum."""
    neighbour = city.order()
    own = city.order(None, ward=neighbour.ward)
    if own.total == neighbour.total:
        own.total += 30000
    memo = memos.typed(city.chance, neighbour)
    yield Case(HUMAN, own.total, memo, _after(city, own), [], fold(own.name))


def near_phone(city: City) -> Iterator[Case]:
    """A stranger whose phone is one digit away, with a name of his own or one that differs in a word."""
    order = city.order()
    words = order.plain.split()
    other = (
        fold(city.name()).title()
        if city.chance.random() < 0.5
        else " ".join([*words[:-1], "Khanh" if words[-1] != "Khanh" else "Vinh"])
    )
    memo = memos.typed(city.chance, order, phone=memos.slip_of_phone(city.chance, order.phone), name=other)
    yield Case(NONE, order.total, memo, _after(city, order), [], other.upper())


def contradiction(city: City) -> Iterator[Case]:
    a, b = city.order(), city.order()
    yield Case(HUMAN, a.total, f"{a.code} {b.phone}", _after(city, a), [], fold(b.name), f"{a.code}|{b.code}")


def hidden(city: City) -> Iterator[Case]:
    order = city.order()
    memo = f"{order.code} {order.phone}" if city.chance.random() < 0.5 else memos.typed(city.chance, order)
    i = city.chance.randint(1, len(memo) - 1)
    swap = {"A": "\u0410", "C": "\u0421", "H": "\u041d", "E": "\u0415"}
    disguised = memo[:i] + city.chance.choice(["\u200b", "\u200f", "\u2060"]) + memo[i:]
    if (letter := next((c for c in memo if c in swap), "")) and city.chance.random() < 0.5:
        disguised = memo.replace(letter, swap[letter], 1)
    yield Case(HUMAN, order.total, disguised, _after(city, order), [], fold(order.name), order.code)


def namesakes(city: City) -> Iterator[Case]:
    """Two people of one name in one ward, each with a phone."""
    first = city.order()
    second = city.order(None, name=first.name, ward=first.ward, total=first.total)
    for order in (first, second):
        yield paid(city, order, memos.typed(city.chance, order))


def namesakes_by_name(city: City) -> Iterator[Case]:
    first = city.order()
    city.order(None, name=first.name, ward=first.ward, total=first.total)
    case = paid(city, first, f"{first.plain} {fold(first.ward)}", must=HOPELESS)
    yield case


def family_phone(city: City) -> Iterator[Case]:
    first = city.order()
    second = city.order(first, name=city.name(), total=first.total)
    for order in (first, second):
        yield paid(city, order, memos.typed(city.chance, order))


def boarding_house(city: City) -> Iterator[Case]:
    address = f"Phòng 3, nhà trọ, {city.address()}"
    for _ in range(3):
        order = city.order(None, address=address, ward="Tân Đông Hiệp", total=300000)
        yield paid(city, order, memos.typed(city.chance, order))


def paid_first(city: City) -> Iterator[Case]:
    order = city.order()
    case = paid(city, order, memos.typed(city.chance, order), must=EITHER)
    case.at = order.placed_at - timedelta(minutes=city.chance.randint(5, 600))
    yield case


def unrelated(city: City) -> Iterator[Case]:
    amount = city.total() if city.chance.random() < 0.5 else 1000 * city.chance.randint(50, 5000)
    name = fold(city.name())
    phone = (
        f" 0{city.chance.choice('35789')}{city.chance.randint(0, 99999999):08d}" if city.chance.random() < 0.4 else ""
    )
    memo = (
        f"{name.title()}{phone} {city.chance.choice(PURPOSES)}" if city.chance.random() < 0.7 else f"{name} chuyen tien"
    )
    yield Case(NONE, amount, memo, city.moment(), [], name)


def unrelated_own(city: City) -> Iterator[Case]:
    """A resident with an open order gives its very sum for something else: own name, own phone."""
    order = city.order()
    memo = city.chance.choice(
        [
            f"{order.plain} {order.phone} {{}}",
            "{}",
            f"{{}} {order.plain} {order.phone} {fold(order.ward)}",
            f"{order.phone} {{}}",
        ]
    )
    yield Case(
        NONE,
        order.total,
        memo.format(city.chance.choice(PURPOSES)),
        _after(city, order),
        [],
        fold(order.name),
        account=order.phone,
    )


def wallet_of_another(city: City) -> Iterator[Case]:
    """The payer, whose phone and name the wrapper shows, has an order of the same sum, and pays another's."""
    payer, order = city.order(), city.order()
    payer.total = order.total
    case = paid(city, order, memos.typed(city.chance, order), payer=payer.name)
    case.account = payer.phone
    yield case


def unknown_code(city: City) -> Iterator[Case]:
    order = city.order()
    yield Case(
        HUMAN, order.total, f"{city.code()} {order.phone}", _after(city, order), [], fold(order.name), order.code
    )


def default_memo(city: City) -> Iterator[Case]:
    order = city.order()
    yield paid(city, order, f"{fold(order.name)} chuyen tien", must=EITHER)
