"""Forms about staff."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from kernel.forms import ChoiceField, KeepForm, PlainText, at_most, tidy
from people.models import Supplier

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
OFFICE = "office"


class StaffForm(KeepForm):
    """What is this person called, and are they one of the office's heads?"""

    name = StringField(
        _l("Name"),
        description=_l("As colleagues know this person, with what they do. It stands beside what they change."),
        filters=[tidy],
        validators=[
            InputRequired(_l("Enter the name.")),
            Length(min=2, message=_l("At least %(min)d letters.")),
            at_most(80),
            PlainText(),
        ],
    )
    manages = BooleanField(
        _l("Head of the office: keeps staff and bank accounts, and is a second person for prices and accounts")
    )
    delivers = BooleanField(
        _l("Delivers: sees names, phones and addresses on manifests"),
        description=_l("For a supplier's staff. Without it, an account sees goods and quantities only: the warehouse."),
    )


class NewStaffForm(StaffForm):
    """Who signs in, and whom do they work for?"""

    username = StringField(
        _l("Sign-in name"),
        description=_l("Small letters without accents and figures, for example lan.kinhte. It never changes."),
        filters=[tidy],
        validators=[InputRequired(_l("Enter a sign-in name.")), at_most(30)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    works_for = ChoiceField(_l("Works for"))

    def offer(self, firms: Sequence[Supplier]) -> None:
        listed = ((str(firm.id), firm.name, {"lang": "vi"}) for firm in firms)
        self.works_for.choices = [(OFFICE, _("the office")), *listed]

    def validate_username(self, field: Field) -> None:
        if not _USERNAME.fullmatch(field.data):
            raise ValidationError(
                _("3 to 30 small letters without accents, figures, dots or hyphens, beginning with a letter.")
            )

    def validate_manages(self, field: Field) -> None:
        if field.data and self.works_for.data != OFFICE:
            raise ValidationError(_("Only the office's own staff can be its heads."))

    @property
    def firm_id(self) -> int | None:
        return None if self.works_for.data == OFFICE else int(self.works_for.data)
