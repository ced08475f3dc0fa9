"""Forms of the payments desk. Each posts back the version of what was shown: what the clerk saw is what is booked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Optional

from kernel.database import db
from kernel.forms import WallTimeField, at_most, tidy
from kernel.money import MoneyFault, format_number, parse_dong
from orders.payments.feeds.models import BankAccount
from orders.payments.models import Transfer
from orders.payments.queries import last_done

_SHARE = re.compile(r"(?P<code>DC\w{7})[\s:;,=]+(?P<amount>[\d.,k ]+)", re.IGNORECASE)


class DeskForm(FlaskForm):
    """What every step at the desk asks: why; and, unseen, which state of the transfer the clerk was shown."""

    seen = HiddenField(validators=[InputRequired(_l("Load this page again, then send it once more."))])
    because = StringField(
        _l("Reason"),
        description=_l("The next clerk will read this. For example: “paid by her mother”."),
        filters=[tidy],
        validators=[DataRequired(_l("Say how you know.")), at_most(200)],
    )

    @classmethod
    def about(cls, transfer: Transfer, **kwargs: Any) -> Any:
        """The form as it is first shown for ``transfer``."""
        form = cls(**kwargs)
        form.seen.data = form.seen.data or seen(transfer)
        return form


def seen(transfer: Transfer) -> str:
    """Which state of a transfer a page shows: the proposal's version, and the last thing that was done to it.

    The latter only grows, so that what was undone and done otherwise never looks as it did before.
    """
    version = transfer.proposal.version if transfer.proposal else 0
    posting, event = last_done(db.session, transfer.id)
    return f"{version}.{posting}.{event}"


class SettleForm(DeskForm):
    """Which order does this transfer pay? ``owed`` posts back what each candidate was shown to owe."""

    owed = HiddenField()
    because = StringField(
        _l("Reason"),
        description=_l("Needed for an order that is not listed above. The next clerk will read it."),
        filters=[tidy],
        validators=[at_most(200)],
    )
    order = RadioField(_l("Order"), coerce=str, validate_choice=False, validators=[Optional()])
    code = StringField(
        _l("Another order’s code"),
        filters=[lambda text: (text or "").replace(" ", "").upper()],
        validators=[at_most(12)],
    )

    def offer(self, owed: Mapping[str, int]) -> None:
        """The candidates, by their codes, with what each owes."""
        self.offered = frozenset(owed)
        self.order.choices = [(code, code) for code in owed]
        self.owed.data = self.owed.data or " ".join(f"{code}:{amount}" for code, amount in owed.items())

    @property
    def shown_owed(self) -> int | None:
        """What the chosen order was shown to owe; None if the page did not show it."""
        shown = dict(pair.split(":", 1) for pair in (self.owed.data or "").split() if ":" in pair)
        amount = shown.get(self.chosen, "")
        return int(amount) if amount.lstrip("-").isdecimal() else None

    @property
    def chosen(self) -> str:
        return self.code.data or self.order.data or ""

    def validate_code(self, field: Field) -> None:
        if not self.chosen:
            raise ValidationError(_("Choose the order that this transfer pays, or type its code."))

    def validate_because(self, field: Field) -> None:
        if not field.data and self.chosen and self.chosen not in self.offered:
            raise ValidationError(_("Say how you know."))


class SplitForm(DeskForm):
    """Which orders does this transfer pay, and how much of each?"""

    shares = TextAreaField(
        _l("Orders and amounts"),
        description=_l("One order a line, for example: DC2CYTZ9S 200.000"),
        validators=[DataRequired(_l("Name at least one order and its amount."))],
    )

    def validate_shares(self, field: Field) -> None:
        self.parsed: dict[str, int] = {}
        for number, line in enumerate(filter(str.strip, field.data.splitlines()), start=1):
            found = _SHARE.fullmatch(line.strip())
            try:
                code, amount = (found["code"].upper(), parse_dong(found["amount"])) if found else ("", 0)
            except MoneyFault:
                amount = 0
            if amount <= 0:
                raise ValidationError(_("Line %(line)s is not an order’s code and an amount.", line=number))
            if code in self.parsed:
                raise ValidationError(_("Order %(code)s stands here twice.", code=code))
            self.parsed[code] = amount


class UploadForm(FlaskForm):
    """A bank's statement."""

    file = FileField(
        _l("Statement (Excel, CSV, MT940 or CAMT.053)"),
        validators=[FileRequired(_l("Choose the file that the bank gave you."))],
    )
    account = SelectField(_l("Account"), coerce=str, validate_choice=False, validators=[Optional()])
    covers_until = WallTimeField(
        _l("The statement reaches to"),
        description=_l("Only if the file does not say so itself: when it was drawn at the bank."),
        validators=[Optional()],
    )

    def offer(self, accounts: list[BankAccount]) -> None:
        choices = [(f"{a.bank_code}:{a.number}", f"{a.bank_code} {a.number}") for a in accounts]
        self.account.choices = [("", _("As the file says")), *choices]


class CombosForm(FlaskForm):
    """Which combos does an order taken elsewhere hold?"""

    combos = StringField(
        _l("Combos"),
        description=_l("Code and quantity, for example: C06:1; C13:2. They must add up to the order’s total."),
        validators=[DataRequired(_l("Name the combos."))],
    )

    def validate_combos(self, field: Field) -> None:
        self.parsed: dict[str, int] = {}
        for piece in filter(None, (part.strip() for part in re.split(r"[;,]", field.data))):
            found = re.fullmatch(r"(\w{2,6})\s*(?:[:x×]\s*(\d{1,3}))?", piece, re.IGNORECASE)
            if found is None or found[2] == "0":
                raise ValidationError(_("“%(piece)s” is no combo and quantity.", piece=piece[:20]))
            self.parsed[found[1].upper()] = self.parsed.get(found[1].upper(), 0) + int(found[2] or 1)


def shares_text(proposed: Sequence[Sequence[Any]]) -> str:
    """A proposed split as the form's text: one order a line."""
    return "\n".join(f"{code} {format_number(amount)}" for code, amount in proposed)
