"""``flask payments fit``: weights from labelled files, or from the clerks' own decisions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask_babel import gettext as _

from kernel import clock
from kernel.database import db
from orders.payments.fault_words import faults_told
from orders.payments.matcher.weights import PATH, load, load_fitted
from orders.payments.rehearsal_faults import CellFault, FileFault, Wrong
from orders.payments.written import written_whole

if TYPE_CHECKING:
    from orders.payments.fitting.examples import Example

_FILES = ("orders.csv", "transfers.csv", "truth.csv")


@click.command("fit")
@click.option(
    "--corpus",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with orders.csv, transfers.csv and truth.csv. May be given more than once.",
)
@click.option("--desk", is_flag=True, help="Learn from what clerks have decided.")
@click.option("--data", default="", help="What the file is to say of the data (default: the folders' names).")
@click.option("--out", default=PATH, type=click.Path(dir_okay=False, path_type=Path), help="Default: the file in use.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Default: beside it, as SVG.")
def fit_command(folders: tuple[Path, ...], out: Path, plot: Path | None, *, desk: bool, data: str) -> None:
    """Fit the matcher's weights, calibrate its confidence, and write both to a file that people can read."""
    from orders.payments.fitting.fitted import STEPS, fitted
    from orders.payments.fitting.plot import drawn
    from orders.payments.fitting.weights_file import write

    if desk == bool(folders):
        raise click.UsageError(_("Say what to learn from: either --corpus or --desk."))
    with faults_told():
        examples = list(_of_the_desk() if desk else _of_files(folders))
    if not examples:
        click.echo(_("There is nothing to learn from yet."), err=True)
        sys.exit(2)
    name = data or (_("the clerks’ decisions") if desk else ", ".join(folder.name for folder in folders))
    on = clock.today()
    weights, known = fitted(examples, load(), on=on, data=name, told=lambda step: _progress(_("fitted"), step, STEPS))
    words = {"title": _("Confidence and what was right"), "across": _("confidence"), "up": _("share that was right")}
    with faults_told(), written_whole(plot or out.with_suffix(".svg")) as file:
        file.write(drawn(known.reliability, **words))
        write(out, weights, known, like=PATH)
    click.echo(
        _(
            "%(transfers)s transfers; of matches %(precision)s are right; the first candidate is right in %(first)s; "
            "confidence is off by %(off)s.",
            transfers=known.transfers,
            precision=f"{known.precision:.4%}",
            first=f"{known.first_right:.2%}",
            off=f"{known.calibration_error:.4f}",
        )
    )


def _of_files(folders: tuple[Path, ...]) -> Iterator[Example]:
    from orders.payments.fitting.labelled import examples_of

    for folder in folders:
        for name in _FILES:
            if not (folder / name).is_file():
                raise FileFault(folder / name, 1, CellFault("?", Wrong.NO_FILE))
        yield from examples_of(folder, told=lambda done, total: _progress(_("read"), done, total))


def _of_the_desk() -> Iterator[Example]:
    from orders.payments.fitting.desk import examples_of

    yield from examples_of(db.session, load(), since=load_fitted().on)


def _progress(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{what} {done}/{total} ", nl=False, err=True)
