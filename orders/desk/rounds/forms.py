"""Forms about delivery rounds: several at once, the times of one, its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from kernel import clock
from kernel.forms import ChoiceField, DayField, HourField, KeepForm, WallTimeField, WholeField, at_most, tidy
from shop.models import Round, Slot
from shop.rounds import CLOSES_HOUR, DAYS, DISPATCH_HOUR, OPEN_FOR, SLOTS

MOST_DAYS = 31
FARTHEST = timedelta(days=400)
FRESH_FOR = timedelta(days=14)
TIMES = ("opens_at", "closes_at", "dispatch_at")
_SLOTS = [(slot.value, words) for slot, words in SLOTS.items()]


class NewRoundsForm(KeepForm):
    """On which days is delivered, and in which rhythm?"""

    first = DayField(_l("First day of delivery"), validators=[InputRequired(_l("Enter the first day."))])
    last = DayField(
        _l("Last day of delivery"),
        description=_l("The same day for one round; a week later for a week of them."),
        validators=[InputRequired(_l("Enter the last day."))],
    )
    weekdays = SelectMultipleField(
        _l("On these days"),
        choices=[(str(number), name) for number, name in enumerate(DAYS)],
        default=[str(number) for number in range(7)],
        validate_choice=False,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[InputRequired(_l("Choose at least one day of the week."))],
    )
    closes = HourField(
        _l("Last order and payment"),
        description=_l("On the day before delivery."),
        default=time(CLOSES_HOUR),
        validators=[InputRequired(_l("Enter the hour."))],
    )
    leaves = HourField(
        _l("Dispatch"),
        description=_l("On the day before delivery, not before the last order."),
        default=time(DISPATCH_HOUR),
        validators=[InputRequired(_l("Enter the hour."))],
    )
    open_for = WholeField(_l("Open for so many days"), least=1, most=30, default=OPEN_FOR.days)
    slot = ChoiceField(
        _l("Brought"),
        choices=_SLOTS,
        default=Slot.ALL_DAY.value,
        description=_l("Residents are promised this part of the day."),
    )
    like = ChoiceField(
        _l("Places and wards as in"),
        description=_l("A round without places takes no orders; you can fill them in afterwards."),
    )

    def offer(self, rounds: Sequence[Round]) -> None:
        self.like.choices = [*_named(rounds), ("", _("no places yet"))]

    def validate_first(self, field: Field) -> None:
        if field.data and not clock.today() < field.data < clock.today() + FARTHEST:
            raise ValidationError(_("From tomorrow on, and within a year."))

    def validate_last(self, field: Field) -> None:
        if not (field.data and self.first.data):
            return
        if not timedelta(0) <= field.data - self.first.data < timedelta(days=MOST_DAYS):
            raise ValidationError(_("Not before the first day, and at most %(many)d days in all.", many=MOST_DAYS))
        if self.weekdays.data and not list(self.days()):
            raise ValidationError(_("None of the chosen days of the week lies between the two."))

    def validate_leaves(self, field: Field) -> None:
        if field.data and self.closes.data and field.data < self.closes.data:
            raise ValidationError(_("It cannot leave before the last order."))

    def days(self) -> Iterator[date]:
        if self.first.data is None or self.last.data is None:
            return
        for ahead in range((self.last.data - self.first.data).days + 1):
            day = self.first.data + timedelta(days=ahead)
            if str(day.weekday()) in (self.weekdays.data or ()):
                yield day

    @property
    def hours(self) -> tuple[time, time]:
        """Of the last order, and of dispatch."""
        return self.closes.data or time(CLOSES_HOUR), self.leaves.data or time(DISPATCH_HOUR)


class RoundForm(KeepForm):
    """When does this round open, close, leave and arrive?"""

    opens_at = WallTimeField(_l("Opens"), validators=[InputRequired(_l("Enter day and hour."))])
    closes_at = WallTimeField(_l("Last order and payment"), validators=[InputRequired(_l("Enter day and hour."))])
    dispatch_at = WallTimeField(_l("Dispatch"), validators=[InputRequired(_l("Enter day and hour."))])
    delivery_on = DayField(_l("Delivery"), validators=[InputRequired(_l("Enter the day."))])
    slot = ChoiceField(_l("Brought"), choices=_SLOTS, description=_l("Residents are promised this part of the day."))
    closed_now = BooleanField(_l("Yes, it closes at once: the last order lies in the past"))
    because = StringField(
        _l("Reason"),
        description=_l(
            "Needed where residents have ordered and the last order, the day of delivery or its part changes. "
            "They read it on their order's page."
        ),
        filters=[tidy],
        validators=[Optional(), at_most(200)],
    )

    def validate(self, extra_validators: object = None) -> bool:
        """Each time by itself, then whether they come in order."""
        if not super().validate(extra_validators):
            return False
        for name in TIMES:
            if abs(self._wall(name).date() - clock.today()) > FARTHEST:
                self[name].errors = [_("Within a year, please.")]
                return False
        name, fault = self._out_of_order()
        if fault:
            self[name].errors = [fault]
        return not fault

    def _out_of_order(self) -> tuple[str, str]:
        """The first field that does not fit to the others, and what is wrong with it."""
        opens, closes, leaves = (self._wall(name) for name in TIMES)
        days_on_the_way = (self.delivery_on.data or leaves.date()) - leaves.date()
        past = aware(closes) <= clock.now() and not self.closed_now.data
        rules = (
            (closes <= opens, "closes_at", _("A round closes after it opens.")),
            (leaves < closes, "dispatch_at", _("It cannot leave before the last order.")),
            (days_on_the_way.days < 0, "delivery_on", _("Goods cannot arrive before they leave.")),
            (days_on_the_way > FRESH_FOR, "delivery_on", _("Fresh goods arrive within two weeks.")),
            (past, "closed_now", _("The last order lies in the past: tick the box if the round closes at once.")),
        )
        return next(((name, words) for broken, name, words in rules if broken), ("", ""))

    def _wall(self, name: str) -> datetime:
        moment: datetime = self[name].data
        return moment

    def moments(self) -> dict[str, object]:
        times = {name: aware(self._wall(name)) for name in TIMES}
        return {**times, "delivery_on": self.delivery_on.data, "slot": Slot(self.slot.data)}


class CloseForm(KeepForm):
    """Why does the round close now?"""

    because = StringField(
        _l("Reason"),
        description=_l("Residents who have ordered read it on their order's page."),
        filters=[tidy],
        validators=[InputRequired(_l("Say why.")), at_most(200)],
    )


class PlacesForm(KeepForm):
    """From which round shall the places be taken?"""

    like = SelectField(_l("Places as in"), validate_choice=False)

    def offer(self, rounds: Sequence[Round]) -> None:
        self.like.choices = list(_named(rounds))


def _named(rounds: Sequence[Round]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The choices of a list of rounds. Their names are Vietnamese in every language."""
    return ((str(each.id), each.name, {"lang": "vi"}) for each in rounds)


def aware(wall: datetime) -> datetime:
    """A time on the wall in Vietnam as a moment."""
    return wall.replace(tzinfo=clock.VIETNAM).astimezone(UTC)


def wall(moment: datetime) -> datetime:
    """A moment as a form for wall time has it: to the minute, without a zone."""
    return clock.local(moment).replace(second=0, microsecond=0, tzinfo=None)
