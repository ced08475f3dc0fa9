"""Classes that pay no order: gifts, wages, fees, rent, taxes, loans; some with all that tempts."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from bench.matching.case import Case, Make, after, nothing
from bench.matching.people import City, Weighted
from kernel.text import fold

PURPOSES: list[str] = tomllib.loads(Path(__file__).with_name("purposes.toml").read_text(encoding="utf-8"))["purposes"]
_GIVEN = Weighted(
    {100000: 22, 200000: 20, 500000: 17, 50000: 9, 300000: 8, 1000000: 8, 20000: 3, 150000: 3, 2000000: 3, 10000: 1}
)


def _amount(city: City) -> int:
    if city.chance.random() < 0.9:
        return _GIVEN.pick(city.chance)
    return 1000 * city.chance.randint(50, 5000)


def unrelated(city: City) -> Iterator[Case]:
    """Nobody's: another person, another sum, perhaps the person's own phone."""
    name = fold(city.name())
    purpose = city.chance.choice(PURPOSES)
    phone = city.phone() if city.chance.random() < 0.2 else ""
    form = city.chance.choice(["{u}", "{u}", "{n} {u}", "{n} {u}", "{n} {p} {u}", "{n} chuyen tien", "{n} chuyen tien"])
    memo = " ".join(form.format(n=name.title(), p=phone, u=purpose).split())
    yield nothing(city, _amount(city), memo, name)


def unrelated_own(city: City) -> Iterator[Case]:
    """A resident with an open order gives its very sum for something else: own name, own phone."""
    order = city.order()
    form = city.chance.choice(
        ["{n} {p} {u}", "{u}", "{u} {n} {p} {w}", "{p} {u}", "{n}_{p}_{w} {u}", "{u} - {n} - {p}", "{n} {u}"]
    )
    purpose = city.chance.choice(PURPOSES)
    memo = form.format(n=order.plain, p=order.phone, w=order.folded_ward, u=purpose)
    memo = city.chance.choice([memo, memo, memo.upper(), memo.lower()])
    at = after(city, order, hours=24)
    yield nothing(city, order.total, memo, order.name, at=at, account=order.phone)


def unrelated_name(city: City) -> Iterator[Case]:
    """The same with the name and sum alone; the app's own memo may be all there is."""
    order = city.order()
    purpose = city.chance.choice(PURPOSES)
    memo = city.chance.choice([f"{order.plain} {purpose}", f"{purpose} {order.plain} {order.folded_ward}", purpose])
    yield nothing(city, order.total, memo, order.name, at=after(city, order, hours=24))


CLASSES: dict[str, tuple[int, Make]] = {
    "unrelated": (60, unrelated),
    "unrelated_own": (15, unrelated_own),
    "unrelated_name": (15, unrelated_name),
}
