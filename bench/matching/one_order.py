"""Classes of one order: what most payers do, and what may be cut, spelled or said in other words."""

from collections.abc import Iterator

from bench.matching import memos, speech
from bench.matching.case import ANY, EITHER, HOPELESS, Case, Make, alone, paid
from bench.matching.people import City, Order
from kernel.text import fold

_COMPANIES = [
    "CONG TY TNHH MTV THUONG MAI AN PHAT",
    "CONG TY CO PHAN MAY BINH THANG",
    "CTY TNHH GO DONG HOA",
    "DNTN XANG DAU TAN LONG",
    "HTX RAU SACH DI AN",
]


def _qr(city: City, order: Order) -> str:
    return memos.qr(order) if city.chance.random() < 0.8 else memos.qr(order).lower()


def _coded_or_typed(city: City, order: Order, *, coded: float = 0.6) -> str:
    return memos.qr(order) if city.chance.random() < coded else memos.typed(city.chance, order)


def _typo_code(city: City, order: Order) -> str:
    return f"{memos.slip_of_code(city.chance, order.code)} {city.chance.choice([order.plain, order.phone])}"


def company(city: City) -> Iterator[Case]:
    order = city.order()
    memo = _coded_or_typed(city, order)
    if city.chance.random() < 0.3:
        memo = f"thanh toan don hang {memo}"
    yield paid(city, order, memo, payer=city.chance.choice(_COMPANIES))


def relative(city: City) -> Iterator[Case]:
    order = city.order()
    yield paid(city, order, memos.typed(city.chance, order), payer=city.name())


def split(city: City) -> Iterator[Case]:
    order = city.order()
    half, coded = order.total // 2000 * 1000, city.chance.random() < 0.6
    for part in (half, order.total - half):
        memo = _coded_or_typed(city, order, coded=coded)
        yield paid(city, order, memo, must=EITHER, amount=part)


def under_or_over(city: City) -> Iterator[Case]:
    order = city.order()
    amount = max(1000, order.total + city.chance.choice([-50000, -20000, -1000, 1000, 10000, 50000]))
    case = paid(city, order, _coded_or_typed(city, order), must=EITHER, amount=amount)
    case.kind = "under" if amount < order.total else "over"
    yield case


def truncated(city: City) -> Iterator[Case]:
    """Cut at the usual lengths, or at any; where little is left, nobody could know."""
    order = city.order()
    memo = _coded_or_typed(city, order, coded=0.3)
    any_length = city.chance.random() < 0.4
    memo = memo[: city.chance.randint(6, len(memo)) if any_length else city.chance.choice([19, 25, 35])]
    known = order.code in memo or sum(c.isdigit() for c in memo) >= 4 or order.folded_ward.lower() in memo.lower()
    case = paid(city, order, memo, must=EITHER if known else HOPELESS)
    case.kind = "truncated" if known else "truncated_short"
    yield case


def tail_cut(city: City) -> Iterator[Case]:
    """The body is whole; what the bank wrote behind it is cut somewhere."""
    order = city.order()
    case = paid(city, order, _coded_or_typed(city, order, coded=0.4))
    case.cut = True
    yield case


def paid_first(city: City) -> Iterator[Case]:
    order = city.order()
    case = paid(city, order, memos.typed(city.chance, order), must=EITHER)
    case.at = order.placed_at - (case.at - order.placed_at)
    yield case


def default_memo_relative(city: City) -> Iterator[Case]:
    order, payer = city.order(), city.name()
    yield paid(city, order, f"{fold(payer)} chuyen tien", must=HOPELESS, payer=payer)


def own_phone_beside(city: City) -> Iterator[Case]:
    """The payer, a relative, puts his own phone beside the order's."""
    order, own = city.order(), city.phone()
    form = city.chance.choice(["{m} lh {p}", "{m} {p}", "sdt nguoi gui {p} {m}"])
    coded = city.chance.random() < 0.5
    memo = form.format(m=_coded_or_typed(city, order, coded=coded), p=own)
    yield paid(city, order, memo, must=ANY if coded else EITHER, payer=city.name())


# Each class with its share of a set.
CLASSES: dict[str, tuple[int, Make]] = {
    "qr_exact": (320, alone(ANY, _qr)),
    "typed_syntax": (220, alone(ANY, lambda c, o: memos.typed(c.chance, o))),
    "typed_sloppy": (110, alone(ANY, lambda c, o: memos.sloppy(c.chance, o))),
    "phone_only": (20, alone(ANY, lambda _, o: o.phone)),
    "code_only": (15, alone(ANY, lambda _, o: o.code)),
    "code_spaced": (12, alone(ANY, lambda c, o: f"{memos.spaced_code(c.chance, o.code)} {o.phone}")),
    "code_spaced_only": (4, alone(EITHER, lambda c, o: memos.spaced_code(c.chance, o.code))),
    "typo_code": (20, alone(ANY, _typo_code)),
    "typo_phone": (
        35,
        alone(ANY, lambda c, o: memos.typed(c.chance, o, phone=memos.slip_of_phone(c.chance, o.phone))),
    ),
    "typo_name": (30, alone(ANY, lambda c, o: memos.typed(c.chance, o, name=memos.slip_of_name(c.chance, o.plain)))),
    "telex": (8, alone(ANY, lambda _, o: memos.telex(o))),
    "english": (8, alone(ANY, lambda c, o: memos.english(c.chance, o))),
    "dictated": (8, alone(EITHER, lambda c, o: speech.misheard(c.chance, o))),
    "dictated_digits": (6, alone(EITHER, lambda c, o: speech.spelled(c.chance, o))),
    "dictated_code": (2, alone(EITHER, lambda _, o: speech.spelled_with_code(o))),
    "name_ward": (10, alone(EITHER, lambda _, o: f"{o.plain} {o.folded_ward}")),
    "default_memo": (20, alone(EITHER, lambda _, o: f"{fold(o.name)} chuyen tien")),
    "default_memo_relative": (12, default_memo_relative),
    "no_memo": (5, alone(HOPELESS, lambda _, o: "chuyen tien")),
    "company": (10, company),
    "relative": (20, relative),
    "split": (10, split),
    "under_or_over": (12, under_or_over),
    "truncated": (30, truncated),
    "tail_cut": (15, tail_cut),
    "paid_first": (6, paid_first),
    "own_phone_beside": (10, own_phone_beside),
}
