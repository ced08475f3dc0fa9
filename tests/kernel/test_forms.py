"""Messages that WTForms would give in English are in the reader's language."""

import pytest
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from kernel.forms import WallTimeField, at_most


class Sample(Form):
    name = StringField(validators=[at_most(3)])
    at = WallTimeField(format="%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "abcd", "Nhiều nhất 3 ký tự."),
        ("at", "mai", "Ghi ngày và giờ, ví dụ 2026-11-22 17:30."),
    ],
)
def test_a_fault_is_told_in_vietnamese(field, typed, message, session):
    with force_locale("vi"):
        form = Sample(MultiDict({"name": "abc", "at": "2026-11-22T17:30", field: typed}))

        assert not form.validate()
        assert [str(error) for error in form.errors[field]] == [message]


def test_what_fits_is_taken(session):
    assert Sample(MultiDict({"name": "abc", "at": "2026-11-22T17:30"})).validate()
