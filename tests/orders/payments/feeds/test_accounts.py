"""Whose statement is it? Known, unknown and ambiguous are three different answers."""

import pytest

from orders.payments.feeds.accounts import AmbiguousAccount, UnknownAccount, choose_account
from orders.payments.feeds.statement import Statement
from tests import make


def statement_of(bank_code, number=None):
    return Statement("some-layout", bank_code, number)


def test_the_account_stands_in_the_file(session):
    make.bank_account("VCB", number="1111")
    ours = make.bank_account("VCB", number="2222")

    assert choose_account(session, statement_of("VCB", "2222")) is ours


def test_or_is_the_only_one_at_the_files_bank(session):
    make.bank_account("VCB", number="1111")
    ours = make.bank_account("AGR", number="1111")

    assert choose_account(session, statement_of("AGR")) is ours


def test_or_is_named(session):
    make.bank_account("AGR", number="1111")
    ours = make.bank_account("AGR", number="2222")

    assert choose_account(session, statement_of("AGR"), "Agribank: 2222") is ours


def test_one_of_several_has_to_be_named(session):
    make.bank_account("AGR", number="1111")
    make.bank_account("AGR", number="2222")

    with pytest.raises(AmbiguousAccount, match=r"AGR:1111, AGR:2222"):
        choose_account(session, statement_of("AGR"))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (statement_of("VCB", "9999"), ""),
        (statement_of("MB"), ""),
        (statement_of("AGR"), "AGR:9999"),
        (statement_of("AGR"), "no account"),
        (statement_of("AGR", "1111"), "AGR:2222"),
        (statement_of("VCB"), "AGR:2222"),
    ],
)
def test_an_account_that_is_not_ours_or_not_the_files_is_refused(session, statement, named):
    make.bank_account("AGR", number="1111")
    make.bank_account("AGR", number="2222")

    with pytest.raises(UnknownAccount):
        choose_account(session, statement, named)
