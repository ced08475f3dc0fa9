"""Forms of purchase orders."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from kernel.forms import PlainText, at_most, tidy


class AcknowledgeForm(FlaskForm):
    """Who of the supplier has seen what is ordered?"""

    name = StringField(
        _l("Full name"),
        description=_l("Of the person who takes the order. The office reads it."),
        filters=[tidy],
        validators=[DataRequired(_l("Write the name of whoever acknowledges it.")), at_most(80), PlainText()],
        render_kw={"autocomplete": "name"},
    )
