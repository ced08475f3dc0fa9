"""Clues in plain English, for files and shells. The desk words them itself, in its reader's language."""

from functools import lru_cache

from orders.payments.matcher.facts import Clue, ClueKind, Decision

_WORDS = {
    ClueKind.CODE: "order code {read}",
    ClueKind.CODE_SLIP: "order code with one slip: {read}",
    ClueKind.GROUP: "code of its group {read}",
    ClueKind.GROUP_SLIP: "code of its group with one slip: {read}",
    ClueKind.PHONE: "phone {read}",
    ClueKind.PHONE_SLIP: "phone with one slip: {read}",
    ClueKind.PHONE_CUT: "phone cut off: {read}",
    ClueKind.NAME: "name {read}",
    ClueKind.NAME_PART: "part of the name: {read}",
    ClueKind.NAME_LIKE: "name misspelt: {read}",
    ClueKind.NAME_OTHER: "another name: {read}",
    ClueKind.PAYER: "the payer's name: {read}",
    ClueKind.ALIAS: "the payer's account has paid for {read} before",
    ClueKind.WARD: "ward {read}",
    ClueKind.WARD_OTHER: "another ward: {read}",
    ClueKind.AMOUNT: "the sum owed: {read}",
    ClueKind.AMOUNT_SUM: "the sum of the orders together: {read}",
    ClueKind.AMOUNT_LESS: "less than the {read} owed",
    ClueKind.AMOUNT_MORE: "more than the {read} owed",
    ClueKind.TIME_BEFORE: "paid before the order was placed {read}",
    ClueKind.CLOSED: "the order is no longer open {read}",
    ClueKind.DISGUISED: "hidden or look-alike characters: {read}",
    ClueKind.UNKNOWN_CODE: "a valid code of no known order: {read}",
    ClueKind.CONTRADICTION: "points at somebody else's order, too: {read}",
    ClueKind.OTHER_PURPOSE: "words of another purpose: {read}",
    ClueKind.UNEXPLAINED: "unexplained words: {read}",
    ClueKind.ANOTHER_ADDRESS: "orders at different addresses fit",
    ClueKind.SEVERAL_FIT: "several orders fit",
    ClueKind.GROUP_SUM: "the open orders of the group owe {read} together",
    ClueKind.PAYER_OWN_ORDER: "paid by somebody else: {read}",
    ClueKind.NOT_FIRM: "nothing firm enough points at one order",
}


_AROUND = {kind: tuple(words.split("{read}")) if "{read}" in words else (words, "") for kind, words in _WORDS.items()}


def in_words(clue: Clue) -> str:
    """``phone 0912345678 (+28.0)``; the weight in bits, where it has one."""
    kind, read, weight, _ = clue
    before, after = _AROUND[kind]
    if not read:
        return f"{before}{after}".strip(": ") + _in_bits(weight)
    return f"{before}{read}{after}{_in_bits(weight)}"


@lru_cache(maxsize=4096)
def _in_bits(weight: float) -> str:
    return f" ({weight:+.1f})" if weight else ""


def why(decision: Decision) -> str:
    """The reason for asking, if any, then the first candidate's clues."""
    clues = decision.clues + decision.candidates[0].clues if decision.candidates else decision.clues
    return "; ".join([in_words(clue) for clue in clues])
