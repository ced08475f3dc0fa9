"""The best assignment, and what of it transfers get."""

import random

import numpy as np
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from orders.payments.matcher.assignment import assigned
from orders.payments.matcher.decide import decide_all
from orders.payments.matcher.facts import Tier, Verdict
from tests.orders.payments.matcher.facts import decided, given, noise, order, transfer

FORM = "Nguyen Thi Lan_0912345678_An Binh"
SLIP = "Nguyen Thi Lan_0912345687_An Binh"


@settings(max_examples=200, deadline=None)
@examples(st.integers(1, 6), st.integers(0, 3), st.integers(0, 10**6))
def test_no_assignment_costs_less(rows: int, spare: int, seed: int) -> None:
    chance = random.Random(seed)
    costs = [[(chance.randint(0, 2), chance.randint(0, 50)) for _ in range(rows + spare)] for _ in range(rows)]
    plain = np.array([[first * 1000 + second for first, second in row] for row in costs])

    columns = assigned(costs)

    assert len(set(columns)) == rows
    assert plain[range(rows), columns].sum() == plain[linear_sum_assignment(plain)].sum()


def test_each_of_two_transfers_pays_the_twin_that_stood_when_it_was_sent() -> None:
    older, younger = order(hours=-5), order(hours=-1)
    early, late = transfer(SLIP, hours=-3), transfer(FORM, hours=0)

    first, second = decided([older, younger], early, late)

    assert (first.tier, second.tier) == (Tier.PHONE_SLIP, Tier.PHONE)
    assert (given(first), given(second)) == ({older.code: 300_000}, {younger.code: 300_000})


def test_a_code_keeps_its_order_whatever_would_suit_the_others() -> None:
    older, younger = order(hours=-5), order(hours=-1)

    vague, coded = decided([older, younger], transfer(FORM, hours=-3), transfer(f"{older.code} 0912345678", hours=0))

    assert (given(coded), given(vague)) == ({older.code: 300_000}, {younger.code: 300_000})


@settings(max_examples=60, deadline=None)
@examples(st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing_and_nobody_is_served_less(seed: int) -> None:
    chance = random.Random(seed)
    twins = [order(hours=-chance.randint(1, 30)) for _ in range(chance.randint(2, 4))]
    memos = [FORM, FORM, SLIP, "0912345678", f"{twins[0].code} 0912345678", f"{twins[0].code[:-1]}? 0912345678"]
    transfers = [
        transfer(chance.choice(memos), hours=chance.randint(-20, 3), payer_name=chance.choice(["", "NGUYEN THI LAN"]))
        for _ in range(chance.randint(2, 6))
    ]
    orders = [*twins, *noise()]

    straight = {d.transfer_id: (d.verdict, d.allocations) for d in decide_all(orders, transfers)}
    chance.shuffle(transfers)
    mixed = {
        d.transfer_id: (d.verdict, d.allocations) for d in decide_all(chance.sample(orders, len(orders)), transfers)
    }

    assert straight == mixed
    paid = [code for verdict, shares in straight.values() if verdict is Verdict.MATCHED for code, _ in shares]
    assert len(paid) == len(set(paid))


@pytest.mark.parametrize("count", [2, 3])
def test_as_many_equal_transfers_as_twins_pay_them_all(count: int) -> None:
    twins = [order(hours=-i - 1) for i in range(count)]

    decisions = decided(twins, *(transfer(FORM, hours=i) for i in range(count)))

    assert {code for decision in decisions for code in given(decision)} == {twin.code for twin in twins}
