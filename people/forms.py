"""Forms of the people package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from kernel.forms import at_most


class SignInForm(FlaskForm):
    """Who are you?"""

    username = StringField(
        _l("Name"),
        validators=[InputRequired(_l("Enter your sign-in name.")), at_most(80)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), at_most(200)],
        render_kw={"autocomplete": "current-password"},
    )
