"""Every form of a mobile number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.phones import PhoneFault, PhoneReason, display, normalise

OLD_AND_NEW = {
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0186": "056",
    "0188": "058",
    "0199": "059",
}


@pytest.mark.parametrize(
    "text",
    ["0912345678", "+84912345678", "84912345678", "0084 912 345 678", "+84 (0)912 345 678", "912345678"]
    + [
        "0912.345.678",
        "0912-345-678",
        " 0912 345 678 ",
        "09 12 34 56 78",
        "0912\u2013345\u2013678",
        "0912\u00a0345678",
    ],
)
def test_every_usual_form_is_the_same_number(text: str) -> None:
    assert normalise(text) == "0912345678"


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW.items())
def test_numbers_from_before_2018_get_their_new_prefix(old: str, new: str) -> None:
    for text in (old + "1234567", old[1:] + "1234567", "+84" + old[1:] + "1234567"):
        assert normalise(text) == new + "1234567"


def test_a_number_that_opens_with_84_may_merely_have_lost_its_zero() -> None:
    assert normalise("841234567") == "0841234567"
    assert normalise("84841234567") == "0841234567"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", PhoneReason.EMPTY),
        (" - ", PhoneReason.EMPTY),
        ("o912345678", PhoneReason.NOT_DIGITS),
        ("٠٩١٢٣٤٥٦٧٨", PhoneReason.NOT_DIGITS),
        ("0912345678 / 0987654321", PhoneReason.TOO_LONG),
        ("+1 555 123 4567", PhoneReason.FOREIGN),
        ("091234567", PhoneReason.TOO_SHORT),
        ("09123456789", PhoneReason.TOO_LONG),
        ("0274 3822 825", PhoneReason.LANDLINE),
        ("0612345678", PhoneReason.NO_SUCH_PREFIX),
        ("01301234567", PhoneReason.NO_SUCH_PREFIX),
    ],
)
def test_what_is_no_mobile_number_says_why(text: str, reason: PhoneReason) -> None:
    with pytest.raises(PhoneFault) as fault:
        normalise(text)

    assert fault.value.reason is reason


@given(st.text())
def test_any_text_gives_a_number_or_a_reason(text: str) -> None:
    try:
        phone = normalise(text)
    except PhoneFault:
        return
    assert normalise(phone) == normalise(display(phone)) == phone


def test_a_number_is_shown_in_groups() -> None:
    assert display("0912345678") == "0912 345 678"
