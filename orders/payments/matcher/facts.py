"""The words of the matcher: what it is told, and what it answers."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """An order's state, as files and the ledger name it."""

    AWAITING = "awaiting_payment"
    PAID = "paid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    MATCHED = "matched"  # no human needed
    REVIEW = "review"  # a human, with candidates
    UNMATCHED = "unmatched"  # nothing fits


class Tier(IntEnum):
    """How firmly a transfer names its order. The firmer keeps the order, whichever came first."""

    CODE = 1
    CODE_SLIP = 2
    PHONE = 3
    PHONE_SLIP = 4
    NONE = 9


class ClueKind(StrEnum):
    """A reason for or against one order, or (the last ones) for asking a human."""

    CODE = "code"
    CODE_SLIP = "code_slip"
    GROUP = "group"
    GROUP_SLIP = "group_slip"
    PHONE = "phone"
    PHONE_SLIP = "phone_slip"
    PHONE_CUT = "phone_cut"
    NAME = "name"
    NAME_PART = "name_part"
    NAME_LIKE = "name_like"
    NAME_OTHER = "name_other"
    PAYER = "payer"
    ALIAS = "alias"
    WARD = "ward"
    WARD_OTHER = "ward_other"
    AMOUNT = "amount"
    AMOUNT_SUM = "amount_sum"
    AMOUNT_LESS = "amount_less"
    AMOUNT_MORE = "amount_more"
    TIME_BEFORE = "time_before"
    CLOSED = "closed"

    DISGUISED = "disguised"
    UNKNOWN_CODE = "unknown_code"
    CONTRADICTION = "contradiction"
    OTHER_PURPOSE = "other_purpose"
    UNEXPLAINED = "unexplained"
    ANOTHER_ADDRESS = "another_address"
    SEVERAL_FIT = "several_fit"
    GROUP_SUM = "group_sum"
    PAYER_OWN_ORDER = "payer_own_order"
    NOT_FIRM = "not_firm"


class OrderFacts(NamedTuple):
    """``owed`` is what the ledger says is still to pay (whole đồng); ``address`` may be unknown (empty).

    ``group``: the code of the group whose leader pays for it, if there is one.
    """

    code: str
    name: str
    phone: str
    ward: str
    address: str
    total: int
    owed: int
    placed_at: datetime
    expires_at: datetime
    status: Status
    group: str = ""


class TransferFacts(NamedTuple):
    """``earliest`` to ``latest``: when it was booked, as narrow as the bank tells. Payer and bank may be empty.

    ``aliases``: the phones whose orders a clerk has given money of the payer's account before.
    """

    id: str
    earliest: datetime
    latest: datetime
    amount: int
    memo: str
    payer_name: str = ""
    payer_account: str = ""
    bank: str = ""
    aliases: tuple[str, ...] = ()


class Clue(NamedTuple):
    """One reason. ``weight`` is log-odds in bits; ``span`` is where ``memo`` holds what was ``read``."""

    kind: ClueKind
    read: str
    weight: float = 0.0
    span: tuple[int, int] | None = None


class Candidate(NamedTuple):
    """An order that the transfer may pay, with what speaks for and against it."""

    code: str
    posterior: float
    clues: tuple[Clue, ...]


class Decision(NamedTuple):
    """``allocations`` only when matched; ``candidates`` best first; ``clues`` say why a human is asked."""

    transfer_id: str
    verdict: Verdict
    allocations: tuple[tuple[str, int], ...]
    candidates: tuple[Candidate, ...]
    confidence: float
    clues: tuple[Clue, ...] = ()
    tier: Tier = Tier.NONE
