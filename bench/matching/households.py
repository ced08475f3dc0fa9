"""Classes of several orders: households, groups, namesakes, houses with many tenants."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.matching import memos
from bench.matching.case import ANY, EITHER, HOPELESS, HUMAN, Case, Make, after, asked, either, paid
from bench.matching.people import City, Order
from kernel.text import fold


def _household(city: City) -> tuple[Order, Order]:
    """Two orders of one person, of different sums."""
    first = city.order()
    later = first.placed_at + timedelta(hours=city.chance.randint(1, 4))
    return first, city.order(first, placed_at=later, total=city.other_total(first.total))


def _together(city: City, must: str, memo: str, *orders: Order, payer: str = "") -> Case:
    at = max(after(city, order) for order in orders)
    total = sum(order.total for order in orders)
    truth = [{order.code: order.total for order in orders}]
    return Case(must, total, memo, at, truth, fold(payer or orders[0].name))


def combined_codes(city: City) -> Iterator[Case]:
    a, b = _household(city)
    yield _together(city, ANY, f"{a.code} {b.code} {a.phone}", a, b)


def combined_typed(city: City) -> Iterator[Case]:
    a, b = _household(city)
    yield _together(city, EITHER, memos.typed(city.chance, a), a, b)


def _group(city: City) -> list[Order]:
    ward = city.order().ward
    return [city.orders[-1], *(city.order(ward=ward) for _ in range(city.chance.randint(1, 3)))]


def leader_codes(city: City) -> Iterator[Case]:
    """One neighbour pays for several, by their codes."""
    group = _group(city)
    yield _together(city, ANY, " ".join(order.code for order in group), *group, payer=city.name())


def leader_phones(city: City) -> Iterator[Case]:
    """The same by their phones, perhaps with names: without codes only a human may split it."""
    group = _group(city)
    named = city.chance.random() < 0.5
    memo = ", ".join(f"{o.plain.split()[-1]} {o.phone}" if named else o.phone for o in group)
    case = _together(city, HUMAN, memo, *group, payer=city.name())
    case.truth, case.tops = [], either(*group)
    yield case


def leader_names(city: City) -> Iterator[Case]:
    group = _group(city)
    memo = f"{', '.join(o.plain for o in group)} {group[0].folded_ward}"
    case = _together(city, HUMAN, memo, *group, payer=city.name())
    case.truth, case.tops = [], either(*group)
    yield case


def twins(city: City) -> Iterator[Case]:
    """Two orders of one person, one address, one sum: which is paid first does not matter."""
    first = city.order()
    second = city.order(
        first, total=first.total, placed_at=first.placed_at + timedelta(hours=city.chance.randint(1, 4))
    )
    truth = [{first.code: first.total}, {second.code: second.total}]
    for order in (first, second):
        memo = memos.typed(city.chance, order)
        yield Case(ANY, order.total, memo, after(city, second), truth, fold(order.name))


def repeat_customer(city: City) -> Iterator[Case]:
    """An order of a person who has another, paid before, run out, or open and of another sum."""
    order = city.order()
    before = order.placed_at - timedelta(hours=city.chance.randint(3, 30))
    status = city.chance.choice(["paid", "paid", "expired", "cancelled", "awaiting_payment"])
    total = city.other_total(order.total) if status != "paid" or city.chance.random() < 0.5 else order.total
    city.order(order, placed_at=before, status=status, total=total)
    coded = city.chance.random() < 0.5
    yield paid(city, order, memos.qr(order) if coded else memos.typed(city.chance, order))


def namesakes(city: City) -> Iterator[Case]:
    """Two people of one name in one ward, each with a phone."""
    first = city.order()
    second = city.order(name=first.name, ward=first.ward, total=first.total)
    for order in (first, second):
        yield paid(city, order, memos.typed(city.chance, order))


def namesakes_by_name(city: City) -> Iterator[Case]:
    first = city.order()
    city.order(name=first.name, ward=first.ward, total=first.total)
    yield paid(city, first, f"{first.plain} {first.folded_ward}", must=HOPELESS)


def family_phone(city: City) -> Iterator[Case]:
    """One phone for two people of a family, each with an order of the same sum, named in the memo."""
    first = city.order()
    second = city.order(first, name=_other_name(city, first), total=first.total)
    for order in (first, second):
        yield paid(city, order, memos.typed(city.chance, order))


def family_phone_only(city: City) -> Iterator[Case]:
    """The same without a name: a human if the sums are one, who may be asked if they differ."""
    first = city.order()
    same = city.chance.random() < 0.5
    total = first.total if same else city.other_total(first.total)
    second = city.order(first, name=_other_name(city, first), total=total, placed_at=first.placed_at)
    if same:
        yield asked(city, first, f"{first.phone} {first.folded_ward}", tops=either(first, second), payer=city.name())
    else:
        case = paid(city, first, f"{first.phone} {first.folded_ward}", must=EITHER)
        case.kind = "family_phone_other_sum"
        yield case


def _other_name(city: City, order: Order) -> str:
    while fold(name := city.name()) == fold(order.name):
        pass
    return name


def boarding_house(city: City) -> Iterator[Case]:
    """Tenants of one address, with orders of one sum; two of them may bear one name."""
    first = city.order(address=f"Phòng {city.chance.randint(1, 30)}, nhà trọ, {city.address()}")
    alike: dict[str, Any] = {"address": first.address, "ward": first.ward, "total": first.total}
    tenants = [first, *(city.order(**alike) for _ in range(city.chance.randint(1, 3)))]
    if city.chance.random() < 0.3:
        tenants.append(city.order(name=first.name, **alike))
    for order in tenants:
        yield paid(city, order, memos.typed(city.chance, order))


CLASSES: dict[str, tuple[int, Make]] = {
    "combined_codes": (12, combined_codes),
    "combined_typed": (10, combined_typed),
    "leader_codes": (4, leader_codes),
    "leader_phones": (4, leader_phones),
    "leader_names": (2, leader_names),
    "twins": (8, twins),
    "repeat_customer": (20, repeat_customer),
    "namesakes": (8, namesakes),
    "namesakes_by_name": (4, namesakes_by_name),
    "family_phone": (8, family_phone),
    "family_phone_only": (5, family_phone_only),
    "boarding_house": (5, boarding_house),
}
