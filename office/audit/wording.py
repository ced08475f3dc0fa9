"""What the audit found, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from kernel.chain.verify import Fault, Wrong
from orders.payments.books.check import Disagreement, Unequal


def fault_words(fault: Fault) -> str:
    """One fault of the chain: table, row, link."""
    where = {"table": fault.table, "row": fault.row_id, "link": fault.link_id, "other": fault.other}
    words = {
        Wrong.CHANGED: _("%(table)s %(row)s was changed after it was sealed (link %(link)s).", **where),
        Wrong.MOVED: _("%(table)s %(row)s now holds what was sealed as %(other)s (link %(link)s).", **where),
        Wrong.DELETED: _("%(table)s %(row)s was sealed and is gone (link %(link)s).", **where),
        Wrong.INSERTED: _("%(table)s %(row)s was inserted between sealed rows (link %(link)s).", **where),
        Wrong.UNKNOWN_ROWS: _("%(table)s: rows of link %(link)s were forged so that each looks right.", **where),
        Wrong.LINK_CHANGED: _("Link %(link)s was changed: what it says of %(table)s is not to be trusted.", **where),
        Wrong.LINK_MISSING: _(
            "Before link %(link)s (%(table)s) links are missing, or were put in another order.", **where
        ),
    }
    return str(words[fault.wrong])


def disagreement_words(found: Disagreement) -> str:
    """One transfer or allocation that does not agree with its postings."""
    row = {"row": found.row_id}
    words = {
        Unequal.SUM: _("transfers %(row)s: its places do not add up to its amount.", **row),
        Unequal.PLACES: _("transfers %(row)s: its places are not what its postings say.", **row),
        Unequal.RECEIVED: _("transfers %(row)s: by its postings it came in never, twice, or as another sum.", **row),
        Unequal.ALLOCATED: _("transfers %(row)s: its allocations are not what its postings say.", **row),
        Unequal.UNPOSTED: _("allocations %(row)s: no posting moved its money.", **row),
    }
    return str(words[found.what])
