"""Faults of files in the words of whoever ran the command."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel.text import printable
from orders.payments.rehearsal_faults import FileFault, Wrong
from orders.payments.written import Unwritable

_LONGEST = 40  # letters of what stands there
_WORDS: dict[Wrong, LazyString] = {
    Wrong.TWICE: _l("“%(value)s” stands in the file twice"),
    Wrong.EMPTY: _l("this cell is empty"),
    Wrong.NO_COLUMN: _l("this column is missing"),
    Wrong.COLUMN_TWICE: _l("this column stands in the file twice"),
    Wrong.WIDTH: _l("the row has %(value)s cells, the heading has %(expected)s"),
    Wrong.DELIMITER: _l("the cells are parted by “%(value)s”; save the file with commas"),
    Wrong.CHOICE: _l("“%(value)s” is none of: %(expected)s"),
    Wrong.SUM: _l("“%(value)s” is no whole number of đồng (%(expected)s)"),
    Wrong.MOMENT: _l("“%(value)s” is no date and time, such as 2021-08-30T09:15:00"),
    Wrong.DATE: _l("“%(value)s” is no date, such as 2021-08-30"),
    Wrong.YEAR: _l("“%(value)s” is not within the years %(expected)s"),
    Wrong.NOT_UTF8: _l("this is not UTF-8 text; save the file as CSV UTF-8"),
    Wrong.NUL: _l("a NUL byte stands here, which no text has"),
    Wrong.QUOTE: _l("a quotation mark is not closed, or something stands behind the closing one"),
    Wrong.TOO_LONG: _l("the cell is longer than %(expected)s letters; perhaps a quotation mark is not closed"),
    Wrong.UNREADABLE: _l("the file cannot be read"),
    Wrong.NO_FILE: _l("there is no such file"),
    Wrong.NO_TRANSFER: _l("“%(value)s” is no transfer of the set"),
    Wrong.NO_ORDER: _l("“%(value)s” is no order of the set"),
    Wrong.SHARES: _l("“%(value)s” is not CODE:AMOUNT;CODE:AMOUNT"),
}
_UNWRITABLE: dict[int, LazyString] = {
    errno.ENOENT: _l("its folder does not exist"),
    errno.ENOTDIR: _l("its folder does not exist"),
    errno.EISDIR: _l("it is a folder"),
    errno.EACCES: _l("you may not write there"),
    errno.EPERM: _l("you may not write there"),
    errno.EROFS: _l("you may not write there"),
    errno.ENOSPC: _l("the disk is full"),
    errno.EDQUOT: _l("the disk is full"),
}


def fault_words(fault: FileFault) -> str:
    value = fault.fault.value
    value = printable(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…")
    return str(
        _(
            "%(file)s, line %(line)s, column %(column)s: %(reason)s.",
            file=fault.path,
            line=fault.line,
            column=printable(fault.column),
            reason=str(_WORDS[fault.fault.wrong]) % {"value": value, "expected": fault.fault.expected},
        )
    )


def unwritable_words(refusal: Unwritable) -> str:
    reason = str(_UNWRITABLE.get(refusal.number) or os.strerror(refusal.number))
    return str(_("%(file)s cannot be written: %(reason)s.", file=refusal.path, reason=reason))


@contextmanager
def faults_told() -> Iterator[None]:
    """A faulty file ends the command with a line on stderr and the exit code 2."""
    try:
        yield
    except (FileFault, Unwritable) as fault:
        click.echo(fault_words(fault) if isinstance(fault, FileFault) else unwritable_words(fault), err=True)
        sys.exit(2)
