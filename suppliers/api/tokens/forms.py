"""The form that makes a token."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from kernel.forms import PlainText, at_most, tidy
from suppliers.api.scopes import SAYS, Scope

LASTS = {"30": _l("30 days"), "90": _l("90 days"), "365": _l("a year")}


class TokenForm(FlaskForm):
    """What is the token for, what may it do, and for how long?"""

    name = StringField(
        _l("Name"),
        description=_l("Which program uses it, for example “warehouse scales”."),
        filters=[tidy],
        validators=[DataRequired(_l("Say what uses it.")), at_most(60), PlainText()],
        render_kw={"autocomplete": "off"},
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        description=_l("No more than the program needs."),
        choices=[(scope.value, words) for scope, words in SAYS.items()],
        validators=[InputRequired(_l("Tick at least one."))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    lasts = RadioField(
        _l("How long it holds"),
        choices=list(LASTS.items()),
        default="90",
        validate_choice=False,
        validators=[InputRequired(_l("Choose how long."))],
    )

    def __init__(self, *, sees_people: bool) -> None:
        super().__init__()
        self.sees_people = sees_people

    def validate_scopes(self, field: Field) -> None:
        if not set(field.data) <= {scope.value for scope in Scope}:
            raise ValidationError(_("Choose from the list."))
        if Scope.PEOPLE_READ.value in field.data and not self.sees_people:
            raise ValidationError(_("Only an account that delivers can let a program see names and addresses."))

    def validate_lasts(self, field: Field) -> None:
        if field.data not in LASTS:
            raise ValidationError(_("Choose one of the list."))

    @property
    def chosen(self) -> list[Scope]:
        return [scope for scope in Scope if scope.value in (self.scopes.data or ())]

    @property
    def span(self) -> timedelta:
        return timedelta(days=int(self.lasts.data))
