"""The question of the quarantine: is this a transfer that we know, or another one?"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from kernel.forms import BecauseForm
from orders.payments.models import Transfer

ANOTHER = "another"


class DecideForm(BecauseForm):
    """Which transfer is it? ``version`` is the doubt's as it was shown."""

    which = RadioField(
        _l("What is it?"), validators=[InputRequired(_l("Choose: one of the transfers shown, or another one."))]
    )

    def offer(self, transfers: Sequence[Transfer]) -> None:
        """Ask about these transfers."""
        same = [
            (str(each.id), _l("The same as transfer %(number)s: no money is added", number=each.id))
            for each in transfers
        ]
        self.which.choices = [*same, (ANOTHER, _l("Another one: its money is added, and matched"))]
