"""Two equal rows of one file are two transfers; one row in two files is one."""

from orders.payments.identity import identities
from tests.orders.payments.feeds.files import paid, statement

MONDAY = [
    paid("100,000", reference="A1", memo="Lan_0912345678_Di An"),
    paid("100,000", reference="A2", memo="Lan_0912345678_Di An"),
    paid("200,000", reference="A3"),
]
TUESDAY = [paid("300,000", day="31/08/2021", reference="A4"), paid("100,000", day="31/08/2021", reference="A1")]
TWINS = [paid(reference="5001"), paid(reference="5001")]
BARE = [paid(reference="", balance="1,100,000"), paid(reference="", balance="1,200,000"), paid(reference="")]


def keys(*rows):
    return identities(statement(*rows).rows)


def test_every_row_has_a_key_of_its_own():
    for rows in (MONDAY + TUESDAY, TWINS, BARE, BARE + BARE):
        assert len(set(keys(*rows))) == len(rows)


def test_overlapping_statements_give_the_shared_rows_the_same_keys():
    assert keys(*MONDAY) == keys(*MONDAY, *TUESDAY)[:3]
    assert keys(*TUESDAY) == keys(*MONDAY, *TUESDAY)[3:]


def test_the_order_of_the_rows_makes_no_difference():
    for rows in (MONDAY + TUESDAY, TWINS + MONDAY, BARE + TWINS):
        assert set(keys(*rows)) == set(keys(*rows[::-1]))


def test_a_twin_that_comes_later_is_new():
    assert keys(TWINS[0]) == keys(*TWINS)[:1]
    assert keys(*TWINS)[1] not in keys(TWINS[0])


def test_blanks_in_a_memo_prove_nothing():
    assert keys(paid(memo="Lan  0912 345 678")) == keys(paid(memo="La n 0912345678 "))


def test_what_the_bank_tells_apart_is_told_apart():
    one = paid()
    others = [
        paid(day="31/08/2021"),
        paid("100,001"),
        paid(memo="Lan_0912345679_Di An"),
        paid(reference="R2"),
        (one[0], one[1], one[3], "", "", one[5]),
        paid(reference=""),
        paid(reference="", balance="1,000,000"),
    ]

    assert len({*keys(one), *(keys(other)[0] for other in others)}) == len(others) + 1


def test_with_a_reference_a_balance_that_one_export_omits_makes_no_difference():
    assert keys(paid(balance="1,000,000")) == keys(paid())


def test_a_capital_letter_makes_a_difference():
    assert keys(paid(memo="Lan")) != keys(paid(memo="lan"))
