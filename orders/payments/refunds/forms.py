"""Forms about refunds: how much, to whom, why; and what a debit was."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kernel.forms import BecauseForm, ChoiceField, KeepForm, at_most, tidy
from kernel.money import MoneyFault, format_dong, parse_dong
from kernel.text import fold
from orders.payments.accounts.forms import bare_number
from orders.payments.banks import BANKS
from orders.payments.feeds.models import BankAccount
from orders.payments.forms import DeskForm
from orders.payments.models import DebitKind, Place, Transfer
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee, payer_of

_UNLISTED: tuple[str, Any, dict[str, Any]] = ("", _l("choose, or type the BIN below"), {})
_BANKS = [_UNLISTED, *((bank.bin, f"{bank.short} – {bank.name}", {"lang": "vi"}) for bank in BANKS)]
_BIN = re.compile(r"[0-9]{6}")
_NUMBER = re.compile(r"[0-9A-Z]{4,19}")  # NAPAS carries at most 19
_NAME = re.compile(r"[A-Z0-9][A-Z0-9 .,&'/()-]{1,69}")


class PayeeForm(FlaskForm):
    """To which account?"""

    bank = ChoiceField(_l("Bank"), choices=_BANKS)
    bank_bin = StringField(
        _l("BIN of another bank"),
        description=_l("Six figures, only for a bank that is not listed above."),
        filters=[bare_number],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    account = StringField(
        _l("Account number"),
        filters=[bare_number],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        _l("Account holder"),
        description=_l("As the bank writes it: capitals without accents, which this form makes of what you type."),
        filters=[tidy, fold],
        validators=[at_most(70)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = StringField(
        _l("Why to this account"),
        description=_l("Needed unless the bank told whole that this account paid. For example: “her own, she called”."),
        filters=[tidy],
        validators=[Optional(), Length(min=4, message=_l("Say it in a few words.")), at_most(200)],
    )

    @property
    def bin_data(self) -> str:
        return str(self.bank.data or self.bank_bin.data or "")

    @property
    def payee(self) -> Payee:
        name, reason = self.name.data or "", self.reason.data or ""
        return Payee(self.bin_data, self.account.data or "", name, reason)

    def validate_bank_bin(self, field: Field) -> None:
        if self.bank.data and field.data and field.data != self.bank.data:
            raise ValidationError(_("You have chosen a bank and typed another one's BIN. Leave one of them out."))
        if self.asked and not _BIN.fullmatch(self.bin_data):
            raise ValidationError(_("Choose the bank, or type the six figures of its BIN."))

    def validate_account(self, field: Field) -> None:
        if self.asked and not _NUMBER.fullmatch(field.data or ""):
            raise ValidationError(_("An account number has 4 to 19 figures or letters."))

    def validate_name(self, field: Field) -> None:
        if self.asked and not _NAME.fullmatch(field.data or ""):
            raise ValidationError(_("Letters, figures and . , & ' / ( ) - only, at least two of them."))

    @property
    def asked(self) -> bool:
        """Whether an account has to be named now."""
        return True

    def suggest(self, payee: Payee) -> None:
        """What is known already, for the clerk to compare."""
        listed = payee.bank_bin in {bank.bin for bank in BANKS}
        self.bank.data = payee.bank_bin if listed else ""
        self.bank_bin.data = "" if listed else payee.bank_bin
        self.account.data, self.name.data, self.reason.data = payee.account, payee.name, payee.reason


class NameForm(PayeeForm, KeepForm):
    """To which account does this refund go?"""

    @classmethod
    def about(cls, refund: Refund) -> NameForm:
        """As it is first shown."""
        form = cls(formdata=None, version=str(refund.version))
        form.suggest(Payee(refund.bank_bin, refund.account, refund.name, refund.other_account_reason))
        return form


class ProposeForm(PayeeForm, DeskForm):
    """How much of a transfer goes back, from where, for which order, to whom and why?"""

    taken_from = RadioField(
        _l("Which money"),
        choices=[(Place.UNPLACED.value, _l("not placed")), (Place.CREDIT.value, _l("the payer's credit"))],
        validators=[InputRequired(_l("Choose which money goes back."))],
    )
    amount = StringField(
        _l("Amount (đồng)"),
        filters=[tidy],
        validators=[DataRequired(_l("Enter how much goes back."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    code = StringField(
        _l("Code of the order"),
        description=_l("If it is about one: its resident is told on the order's page."),
        filters=[lambda text: (text or "").replace(" ", "").upper()],
        validators=[at_most(12)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    because = StringField(
        _l("Reason"),
        description=_l("The second person will read this. For example: “paid twice”."),
        filters=[tidy],
        validators=[DataRequired(_l("Say why.")), Length(min=4, message=_l("Say it in a few words.")), at_most(200)],
    )

    @classmethod
    def about(cls, transfer: Transfer, **kwargs: Any) -> ProposeForm:
        form: ProposeForm = super().about(transfer, **kwargs)
        place = Place.UNPLACED if transfer.unplaced else Place.CREDIT
        form.taken_from.data, form.amount.data = place.value, str(transfer.unplaced or transfer.credit)
        form.suggest(payer_of(transfer))
        return form

    @property
    def asked(self) -> bool:
        """Nothing typed: somebody names the account later."""
        return bool(self.account.data or self.name.data or self.bin_data)

    @property
    def place(self) -> Place:
        return Place(self.taken_from.data)

    def validate_amount(self, field: Field) -> None:
        try:
            self.dong = parse_dong(field.data)
        except (MoneyFault, ValueError) as fault:  # Python reads no number of thousands of digits
            raise ValidationError(_("Enter an amount in đồng, for example 120.000.")) from fault
        if self.dong <= 0:
            raise ValidationError(_("Enter an amount in đồng, for example 120.000."))

    def at_most_there(self, transfer: Transfer) -> bool:
        """Whether so much lies there; else the field says how much does."""
        there = transfer.unplaced if self.place is Place.UNPLACED else transfer.credit
        if self.dong > there:
            self.amount.errors = [_("Only %(left)s lies there.", left=format_dong(there))]
        return self.dong <= there


class ExportForm(FlaskForm):
    """From which account of ours? ``attempt`` makes a form that is sent twice one batch."""

    account = SelectField(_l("Paid from"), coerce=int)
    attempt = HiddenField(default=lambda: secrets.token_urlsafe(12), validators=[InputRequired(), at_most(40)])

    def offer(self, accounts: Sequence[BankAccount]) -> None:
        """Our accounts in use, the one that residents pay to first."""
        own = sorted((each for each in accounts if each.active), key=lambda each: (not each.receives, each.id))
        self.account.choices = [(each.id, f"{each.bank_code} {each.number}") for each in own]


class LinkForm(BecauseForm):
    """Which refund did this debit pay?"""

    code = StringField(
        _l("Code of the refund"),
        filters=[lambda text: "".join((text or "").split()).upper()],
        validators=[DataRequired(_l("Choose a refund, or type its code.")), at_most(12)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class OtherForm(BecauseForm):
    """What was it, if it was no refund?"""

    kind = ChoiceField(
        _l("It was"),
        choices=[
            (DebitKind.FEE.value, _l("a bank's fee")),
            (DebitKind.SUPPLIER.value, _l("paid to a supplier")),
            (DebitKind.OTHER.value, _l("something else")),
        ],
    )
