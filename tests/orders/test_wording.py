"""What the books keep in English is told in the reader's language; what a person typed stays as it is."""

import re

import pytest
from flask_babel import force_locale

from kernel.settings import ROOT
from orders.models import OrderState
from orders.notices.wording import FAULTS
from orders.payments.matcher.facts import Status
from orders.wording import STATES, is_typed, told

PACKAGES = ("orders", "shop", "suppliers", "office")
_WORD = r'(?:override or )?"([^"]+)"'
KEPT = re.compile(rf'\b(?:by|because)={_WORD}|because = {_WORD}|Hand\("([^"]+)",')


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("system", "hệ thống"),
        ("the order's time to pay ran out", "hết hạn thanh toán"),
        ("statement 12", "sao kê số 12"),
        ("kinhte1", "kinhte1"),
        ("mẹ chuyển khoản thay", "mẹ chuyển khoản thay"),
        ("statement 12, second page", "statement 12, second page"),
    ],
)
def test_a_history_is_told_in_the_readers_words(kept, words, session):
    with force_locale("vi"):
        assert told(kept) == words


@pytest.mark.parametrize(("kept", "typed"), [("taken elsewhere", False), ("statement 12", False), ("mẹ trả", True)])
def test_what_a_person_typed_is_told_apart_from_the_programs_own_words(kept, typed):
    assert is_typed(kept) is typed


def test_every_state_of_an_order_has_words(session):
    with force_locale("vi"):
        words = {name: str(STATES[name]) for name in (*OrderState, *Status)}

    assert all(words[name] != name for name in words)


def test_whatever_the_program_writes_into_a_history_has_words(session):
    kept = {
        found
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for groups in KEPT.findall(path.read_text("utf-8"))
        for found in groups
        if found
    }

    with force_locale("vi"):
        assert {text for text in kept - FAULTS.keys() if told(text) == text} == set()
    assert len(kept) > 8
