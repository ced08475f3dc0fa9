"""What a clerk's decisions teach about payers' accounts, and what it is worth the next time."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import clock
from orders.payments.aliases import MOST_PHONES, aliases_for, forget, learn, paying_account
from orders.payments.ledger import Hand
from orders.payments.queries import aliases_of
from tests import make
from tests.desk import CLERK, rows

ACCOUNT = "190312345678"


def known(session):
    session.expire_all()
    return rows(session, "SELECT account, phone FROM payer_aliases ORDER BY account, phone")


def test_a_clerks_hand_teaches_whose_account_pays_for_whom(session):
    transfer, order = make.transfer(payer_account=ACCOUNT), make.order()

    learn(session, transfer, [order], CLERK)

    assert aliases_of(session, [ACCOUNT, "1111111"]) == {ACCOUNT: (order.phone,)}
    assert aliases_for(session, [transfer, make.transfer()]) == {transfer.id: (order.phone,)}


def test_the_matchers_own_hand_teaches_nothing(session):
    learn(
        session, make.transfer(payer_account=ACCOUNT), [make.order()], Hand("matcher", clock.now(), "x", automatic=True)
    )

    assert known(session) == []


@pytest.mark.parametrize(
    ("column", "memo", "account"),
    [
        ("1903 1234.5678", "ung ho", "190312345678"),
        ("", "REM TFR AC:31410001234567 O@L_080002_310821_0_0_53463463_ CHUYEN TIEN", "31410001234567"),
        ("190312345678", "REM TFR AC:31410001234567 O@L_080002_310821_0_0_53463463_ CHUYEN TIEN", "190312345678"),
        ("1903xxxx5678", "CHUYEN TIEN", ""),
        ("12345", "CHUYEN TIEN", ""),
        ("١٩٠٣١٢٣٤٥٦", "CHUYEN TIEN", ""),
        ("", "CHUYEN TIEN", ""),
        (ACCOUNT, "PARTNER.DIRECT_DEBITS_VCB.MSE.123456.20210831.1234567890-0912345678_mua hang", ""),
        (ACCOUNT, "PARTNER.DIRECT_DEBITS_VCB.ZLP.123456.20210831.mua hang", ""),
    ],
)
def test_the_account_is_the_columns_or_the_wrappers_never_a_wallets_or_a_masked_one(session, column, memo, account):
    assert paying_account(make.transfer(memo=memo, payer_account=column)) == account


def test_one_transfer_counts_once_for_each_phone_however_often_it_is_settled(session):
    transfer = make.transfer(payer_account=ACCOUNT)
    orders = [make.order(), make.order(), make.order(phone="0987654321")]

    learn(session, transfer, orders, CLERK)
    learn(session, transfer, orders, CLERK)

    assert known(session) == [(ACCOUNT, "0912345678"), (ACCOUNT, "0987654321")]


def test_forgetting_takes_away_what_this_transfer_taught_and_no_more(session):
    first, second, order = make.transfer(payer_account=ACCOUNT), make.transfer(payer_account=ACCOUNT), make.order()
    learn(session, first, [order], CLERK)
    learn(session, second, [order, make.order(phone="0987654321")], CLERK)

    forget(session, second)

    assert known(session) == [(ACCOUNT, order.phone)]


def test_it_keeps_when_it_was_last_of_use(session, stopped_clock):
    order = make.order()
    learn(session, make.transfer(payer_account=ACCOUNT), [order], CLERK)
    later = Hand("clerk-8", CLERK.at + timedelta(days=9), "again")

    learn(session, make.transfer(payer_account=ACCOUNT), [order], later)

    moments = session.execute(text("SELECT COUNT(DISTINCT used_at), COUNT(DISTINCT at) FROM payer_aliases")).one()
    assert tuple(moments) == (1, 2)


def test_an_account_that_pays_for_many_says_nothing_and_learns_no_more(session):
    for number in range(MOST_PHONES + 3):
        learn(session, make.transfer(payer_account=ACCOUNT), [make.order(phone=f"09123456{number:02d}")], CLERK)

    assert len(known(session)) == MOST_PHONES + 1
    assert aliases_for(session, [make.transfer(payer_account=ACCOUNT)]) == {}


def test_the_look_up_asks_an_index(session):
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = rows(session, "EXPLAIN SELECT account, phone FROM payer_aliases WHERE account IN ('1', '2')")
    else:
        plan = rows(session, "EXPLAIN QUERY PLAN SELECT account, phone FROM payer_aliases WHERE account IN ('1', '2')")

    assert "ix_payer_aliases_account" in str(plan)
