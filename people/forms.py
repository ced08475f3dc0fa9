"""Forms of the people package."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from kernel.forms import at_most
from people.passwords import Weakness, weakness

SHORTEST = 10
WEAK = {
    Weakness.NAME: _l("Your sign-in name is in it. Choose something else."),
    Weakness.COMMON: _l("Many people use a password like this one, so it is tried first. Choose something else."),
    Weakness.MONOTONOUS: _l("It repeats itself. Use more different letters."),
}


class SignInForm(FlaskForm):
    """Who are you?"""

    username = StringField(
        _l("Sign-in name"),
        validators=[InputRequired(_l("Enter your sign-in name.")), at_most(80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), at_most(200)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(FlaskForm):
    """The old password, and the new one twice."""

    old = PasswordField(
        _l("Present password"),
        validators=[InputRequired(_l("Enter your present password.")), at_most(200)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        description=_l("Ten letters or more. Four words that do not belong together are good and easy to remember."),
        validators=[
            InputRequired(_l("Enter a new password.")),
            Length(min=SHORTEST, message=_l("At least %(min)d letters.")),
            at_most(200),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password again"),
        validators=[InputRequired(_l("Enter the new password a second time.")), at_most(200)],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, username: str) -> None:
        super().__init__()
        self.username = username

    def validate_new(self, field: Field) -> None:
        if field.data == self.old.data:
            raise ValidationError(_("This is the present password. Choose another one."))
        if found := weakness(field.data or "", self.username):
            raise ValidationError(str(WEAK[found]))

    def validate_again(self, field: Field) -> None:
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords differ. Type the new one again."))
