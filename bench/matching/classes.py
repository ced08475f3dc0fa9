"""The classes of transfers, each with its share of a set."""

from bench.matching import households, one_order, traps, unrelated
from bench.matching.case import Make

CLASSES: dict[str, tuple[int, Make]] = one_order.CLASSES | households.CLASSES | traps.CLASSES | unrelated.CLASSES
# What a set holds that is to find mistakes: of each class enough to count, of the traps more than any city has.
HARD = {name: share for name, (share, _) in CLASSES.items()}
# What a city's month holds: over a third as the QR makes it, over a fifth typed as asked, and few traps.
EVERYDAY = {
    "qr_exact": 978,
    "typed_syntax": 594,
    "typed_sloppy": 276,
    "typo_phone": 88,
    "closed": 88,
    "unrelated": 77,
    "truncated": 71,
    "typo_name": 66,
    "split": 54,
    "default_memo": 53,
    "phone_only": 50,
    "relative": 43,
    "typo_code": 42,
    "default_memo_relative": 39,
    "combined_codes": 33,
    "combined_typed": 32,
    "paid_twice": 26,
    "code_only": 25,
    "under_or_over": 25,
    "unrelated_name": 23,
    "name_ward": 22,
    "no_memo": 13,
}
# What a set holds that is to match nothing: somebody else's money, a share of it tempting.
UNRELATED = {"unrelated": 90, "unrelated_own": 5, "unrelated_name": 5}

MIXES = {"hard": HARD, "everyday": EVERYDAY}
