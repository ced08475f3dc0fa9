"""A manifest's files: papers, tables, labels. Each download is written down; suppliers get none after delivery."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from kernel import clock
from kernel.database import db, writes
from kernel.errors import NotFound
from kernel.jobs import promise
from people.models import Role
from people.sessions import requires
from suppliers import access, labels, tables, typeset
from suppliers.labels import Size
from suppliers.models import Manifest, ManifestView
from suppliers.queries import manifest_by_number, versions_of
from suppliers.typeset import Part

downloads = Blueprint("downloads", __name__, url_prefix="/suppliers/manifests")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def mine(number: str) -> Manifest:
    """The manifest, if it is the signed-in supplier's own (the office sees all); another's is like a missing one."""
    found = manifest_by_number(db.session, number)
    if found is None or current_user.supplier_id not in (None, found.supplier_id):
        raise NotFound(_("There is no such manifest among yours."))
    return found


def log_view(found: Manifest, form: str) -> None:
    db.session.add(ManifestView(manifest_id=found.id, staff_id=current_user.id, form=form, at=clock.now()))


@downloads.route("/<number>.pdf")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def pdf(number: str) -> ResponseReturnValue:
    """The papers to print: all, or one ``part``, and of the list of stops one ``ward``."""
    found = _asked_for(number)
    asked, ward = request.args.get("part", ""), request.args.get("ward", "")
    part = Part(asked) if asked in list(Part) else None
    people = current_user.sees_people
    if not typeset.wanted(found, people=people, part=part, ward=ward):
        raise NotFound(_("This manifest has no such part."))
    content = typeset.pdf(found, people=people, part=part, ward=ward)
    if content is None:
        return _not_yet(found, "typeset", {"number": found.number})
    return _paper(found, content, "pdf", "-".join(("", *filter(None, (part,)))))


@downloads.route("/<number>/labels.pdf")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def bag_labels(number: str) -> ResponseReturnValue:
    """Labels for the bags, on the ``size`` that is asked for."""
    found = _asked_for(number)
    asked = request.args.get("size", Size.SHEET.value)
    if asked not in list(Size):
        raise NotFound(_("There are no labels of this size."))
    size, people = Size(asked), current_user.sees_people
    content = labels.pdf(found, size, people=people)
    if content is None:
        return _not_yet(found, "labels", {"number": found.number, "size": size.value, "people": people})
    return _paper(found, content, f"labels {size.value}", f"-labels-{size.value}", kind=size.kind)


@downloads.route("/<number>.csv")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def csv(number: str) -> ResponseReturnValue:
    """The stops for a spreadsheet: the rows of the papers."""
    found = _asked_for(number)
    _written_down(found, "csv")
    return _file(tables.csv(found, people=current_user.sees_people), "text/csv; charset=utf-8", f"{found.number}.csv")


@downloads.route("/<number>.xlsx")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def xlsx(number: str) -> ResponseReturnValue:
    """The same as a workbook, with what to pick and where it goes."""
    found = _asked_for(number)
    _written_down(found, "xlsx")
    return _file(tables.xlsx(found, people=current_user.sees_people), XLSX, f"{found.number}.xlsx")


@downloads.route("/<number>.json")
@writes
@requires(Role.SUPPLIER, Role.OFFICE)
def as_json(number: str) -> ResponseReturnValue:
    """The same for the supplier's own programs."""
    found = _asked_for(number)
    _written_down(found, "json")
    content = tables.as_json(found, people=current_user.sees_people)
    return _file(content, "application/json", f"{found.number}.json")


def _asked_for(number: str) -> Manifest:
    found = mine(number)
    access.check(db.session, found.batch, current_user, clock.now())
    return found


def _written_down(found: Manifest, form: str) -> None:
    log_view(found, form)
    db.session.commit()  # before the work, which must not hold the database


def _not_yet(found: Manifest, kind: str, payload: dict[str, object]) -> ResponseReturnValue:
    """The worker is asked, once a minute at most; the manifest's page shows how far it is."""
    about = ":".join(str(value) for value in payload.values())
    promise(db.session, kind, key=f"{kind}:{about}:{found.sha256[:16]}:{clock.now():%Y%m%d%H%M}", payload=payload)
    db.session.commit()
    flash(_("These papers are being typeset. The page shows how far that is."), "warn")
    return redirect(url_for("suppliers.manifest", number=found.number, labels=payload.get("size")), code=303)


def _paper(found: Manifest, content: bytes, form: str, about: str, *, kind: str = "") -> ResponseReturnValue:
    newest, at = versions_of(db.session, found.batch_id)[0], clock.now()
    _written_down(found, form)
    content = typeset.stamped(content, found, newest, who=current_user, at=at, kind=kind)
    return _file(content, "application/pdf", f"{found.number}{about}.pdf")


def _file(content: bytes, mimetype: str, filename: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
