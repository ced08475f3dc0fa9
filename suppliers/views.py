"""A supplier's pages: its own manifests, their downloads, and marking parcels at the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import MarketError, NotFound
from people.models import Role
from people.sessions import requires
from suppliers import parcels as at_the_door
from suppliers import typeset
from suppliers.forms import MarkForm
from suppliers.manifest import stop_rows
from suppliers.models import Manifest, ManifestView, Parcel, ParcelState
from suppliers.parcels import ReasonNeeded, UnlawfulParcelStep
from suppliers.purchase.queries import waiting_orders
from suppliers.queries import lock_parcel, manifest_by_number, manifests_of, parcel_counts, parcels_of_batch

suppliers = Blueprint("suppliers", __name__, url_prefix="/suppliers")

LONGEST_PAGE = 60
"""Stops on one page; a longer manifest is shown ward by ward."""

Stop = dict[str, Any]


@suppliers.route("/")
@requires(Role.SUPPLIER)
def home() -> ResponseReturnValue:
    """The manifests of the supplier who is signed in, and above them what is to be acknowledged."""
    manifests = manifests_of(db.session, current_user.supplier_id)
    counts = parcel_counts(db.session, [manifest.batch_id for manifest in manifests])
    return render_template(
        "suppliers/home.html",
        manifests=manifests,
        counts=counts,
        waiting=waiting_orders(db.session, current_user.supplier_id),
    )


@suppliers.route("/manifests/<number>")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def manifest(number: str) -> ResponseReturnValue:
    """One manifest: what to buy, whom to bring what, and how each parcel stands."""
    return _page(_mine(number))


def _page(found: Manifest, refused: tuple[int, MarkForm] | None = None) -> str:
    """A manifest's page, its look written down; ``refused``: the stop whose mark is faulty, and its form."""
    _log_view(found, "page")
    db.session.commit()
    parcels = parcels_of_batch(db.session, found.batch_id)
    stops: list[Stop] = [{**row, "parcel": parcels[row["stop"]]} for row in stop_rows(found.snapshot)]
    ward = _ward_asked(stops, refused[0] if refused else None)
    return render_template(
        "suppliers/manifest.html",
        manifest=found,
        snapshot=found.snapshot,
        wards=_ward_progress(stops),
        ward=ward,
        stops=[stop for stop in stops if ward in ("", stop["ward"])],
        delivered=sum(stop["parcel"].state is ParcelState.DELIVERED for stop in stops),
        total=len(stops),
        refused_stop=refused[0] if refused else None,
        form=refused[1] if refused else None,
    )


@suppliers.route("/manifests/<number>.pdf")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def manifest_pdf(number: str) -> ResponseReturnValue:
    """The manifest to print."""
    found = _mine(number)
    _log_view(found, "pdf")
    db.session.commit()  # before the typesetting, which must not hold the database
    return _download(typeset.pdf(found), "application/pdf", f"{found.number}.pdf")


@suppliers.route("/manifests/<number>.csv")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def manifest_csv(number: str) -> ResponseReturnValue:
    """The manifest's stops for a spreadsheet: the rows of the PDF."""
    found = _mine(number)
    _log_view(found, "csv")
    db.session.commit()
    return _download(typeset.csv(found), "text/csv; charset=utf-8", f"{found.number}.csv")


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
        return _page(_mine(parcel.batch.manifest_number), (parcel.stop, form)), 422
    db.session.commit()
    flash(_("Stop %(stop)s is marked.", stop=parcel.stop), "good")
    number, ward = parcel.batch.manifest_number, parcel.order.ward.name
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


def _mine(number: str) -> Manifest:
    """The manifest, if it is the signed-in supplier's own (the office sees all); another's is like a missing one."""
    found = manifest_by_number(db.session, number)
    if found is None or current_user.supplier_id not in (None, found.supplier_id):
        raise NotFound(_("There is no such manifest among yours."))
    return found


def _my_parcel(parcel_id: int) -> Parcel:
    parcel = lock_parcel(db.session, parcel_id)
    if parcel is None or parcel.supplier_id != current_user.supplier_id:
        raise NotFound(_("There is no such parcel among yours."))
    return parcel


def _log_view(found: Manifest, form: str) -> None:
    db.session.add(ManifestView(manifest_id=found.id, staff_id=current_user.id, form=form, at=clock.now()))


def _download(content: bytes, mimetype: str, filename: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
