"""One mistake away."""

from orders.payments.matcher.slips import code_slips, phone_slips
from orders.reference import is_valid, new_code


def test_each_single_mistake_in_a_phone_leads_back_to_it() -> None:
    phone = "0912345678"
    wrong = [phone[:i] + "0" + phone[i + 1 :] for i in range(1, 10)]
    swapped = [phone[:i] + phone[i + 1] + phone[i] + phone[i + 2 :] for i in range(9)]
    missing = [phone[:i] + phone[i + 1 :] for i in range(10)]
    extra = [phone[:i] + "7" + phone[i:] for i in range(11)]

    for read in (*wrong, *swapped, *missing, *extra):
        assert phone in set(phone_slips(read)) or read == phone, read


def test_two_mistakes_do_not() -> None:
    assert "0912345678" not in set(phone_slips("0912345600"))


def test_each_single_mistake_in_a_code_leads_back_to_it() -> None:
    code = new_code()
    wrong = [code[:i] + symbol + code[i + 1 :] for i in range(9) for symbol in "0O7Z"]
    swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(8)]

    for read in (*wrong, *swapped):
        assert code in set(code_slips(read)) or read == code, read


def test_only_valid_codes_are_tried() -> None:
    for read in (new_code()[:-1] + symbol for symbol in "2A9Z0"):
        swapped = [read[:i] + read[i + 1] + read[i] + read[i + 2 :] for i in range(8)]
        assert all(is_valid(code) or code in swapped for code in code_slips(read))
        assert len(list(code_slips(read))) < 20
