"""The quarantine in words: who told, and why nobody can be sure."""

from __future__ import annotations

from flask_babel import gettext as _

from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.told import Feed


def feed_words(feed: str) -> str:
    """Who told."""
    names = {Feed.SEPAY: "SePay", Feed.CASSO: "Casso", Feed.PAYOS: "payOS"}
    return names.get(Feed(feed)) or str(_("Statement"))


def why_words(why: str) -> str:
    """Why a clerk is asked, in a sentence."""
    words = {
        Why.CHANGED: _("The provider has told this number before, with another amount or account."),
        Why.SEVERAL: _("Its memo may be that of several transfers, and one of these may be told twice."),
        Why.REFERENCE: _("The bank's number is the same, the memo is not."),
        Why.UNLIKE: _("The same amount, day, and order code or phone, but the memos differ."),
        Why.NEXT_DAY: _("The same amount and memo, on one day and under the date of the next."),
    }
    return str(words[Why(why)])
