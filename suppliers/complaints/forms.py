"""Forms about complaints: what a resident says, what the office decides, what the supplier answers."""

from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from kernel.forms import BecauseForm, KeepForm, PriceField, at_most, tidy, tidy_lines
from suppliers.complaints.models import ComplaintKind
from suppliers.complaints.wording import KINDS


class ComplaintForm(FlaskForm):
    """What is wrong with it?"""

    kind = RadioField(
        _l("What is wrong?"),
        choices=list(KINDS.items()),
        validate_choice=False,
        validators=[AnyOf(list(ComplaintKind), message=_l("Say what is wrong."))],
    )
    photo = FileField(
        _l("A photo of the goods"),
        description=_l(
            "It helps the office to decide. Only the goods: never photograph an identity card, nobody will ask for it."
        ),
        validators=[Optional()],
    )
    words = TextAreaField(
        _l("In your own words"), filters=[tidy_lines], validators=[Optional(), at_most(500)], render_kw={"rows": 3}
    )
    attempt = HiddenField(default=lambda: secrets.token_urlsafe(12), validators=[at_most(40)])


class SumField(PriceField):
    """Whole đồng that go back."""

    LEAST, MOST = 1, 1_000_000_000


class AcceptForm(KeepForm):
    """How much goes back, and what the resident is told."""

    amount = SumField(_l("Goes back, in đồng"))
    answer = StringField(
        _l("What the resident is told"),
        description=_l("It stands on the page of the order. Leave it empty if the sum says it all."),
        filters=[tidy],
        validators=[Optional(), at_most(200)],
        render_kw={"autocomplete": "off"},
    )


class RefuseForm(KeepForm):
    """Why nothing goes back."""

    because = StringField(
        _l("Why nothing goes back"),
        description=_l("The resident reads this."),
        filters=[tidy],
        validators=[
            InputRequired(_l("Say why.")),
            Length(min=4, message=_l("Say it in a few words.")),
            at_most(200),
        ],
        render_kw={"autocomplete": "off"},
    )


class UndoForm(BecauseForm):
    """Why was it a mistake?"""


class ReplyForm(FlaskForm):
    """What does the supplier say of it?"""

    reply = TextAreaField(
        _l("Your answer to the office"),
        description=_l("Once, before the office decides. The resident does not see it."),
        filters=[tidy_lines],
        validators=[InputRequired(_l("Write a few words.")), at_most(300)],
        render_kw={"rows": 3},
    )
