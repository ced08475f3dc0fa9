"""A clue is told in the clerk's words; what it read is shown as people write it."""

import re
from pathlib import Path

import pytest
from flask_babel import force_locale

from orders.payments.clue_words import REASONS, WORDS, phrase, reason
from orders.payments.matcher.claims import judge
from orders.payments.matcher.facts import ClueKind as K


@pytest.mark.parametrize(
    ("kind", "read", "shown"),
    [
        (K.AMOUNT, "550000", "550.000\u00a0₫"),
        (K.AMOUNT_LESS, "1200000", "1.200.000\u00a0₫"),
        (K.TIME_BEFORE, "2021-08-31T14:50:00+00:00", "31/08/2021 21:50"),
        (K.CLOSED, "paid", "đã thanh toán"),
        (K.CODE, "DC2CYTZ9S", "DC2CYTZ9S"),
        (K.NAME, "NGUYEN THI AN", "NGUYEN THI AN"),
    ],
)
def test_what_a_clue_read_is_shown_as_people_write_it(kind, read, shown, session):
    with force_locale("vi"):
        assert phrase({"kind": str(kind), "read": read, "weight": 1.0}).read == shown


def test_every_kind_of_clue_has_words(session):
    assert WORDS.keys() == set(K)


def test_a_clue_of_a_later_version_is_shown_by_its_name(session):
    told = phrase({"kind": "horoscope", "read": "leo", "weight": -1.0})

    assert (told.words, told.read, told.against) == ("horoscope", "leo", True)


def test_every_doubt_of_the_matcher_has_a_sentence(session):
    package = Path(judge.__code__.co_filename).parent
    sources = [file.read_text() for file in package.glob("*.py")]
    raised = {name for source in sources for name in re.findall(r"Doubt\(\s*ClueKind\.(\w+)", source)}

    assert len(raised) > 5
    assert {K[name] for name in raised} <= REASONS.keys()


@pytest.mark.parametrize("kind", [*K, "full_moon"])
def test_a_reason_that_read_nothing_is_told(kind, session):
    assert reason({"kind": str(kind), "read": "", "weight": 0.0, "span": None}).words
