"""A supplier's pages: its own manifests, their downloads, and marking parcels at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import MarketError, NotFound
from people.models import Role
from people.sessions import requires
from suppliers import access, labels, typeset
from suppliers import parcels as at_the_door
from suppliers.downloads.views import log_view, mine
from suppliers.forms import MarkForm
from suppliers.labels import Size
from suppliers.manifest import stop_rows, without_people
from suppliers.models import Manifest, Parcel, ParcelState
from suppliers.parcels import ReasonNeeded, UnlawfulParcelStep
from suppliers.queries import (
    lock_parcel,
    manifests_of,
    newest_number,
    parcel_counts,
    parcels_of_batch,
    versions_of,
)

suppliers = Blueprint("suppliers", __name__, url_prefix="/suppliers")

LONGEST_PAGE = 60
"""Stops on one page; a longer manifest is shown ward by ward."""

Stop = dict[str, Any]


@suppliers.route("/")
@requires(Role.SUPPLIER)
def home() -> ResponseReturnValue:
    """The manifests of the supplier who is signed in."""
    manifests = manifests_of(db.session, current_user.supplier_id)
    counts = parcel_counts(db.session, [manifest.batch_id for manifest in manifests])
    return render_template("suppliers/home.html", manifests=manifests, counts=counts)


@suppliers.route("/manifests/<number>")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def manifest(number: str) -> ResponseReturnValue:
    """One manifest: what to buy, whom to bring what, and how each parcel stands."""
    return _page(mine(number))


def _page(found: Manifest, refused: tuple[int, MarkForm] | None = None) -> str:
    """A manifest's page, its look written down; ``refused``: the stop whose mark is faulty, and its form."""
    log_view(found, "page")
    db.session.commit()
    over = access.is_over(db.session, found.batch, current_user, clock.now())
    people = current_user.sees_people and not over
    snapshot = found.snapshot if people else without_people(found.snapshot)
    parcels = parcels_of_batch(db.session, found.batch_id)
    stops: list[Stop] = [{**row, "parcel": parcels[row["stop"]]} for row in stop_rows(snapshot)]
    ward = _ward_asked(stops, refused[0] if refused else None)
    return render_template(
        "suppliers/manifest.html",
        manifest=found,
        newest=versions_of(db.session, found.batch_id)[0],
        snapshot=snapshot,
        people=people,
        over=over,
        papers=_papers(found),
        wards=_ward_progress(stops),
        ward=ward,
        stops=[stop for stop in stops if ward in ("", stop["ward"])],
        delivered=sum(stop["parcel"].state is ParcelState.DELIVERED for stop in stops),
        total=len(stops),
        refused_stop=refused[0] if refused else None,
        form=refused[1] if refused else None,
    )


def _papers(found: Manifest) -> dict[str, Any]:
    """How far the typesetting is: of the papers, and of the labels that somebody waits for."""
    asked = request.args.get("labels", "")
    size = Size(asked) if asked in list(Size) else None
    done, total = labels.done(found, size, people=current_user.sees_people) if size else typeset.done(found)
    return {"ready": done == total, "done": done, "total": total, "labels": size}


@suppliers.route("/manifests/<number>/changes")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def changes(number: str) -> ResponseReturnValue:
    """The versions of a manifest, and in words what changed in this one."""
    found = mine(number)
    log_view(found, "changes")
    db.session.commit()
    people = current_user.sees_people and not access.is_over(db.session, found.batch, current_user, clock.now())
    versions = versions_of(db.session, found.batch_id)
    touched = typeset.told(found, people=people) if found.version > 1 else []
    return render_template("suppliers/changes.html", manifest=found, versions=versions, touched=touched)


@suppliers.route("/parcels/<int:parcel_id>", methods=["POST"])
@requires(Role.SUPPLIER)
def mark(parcel_id: int) -> ResponseReturnValue:
    """Mark a parcel delivered or failed, or take a wrong mark back."""
    parcel = _my_parcel(parcel_id)
    form = MarkForm()
    if not form.validate_on_submit() and not form.is_understood:
        raise MarketError(_("That mark was not understood. Go back to the manifest and try again."))
    if form.version.data != parcel.version:
        raise UnlawfulParcelStep
    if form.errors or not _marked(parcel, form):
        db.session.rollback()
        return _page(mine(newest_number(db.session, parcel.batch_id)), (parcel.stop, form)), 422
    db.session.commit()
    flash(_("Stop %(stop)s is marked.", stop=parcel.stop), "good")
    number, ward = newest_number(db.session, parcel.batch_id), parcel.order.ward.name
    return redirect(url_for(".manifest", number=number, ward=ward, _anchor=f"stop-{parcel.stop}"), code=303)


def _marked(parcel: Parcel, form: MarkForm) -> bool:
    """Mark the parcel; without the reason that it needs, the form says so."""
    because = form.because.data or ""
    became = ParcelState(form.became.data or "")
    try:
        at_the_door.mark(db.session, parcel, became, by=current_user.username, at=clock.now(), because=because)
    except ReasonNeeded as refusal:
        form.because.errors = [str(refusal)]
        return False
    return True


def _ward_progress(stops: Sequence[Stop]) -> dict[str, tuple[int, int]]:
    """Ward → (delivered, all) of its stops, in the order of the way."""
    progress: dict[str, tuple[int, int]] = {}
    for stop in stops:
        done, every = progress.get(stop["ward"], (0, 0))
        progress[stop["ward"]] = done + (stop["parcel"].state is ParcelState.DELIVERED), every + 1
    return progress


def _ward_asked(stops: Sequence[Stop], about: int | None = None) -> str:
    """The ward that is asked for, or of the stop that the page is about.

    Else the first one where all would be too long a page for a phone; else none, for all.
    """
    wards = dict.fromkeys(stop["ward"] for stop in stops)
    asked = request.args.get("ward", "")
    if about is not None and len(stops) > LONGEST_PAGE:
        return next(str(stop["ward"]) for stop in stops if stop["stop"] == about)
    if asked in wards:
        return asked
    return next(iter(wards)) if len(stops) > LONGEST_PAGE else ""


def _my_parcel(parcel_id: int) -> Parcel:
    parcel = lock_parcel(db.session, parcel_id)
    if parcel is None or parcel.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such parcel among yours."))
    return parcel
