"""The classes of transfers, each with its share of a set."""

from collections.abc import Callable, Iterator

from bench.matching import cases, memos
from bench.matching.cases import ANY, EITHER, Case, alone, paid
from bench.matching.people import City
from kernel.text import fold

CLASSES: dict[str, tuple[int, Callable[[City], Iterator[Case]]]] = {
    "qr_exact": (
        300,
        alone(ANY, lambda c, o: f"{o.code} {o.phone}" if c.chance.random() < 0.8 else f"{o.code} {o.phone}".lower()),
    ),
    "typed_syntax": (220, alone(ANY, lambda c, o: memos.typed(c.chance, o))),
    "typed_sloppy": (110, alone(ANY, lambda c, o: memos.sloppy(c.chance, o))),
    "phone_only": (20, alone(ANY, lambda c, o: o.phone)),
    "code_only": (15, alone(ANY, lambda c, o: o.code)),
    "typo_code": (
        20,
        alone(ANY, lambda c, o: f"{memos.slip_of_code(c.chance, o.code)} {c.chance.choice([o.plain, o.phone])}"),
    ),
    "typo_phone": (
        35,
        alone(ANY, lambda c, o: memos.typed(c.chance, o, phone=memos.slip_of_phone(c.chance, o.phone))),
    ),
    "typo_name": (30, alone(ANY, lambda c, o: memos.typed(c.chance, o, name=memos.slip_of_name(c.chance, o.plain)))),
    "telex": (8, alone(ANY, lambda c, o: memos.telex(o, c.chance))),
    "english": (8, alone(ANY, lambda c, o: memos.english(c.chance, o))),
    "dictated": (8, alone(EITHER, lambda c, o: memos.dictated(c.chance, o))),
    "name_ward": (10, alone(EITHER, lambda c, o: f"{o.plain} {fold(o.ward).title()}")),
    "default_memo": (20, cases.default_memo),
    "company": (
        8,
        lambda c: iter([paid(c, o := c.order(), f"{o.code} {o.phone}", payer="CONG TY TNHH MTV THUONG MAI AN PHAT")]),
    ),
    "relative": (20, lambda c: iter([paid(c, o := c.order(), memos.typed(c.chance, o), payer=c.name())])),
    "combined_codes": (12, cases.combined_codes),
    "combined_typed": (10, cases.combined_typed),
    "leader_codes": (4, cases.leader_codes),
    "split": (10, cases.split),
    "under_or_over": (12, cases.under_or_over),
    "truncated": (25, cases.truncated),
    "closed": (35, cases.closed),
    "paid_twice": (12, cases.paid_twice),
    "twins": (8, cases.twins),
    "caught_by_neighbour": (10, cases.caught_by_neighbour),
    "copied_memo": (10, cases.copied_memo),
    "near_phone": (15, cases.near_phone),
    "contradiction": (8, cases.contradiction),
    "hidden": (8, cases.hidden),
    "namesakes": (8, cases.namesakes),
    "namesakes_by_name": (4, cases.namesakes_by_name),
    "family_phone": (8, cases.family_phone),
    "boarding_house": (5, cases.boarding_house),
    "paid_first": (6, cases.paid_first),
    "unrelated": (60, cases.unrelated),
    "unrelated_own": (15, cases.unrelated_own),
    "wallet_of_another": (10, cases.wallet_of_another),
    "unknown_code": (5, cases.unknown_code),
}
UNPAID = 0.1  # share of orders that nobody pays
