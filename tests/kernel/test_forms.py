"""Messages that WTForms would give in English are in the reader's language."""

from datetime import datetime

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from kernel.forms import WallTimeField, at_most


class Sample(Form):
    name = StringField(validators=[at_most(3)])
    at = WallTimeField()


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "abcd", "Nhiều nhất 3 ký tự."),
        ("at", "mai", "Ghi ngày và giờ, ví dụ 22/11/2026 17:30."),
    ],
)
def test_a_fault_is_told_in_vietnamese(field, typed, message, session):
    with force_locale("vi"):
        form = Sample(MultiDict({"name": "abc", "at": "2026-11-22T17:30", field: typed}))

        assert not form.validate()
        assert [str(error) for error in form.errors[field]] == [message]


@pytest.mark.parametrize("typed", ["2026-11-22T17:30", "2026-11-22T17:30:00", "22/11/2026 17:30"])
def test_what_fits_is_taken_as_a_browser_sends_it_and_as_people_write_it(session, typed):
    form = Sample(MultiDict({"name": "abc", "at": typed}))

    assert form.validate()
    assert form.at.data == datetime(2026, 11, 22, 17, 30)  # noqa: DTZ001  (a clock on the wall has no zone)


def test_a_day_and_time_is_asked_for_as_people_write_it(session):
    assert "22/11/2026 17:30" in str(Sample().at.description)
