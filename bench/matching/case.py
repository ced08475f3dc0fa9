"""A transfer with the truth beside it, and how the usual one is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.matching.people import City, Order
from kernel.text import fold

# What must happen: matched; matched or asked; a human asked and nothing matched; nothing fits; nobody could know.
ANY, EITHER, HUMAN, NONE, HOPELESS = "any", "any_or_review", "review", "none", "hopeless"

Make = Callable[[City], Iterator["Case"]]


@dataclass(slots=True)
class Case:
    """``truth`` are alternatives, orders with sums; ``tops`` the orders of which one is to be shown first."""

    must: str
    amount: int
    memo: str
    at: datetime
    truth: list[dict[str, int]]
    payer: str = ""
    tops: str = ""
    account: str = ""
    kind: str = ""
    cut: bool = False  # the bank cut the tail of its wrapper
    day_only: bool = True  # the statement may show no hour


def after(city: City, order: Order, *, hours: int = 12) -> datetime:
    return order.placed_at + timedelta(minutes=city.chance.randint(2, hours * 60))


def paid(
    city: City, order: Order, memo: str, *, must: str = ANY, payer: str | None = None, amount: int | None = None
) -> Case:
    """The usual: the order's own person pays its total."""
    given = min(amount or order.total, order.total)
    account = order.phone if city.chance.random() < 0.2 and not payer else ""
    truth = [{order.code: given}]
    return Case(
        must, amount or order.total, memo, after(city, order), truth, fold(payer or order.name), account=account
    )


def asked(
    city: City, order: Order, memo: str, *, tops: str = "", amount: int | None = None, payer: str | None = None
) -> Case:
    """Only a human may decide, and is to see one of ``tops`` first (else ``order``)."""
    who = fold(order.name if payer is None else payer)
    return Case(HUMAN, amount or order.total, memo, after(city, order), [], who, tops or order.code)


def nothing(city: City, amount: int, memo: str, payer: str, *, at: datetime | None = None, account: str = "") -> Case:
    """A transfer that pays no order."""
    return Case(NONE, amount, memo, at or city.moment(), [], fold(payer), account=account)


def alone(must: str, write: Callable[[City, Order], str]) -> Make:
    def make(city: City) -> Iterator[Case]:
        order = city.order()
        yield paid(city, order, write(city, order), must=must)

    return make


def either(*orders: Order) -> str:
    return "|".join(order.code for order in orders)
