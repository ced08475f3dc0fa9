"""Each of the ten banks is known by whatever people call it."""

import pytest

from orders.payments.banks import BANKS, AccountFault, AccountReason, find_bank, parse_account
from orders.payments.feeds.layouts import LAYOUTS


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.code)
def test_a_bank_is_known_by_code_bin_and_names(bank):
    for text in (bank.code, bank.code.lower(), bank.bin, bank.short, bank.name, bank.name.upper(), f" {bank.short} "):
        assert find_bank(text) is bank


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("VBA", "AGR"),
        ("Agribank", "AGR"),
        ("ngan hang ngoai thuong viet nam", "VCB"),
        ("Vietin Bank", "CTG"),
        ("MBBank", "MB"),
        ("Á Châu", "ACB"),
        ("sai gon thuong tin", "STB"),
        ("970423", "TPB"),
    ],
)
def test_common_names_are_understood(text, code):
    assert find_bank(text).code == code


def test_codes_and_bins_are_unique():
    assert len({bank.code for bank in BANKS}) == len({bank.bin for bank in BANKS}) == len(BANKS) == 10


def test_every_layout_belongs_to_a_known_bank():
    for layout in LAYOUTS:
        assert find_bank(layout.bank_code).code == layout.bank_code


@pytest.mark.parametrize(
    "text", ["VCB:1013456789", "vcb: 1013 456 789", "970436:1013.456.789", "Vietcombank:1013-456789"]
)
def test_an_account_is_a_bank_and_a_number(text):
    bank, number = parse_account(text)

    assert (bank.code, number) == ("VCB", "1013456789")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("XYZ:1013456789", AccountReason.UNKNOWN_BANK),
        (":1013456789", AccountReason.UNKNOWN_BANK),
        ("VCB", AccountReason.NOT_AN_ACCOUNT),
        ("VCB:", AccountReason.NOT_AN_ACCOUNT),
        ("VCB:123", AccountReason.NOT_AN_ACCOUNT),
        ("VCB:12345678901234567890", AccountReason.NOT_AN_ACCOUNT),
        ("VCB:10134/6789", AccountReason.NOT_AN_ACCOUNT),
        ("VCB:１０１３４５", AccountReason.NOT_AN_ACCOUNT),
        ("", AccountReason.NOT_AN_ACCOUNT),
    ],
)
def test_anything_else_is_refused_with_its_reason(text, reason):
    with pytest.raises(AccountFault) as refusal:
        parse_account(text)

    assert refusal.value.reason is reason
