"""Which column is what?"""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, ValidationError

from kernel.forms import ChoiceField
from orders.payments.feeds.columns import Column, Order, Signs
from orders.payments.feeds.mapping import ColumnMapping, Look, fingerprint
from orders.payments.feeds.models import BankAccount

_ORDERS = [(Order.DAY.value, _l("Day first: 31/08/2021")), (Order.MONTH.value, _l("Month first: 08/31/2021"))]
_GROUPS = [
    (".", _l("With dots: 1.250.000")),
    (",", _l("With commas, where 1.250.000 has dots")),
]
_SIGNS = [
    ("", _l("The file has a column for money in and one for money out, or one of marks")),
    (Signs.PLUS_IN.value, _l("Plus or nothing is money in, minus is money out")),
    (Signs.MINUS_IN.value, _l("Minus is money in, plus or nothing is money out")),
    (Signs.MARKED.value, _l("Each amount bears its mark, CR or DR")),
    (Signs.ALL_IN.value, _l("There is only money in")),
]
_NOT_THERE = _l("not in the file")


def letter(place: int) -> str:
    """A column as a spreadsheet calls it: A, B, …, AA."""
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


class ColumnField(SelectField):
    """One of the table's columns, or none."""

    def __init__(self, label: LazyString, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **kwargs)

    @property
    def place(self) -> int | None:
        return int(self.data) if self.data else None

    def pre_validate(self, form: FlaskForm) -> None:
        if (self.data or "") not in [choice[0] for choice in self.choices or ()]:
            raise ValidationError(_("Choose one of the list."))


class MappingForm(FlaskForm):
    """Which row heads the table, which column is what, and how dates and amounts are written."""

    heading = ChoiceField(_l("Row of the headings"))
    date = ColumnField(_l("Date"))
    time = ColumnField(_l("Time"), description=_l("Only if it stands in a column of its own."))
    memo = ColumnField(_l("Memo"), description=_l("What the payer wrote."))
    credit = ColumnField(_l("Money in"))
    debit = ColumnField(_l("Money out"))
    amount = ColumnField(_l("Amount, in and out in one column"), description=_l("Instead of the two above."))
    sign = ColumnField(_l("Mark of in or out"), description=_l("Such as D and C, or + and −."))
    signs = RadioField(_l("What does the sign of an amount mean?"), choices=_SIGNS, default="", validate_choice=False)
    balance = ColumnField(_l("Balance"))
    reference = ColumnField(_l("Bank’s reference"))
    payer_name = ColumnField(_l("Payer’s name"))
    payer_account = ColumnField(_l("Payer’s account"))
    order = RadioField(_l("How are dates written?"), choices=_ORDERS, validate_choice=False)
    groups = RadioField(_l("How are thousands written?"), choices=_GROUPS, validate_choice=False)
    account = SelectField(_l("Account"), coerce=str, validate_choice=False)

    def offer(self, look: Look, accounts: list[BankAccount]) -> None:
        """What there is to choose from."""
        here = {"lang": "vi"}
        rows = [(str(look.first + at), line) for at, line in enumerate(look.lines)]
        self.heading.choices = [(at, f"{int(at) + 1}: {_summary(line)}", here) for at, line in rows if any(line)]
        titles = look.line(look.heading)
        columns = [(str(at), _named(titles, at), here) for at in range(look.width)]
        for field in self.columns.values():
            field.choices = [("", _NOT_THERE), *columns]
        choices = [(f"{a.bank_code}:{a.number}", f"{a.bank_code} {a.number}") for a in accounts]
        self.account.choices = [("", _("As the file says")), *choices]

    def suggest(self, look: Look, account: str) -> None:
        """What the headings and the file itself say for sure; the rest is for a person to say."""
        self.heading.data = str(look.heading)
        for column, field in self.columns.items():
            field.data = str(look.places.get(column.value, ""))
        self.order.data, self.groups.data, self.account.data = look.order, look.groups, account

    @property
    def columns(self) -> dict[Column, ColumnField]:
        return {Column(name): field for name, field in self._fields.items() if isinstance(field, ColumnField)}

    @property
    def places(self) -> dict[Column, int]:
        return {column: field.place for column, field in self.columns.items() if field.place is not None}

    def said(self, look: Look) -> ColumnMapping:
        """The answer, bound to the headings that were chosen."""
        signs = Signs(self.signs.data) if self.amount.data and not self.sign.data else None
        titles = look.line(int(self.heading.data))
        return ColumnMapping(fingerprint(titles), self.places, Order(self.order.data), self.groups.data, signs)

    def validate_date(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Choose the column of the date."))

    def validate_memo(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Choose the column of the memo."))

    def validate_amount(self, field: Field) -> None:
        both, none = self.credit.data and self.debit.data, not self.credit.data and not self.debit.data
        if field.data and not none:
            raise ValidationError(_("Either one column for both directions, or two: not all three."))
        if not field.data and not both:
            raise ValidationError(_("Choose the columns of money in and money out, or the one that holds both."))

    def validate_signs(self, field: Field) -> None:
        if self.amount.data and not self.sign.data and field.data not in list(Signs):
            raise ValidationError(_("Say what the sign means, or choose the column that marks money in and out."))

    def validate_sign(self, field: Field) -> None:
        if field.data and not self.amount.data:
            raise ValidationError(_("A column of marks belongs to one column of amounts. Choose that, too."))

    def validate_order(self, field: Field) -> None:
        if field.data not in list(Order):
            raise ValidationError(_("Say how dates are written: the file does not prove it."))

    def validate_groups(self, field: Field) -> None:
        if field.data not in dict(_GROUPS):
            raise ValidationError(_("Say how thousands are written: the file does not prove it."))

    def validate_heading(self, field: Field) -> None:
        places = list(self.places.values())
        if len(set(places)) < len(places):
            raise ValidationError(_("A column was chosen for two things. Each holds one."))


def _named(titles: list[str], at: int) -> str:
    title = titles[at] if at < len(titles) else ""
    return f"{letter(at)}: {title}" if title else letter(at)


def _summary(line: list[str]) -> str:
    return " · ".join(cell for cell in line if cell)[:80]
