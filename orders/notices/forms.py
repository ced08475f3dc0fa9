"""Forms about notices."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import AnyOf

from kernel.notices import outbox
from kernel.notices.models import Channel, NoticeState

# ASCII alone, nothing that could end a header or begin a second address.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")

CHANNELS = {
    Channel.SMS: _l("SMS"),
    Channel.ZALO: _l("Zalo"),
    Channel.EMAIL: _l("E-mail"),
    Channel.PUSH: _l("Browser"),
    Channel.HAND: _l("By hand"),
}
STATES = {
    NoticeState.WAITING: _l("Waiting"),
    NoticeState.SENT: _l("Sent"),
    NoticeState.FAILED: _l("Failed"),
    NoticeState.GIVEN_UP: _l("Given up"),
    NoticeState.COPIED: _l("Told by a person"),
    NoticeState.SKIPPED: _l("Skipped"),
}


class EmailForm(FlaskForm):
    """Where shall we write to? Empty: nowhere."""

    address = StringField(
        _l("E-mail address"),
        filters=[lambda text: (text or "").strip()],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )

    def validate_address(self, field: Field) -> None:
        text = field.data
        if text and (len(text) > 254 or ".." in text or not _ADDRESS.fullmatch(text)):
            raise ValidationError(_("Enter an e-mail address such as ten.ban@example.vn."))


class FilterForm(FlaskForm):
    """Which notices of the log?"""

    class Meta:
        csrf = False

    state = SelectField(_l("State"), validate_choice=False)
    channel = SelectField(_l("Way"), validate_choice=False)
    event = SelectField(_l("What happened"), validate_choice=False)
    code = StringField(_l("Order code"), filters=[lambda text: (text or "").replace(" ", "").upper()])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self["state"].choices = [("", _("Every state")), *((key.value, words) for key, words in STATES.items())]
        self["channel"].choices = [("", _("Every way")), *((key.value, words) for key, words in CHANNELS.items())]
        self["event"].choices = [("", _("Every event")), *outbox.trade().titles.items()]


class HandForm(FlaskForm):
    """What became of a notice that waited for a person?"""

    did = HiddenField(validators=[AnyOf(["told", "left_out"])])
