"""The payer's account has paid for this phone before: a clue for the clerk, never a match."""

import pytest

from orders.payments.matcher.answers import matched
from orders.payments.matcher.claims import judge
from orders.payments.matcher.decide import Bid, first_look, open_desk
from orders.payments.matcher.facts import ClueKind, Verdict
from orders.payments.matcher.sight import Sight
from tests.orders.payments.matcher.facts import HUNG, LAN, decided, given, noise, order, transfer

BEFORE = (LAN["phone"],)


def kinds(candidate):
    return [clue.kind for clue in candidate.clues]


def test_it_brings_the_order_of_the_very_sum_to_the_clerk() -> None:
    hers = order(317_000)

    (unknown, known) = decided([hers], transfer("ck", 317_000), transfer("ck", 317_000, aliases=BEFORE))

    assert unknown.verdict is Verdict.UNMATCHED
    assert (known.verdict, known.candidates[0].code) == (Verdict.REVIEW, hers.code)
    assert ClueKind.ALIAS in kinds(known.candidates[0])


def test_another_sum_brings_nobody() -> None:
    hers, others = order(317_000), order(318_000, **HUNG)

    (alone, beside) = decided(
        [hers, others],
        transfer("ck", 319_000, aliases=BEFORE),
        transfer("nguyen thi lan", 317_000, aliases=(HUNG["phone"],)),
    )

    assert alone.verdict is Verdict.UNMATCHED
    assert [candidate.code for candidate in beside.candidates] == [hers.code]


def test_it_lifts_her_order_over_a_namesakes() -> None:
    namesake, hers = order(317_000, phone="0900000001"), order(317_000)
    memo = "nguyen thi lan"

    (without,) = decided([namesake, hers], transfer(memo, 317_000))
    (with_it,) = decided([namesake, hers], transfer(memo, 317_000, aliases=BEFORE))
    (other_way,) = decided([namesake, hers], transfer(memo, 317_000, aliases=(namesake.phone,)))

    assert without.verdict is with_it.verdict is Verdict.REVIEW
    assert with_it.candidates[0].code == hers.code
    assert other_way.candidates[0].code == namesake.code


@pytest.mark.parametrize(
    "memo", ["", "ung ho", "nguyen thi lan", "nguyen thi lan an binh", "lan 091234567", "0912 chuyen tien combo"]
)
def test_with_sum_name_and_ward_it_never_matches_by_itself(memo: str) -> None:
    facts = transfer(memo, 317_000, aliases=BEFORE, payer_name="NGUYEN THI LAN")

    (decision,) = decided([order(317_000)], facts)

    assert decision.verdict is not Verdict.MATCHED


def test_what_matches_without_it_matches_the_same_with_it() -> None:
    orders = [order(), order(**HUNG), *noise()]
    memos = [f"{orders[1].code} {HUNG['phone']}", f"Tran Van Hung_{HUNG['phone']}_Di An", f"{orders[0].code}"]

    for memo in memos:
        (plain,), (known,) = decided(orders, transfer(memo)), decided(orders, transfer(memo, aliases=BEFORE))
        assert given(plain) == given(known) != {}


@pytest.mark.parametrize("memo", ["{code} {phone}", "TRAN VAN HUNG_{phone}_DI AN"])
def test_the_short_way_names_the_clue_as_the_long_one_does(memo: str) -> None:
    his = order(**HUNG)
    desk = open_desk([his, *noise()])
    facts = transfer(memo.format(code=his.code, phone=his.phone), aliases=(his.phone,))

    bid, sight = first_look(facts, desk), Sight(facts, desk.book)

    assert isinstance(bid, Bid)
    assert ClueKind.ALIAS in kinds(bid.decision.candidates[0])
    assert judge(sight, desk) == bid.claim
    assert matched(sight, desk, claim=bid.claim) == bid.decision
