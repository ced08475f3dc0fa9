"""The classes of transfers, each with its share of a set."""

from bench.matching import households, one_order, traps, unrelated
from bench.matching.case import Make

CLASSES: dict[str, tuple[int, Make]] = one_order.CLASSES | households.CLASSES | traps.CLASSES | unrelated.CLASSES
# What a set holds that is to match nothing: somebody else's money, a share of it tempting.
UNRELATED = {"unrelated": 90, "unrelated_own": 5, "unrelated_name": 5}
