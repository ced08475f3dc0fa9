"""The demo city's own facts."""

from office.seed import seed
from orders.payments.feeds.queries import accounts


def test_each_account_of_the_office_has_a_number_of_its_own(session):
    seed(session)

    held = [(account.bank_code, account.number) for account in accounts(session)]

    assert {bank for bank, _number in held} == {"AGR", "VCB"}
    assert len({number for _bank, number in held}) == 2
