"""Forms about runs."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from kernel.forms import ChoiceField, KeepForm
from people.models import Team


class GiveForm(KeepForm):
    """Which team brings this run?"""

    team = ChoiceField(_l("Give it to"))

    def offer(self, teams: Sequence[Team]) -> None:
        self.team.choices = [(str(team.id), team.name, {"lang": "vi"}) for team in teams if team.active]
