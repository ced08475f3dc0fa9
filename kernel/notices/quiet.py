"""Quiet hours: at night nobody's phone rings for what can wait for the morning."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel import clock
from kernel.notices.config import Notices


def is_quiet(moment: datetime, rules: Notices) -> bool:
    """Whether ``moment`` lies in the quiet hours: their first minute does, the minute at which they end does not."""
    hour, begins, ends = clock.local(moment).time(), rules.quiet_from, rules.quiet_until
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def after_quiet(moment: datetime, rules: Notices) -> datetime:
    """``moment``, or the end of the quiet hours that it lies in."""
    if not is_quiet(moment, rules):
        return moment
    here = clock.local(moment)
    end = clock.at(here.date(), rules.quiet_until.hour, rules.quiet_until.minute)
    return end if end > moment else end + timedelta(days=1)


def before_quiet(moment: datetime, rules: Notices) -> datetime:
    """``moment``, or the beginning of the quiet hours that it lies in."""
    if not is_quiet(moment, rules):
        return moment
    here = clock.local(moment)
    begin = clock.at(here.date(), rules.quiet_from.hour, rules.quiet_from.minute)
    return begin if begin <= moment else begin - timedelta(days=1)


def first_moment(at: datetime, event: str, rules: Notices) -> datetime:
    """When something told at ``at`` may leave."""
    return at if event in rules.urgent else after_quiet(at, rules)
