"""A manifest shared out among teams: for who shares it out, and for the office to look at."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock, jobs
from kernel.changes import Doer
from kernel.database import db
from kernel.errors import MarketError, NotFound
from kernel.queries import job_waits
from people.models import Role, Team
from people.sessions import requires
from suppliers.door.queries import events_aside
from suppliers.door.wording import OUTCOMES
from suppliers.downloads.views import mine
from suppliers.models import Manifest
from suppliers.queries import newest_number
from suppliers.runs import keep
from suppliers.runs.forms import GiveForm
from suppliers.runs.models import Run
from suppliers.runs.queries import begun_runs, in_no_run, run_by_code, run_counts, runs_of_batch, teams_of

runs = Blueprint("runs", __name__, url_prefix="/suppliers")


@runs.route("/manifests/<number>/runs")
@requires(Role.SUPPLIER, Role.OFFICE)
def index(number: str) -> ResponseReturnValue:
    """The runs of a manifest, how far each is, and what was told at doors that did not count."""
    return _page(_mine(number)), 200


def _page(found: Manifest, refused: str = "") -> str:
    batch = found.batch_id
    listed = runs_of_batch(db.session, batch)
    teams = teams_of(db.session, found.supplier_id)
    job = request.args.get("job", "")[:32]
    return render_template(
        "suppliers/runs.html",
        manifest=found,
        runs=listed,
        counts=run_counts(db.session, [run.id for run in listed]),
        begun=begun_runs(db.session, batch),
        apart=in_no_run(db.session, batch),
        teams=teams,
        gives={run.id: _give_form(run, teams) for run in listed},
        aside=events_aside(db.session, batch),
        outcomes=OUTCOMES,
        working=bool(job) and job_waits(db.session, _key(batch, job)),
        job=job,
        refused=refused,
        may=current_user.role is Role.SUPPLIER,
    )


def _give_form(run: Run, teams: Sequence[Team]) -> GiveForm:
    form = GiveForm(formdata=None, team=str(run.team_id), version=str(run.version))
    form.offer(teams)
    return form


def _key(batch_id: int, job: str) -> str:
    return f"share_out:{batch_id}:{job}"


@runs.route("/manifests/<number>/runs", methods=["POST"])
@requires(Role.SUPPLIER)
def share_out(number: str) -> ResponseReturnValue:
    """Share out what is still to be brought; runs that have begun stay."""
    found = _mine(number)
    try:
        keep.prepare(db.session, found.batch)  # what can be refused is refused now, in words
    except MarketError as refusal:
        db.session.rollback()
        return _page(_mine(number), str(refusal)), refusal.status
    job = token_hex(8)
    payload = {"batch": found.batch_id, "by": current_user.username}
    jobs.promise(db.session, "share_out", key=_key(found.batch_id, job), payload=payload)
    db.session.commit()
    return redirect(url_for(".index", number=number, job=job), code=303)


@runs.route("/runs/<run_code>/give", methods=["POST"])
@requires(Role.SUPPLIER)
def give(run_code: str) -> ResponseReturnValue:
    """Another team brings this run."""
    found = run_by_code(db.session, run_code)
    if found is None or found.batch.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such run among yours."))
    if not current_user.sees_people:
        abort(403)
    form = GiveForm()
    form.offer(teams_of(db.session, found.batch.supplier_id))
    if not form.validate_on_submit():
        raise MarketError(_("Choose one of your teams. Go back and try again."))
    doer = Doer(current_user.username, clock.now())
    keep.give(db.session, found, int(form.team.data), seen=form.version.data, doer=doer)
    db.session.commit()
    flash(_("Run %(code)s is now %(team)s’s.", code=found.code, team=found.team.name), "good")
    return redirect(url_for(".index", number=newest_number(db.session, found.batch_id)), code=303)


def _mine(number: str) -> Manifest:
    """A manifest of the supplier's, for those of its staff who see people; the office sees all."""
    found = mine(number)
    if not current_user.sees_people:
        abort(403)
    return found
