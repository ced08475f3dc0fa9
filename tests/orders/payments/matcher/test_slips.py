"""One mistake away."""

from orders.payments.matcher.slips import code_slips, phone_slips
from orders.reference import new_code


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
    wrong = [code[:i] + "0" + code[i + 1 :] for i in range(9)]
    swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(8)]

    for read in (*wrong, *swapped):
        assert code in set(code_slips(read)) or read == code, read
