"""Forms about bank accounts."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired

from kernel.forms import ChoiceField, KeepForm, at_most, tidy
from kernel.text import fold
from orders.payments.banks import BANKS

_NUMBER = re.compile(r"[0-9A-Z]{4,19}")  # NAPAS carries at most 19
_LISTED = [(bank.code, f"{bank.short} – {bank.name}", {"lang": "vi"}) for bank in BANKS]
_HOLDER = re.compile(r"[A-Z0-9][A-Z0-9 .,&'/()-]{1,69}")


def bare_number(text: str | None) -> str:
    """Without the blanks, dots and hyphens that people write for readers."""
    return re.sub(r"[\s.-]", "", text or "").upper()


class AccountForm(KeepForm):
    """Whose account is it?"""

    holder = StringField(
        _l("Account holder"),
        description=_l("As the bank writes it: capitals without accents, which this form makes of what you type."),
        filters=[tidy, fold],
        validators=[InputRequired(_l("Enter the account holder.")), at_most(70)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_holder(self, field: Field) -> None:
        if not _HOLDER.fullmatch(field.data):
            raise ValidationError(_("Letters, figures and . , & ' / ( ) - only, at least two of them."))


class NewAccountForm(AccountForm):
    """Which account, at which bank?"""

    bank = ChoiceField(_l("Bank"), choices=_LISTED)
    number = StringField(
        _l("Account number"),
        description=_l("It can't be changed afterwards. Compare it with the contract, figure by figure."),
        filters=[bare_number],
        validators=[InputRequired(_l("Enter the account number."))],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )

    def validate_number(self, field: Field) -> None:
        if not _NUMBER.fullmatch(field.data):
            raise ValidationError(_("An account number has 4 to 19 figures or letters."))
