"""Forms of the suppliers package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Optional

from kernel.forms import at_most, tidy
from suppliers.models import ParcelState


class MarkForm(FlaskForm):
    """What became of a parcel? ``version`` is the one that was shown."""

    became = HiddenField(validators=[AnyOf([state.value for state in ParcelState])])
    version = IntegerField(validators=[InputRequired()])
    because = StringField(_l("Why?"), filters=[tidy], validators=[at_most(200)])

    @property
    def is_understood(self) -> bool:
        """Whether at most the reason is wrong: the rest is sent by a button, not by a person."""
        return not self.errors.keys() - {"because"}


class DispatchForm(FlaskForm):
    """Send a round; before its time or without its statements only with a reason."""

    because = StringField(
        _l("Reason for sending it all the same"),
        description=_l("Needed only where the round is not ready. It stays in the round's history."),
        filters=[tidy],
        validators=[Optional(), at_most(200)],
    )
