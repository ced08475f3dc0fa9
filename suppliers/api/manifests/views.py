"""Manifests: their data, their papers, and how their parcels stand. Each look at one is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apiflask.schemas import FileSchema
from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kernel import clock
from kernel.database import db
from kernel.errors import NotFound, TooManyTries
from kernel.jobs import promise
from suppliers import access, tables, typeset
from suppliers.api.fields import Page, listed
from suppliers.api.manifests.schemas import ManifestOut, ManifestsOut, ParcelPage, ParcelsOut, manifest_told
from suppliers.api.parcels.tell import parcel_told
from suppliers.api.queries import manifests_from, parcels_from
from suppliers.api.scopes import Scope
from suppliers.api.views import me, needs, resource, sees_people
from suppliers.models import Manifest, ManifestView, ParcelState
from suppliers.queries import manifest_by_number, parcel_counts, versions_of

api_manifests = resource("manifests", "manifests")


class StillTypesetting(TooManyTries):
    """The papers are not there yet; the worker has been asked."""

    status = 503


PDF, CSV = FileSchema(type="string", format="binary"), FileSchema(type="string", format="binary")


@api_manifests.get("/manifests")
@needs(Scope.MANIFESTS_READ)
@api_manifests.input(Page, location="query")
@api_manifests.output(ManifestsOut)
@api_manifests.doc(operation_id="listManifests", summary=_l("Your manifests, the newest first"))
def index(query_data: Page) -> Any:
    """One page of manifests."""
    limit = query_data.limit
    found = manifests_from(db.session, me().supplier_id, before=query_data.cursor or None, most=limit + 1)
    rows, more = listed(list(found), limit)
    return {"manifests": _rows(rows), "next": rows[-1].id if more else None}


def _rows(manifests: Sequence[Manifest]) -> list[dict[str, Any]]:
    counts = parcel_counts(db.session, [each.batch_id for each in manifests])
    return [
        {
            "number": each.number,
            "version": each.version,
            "round_id": each.batch.round_id,
            "delivery_on": each.batch.round.delivery_on,
            "made_at": each.made_at,
            "sha256": each.sha256,
            **{state.value: counts.get(each.batch_id, {}).get(state, 0) for state in ParcelState},
        }
        for each in manifests
    ]


@api_manifests.get("/manifests/<number>")
@needs(Scope.MANIFESTS_READ)
@api_manifests.output(ManifestOut)
@api_manifests.doc(
    operation_id="getManifest",
    summary=_l("One manifest, with names only for people:read"),
    responses={304: "Not Modified"},
)
def show(number: str) -> Any:
    """The manifest; 304 to who has it already and says so (If-None-Match)."""
    found = mine(number)
    people = sees_people() and not access.is_over(db.session, found.batch, me().staff, clock.now())
    tag = f"{found.sha256}-people" if people else found.sha256
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    _log_view(found, "api-people" if people else "api")
    db.session.commit()
    told = {
        **manifest_told(found.snapshot, people=people),
        "sha256": found.sha256,
        "round_id": found.batch.round_id,
        "pdf": url_for(".pdf", number=number),
        "csv": url_for(".csv", number=number),
    }
    response = jsonify(ManifestOut.model_validate(told).model_dump(mode="json"))
    response.set_etag(tag)
    return response


@api_manifests.get("/manifests/<number>/pdf")
@needs(Scope.MANIFESTS_READ)
@api_manifests.output(PDF, content_type="application/pdf")
@api_manifests.doc(operation_id="getManifestPdf", summary=_l("The manifest to print"), responses={410: "Gone"})
def pdf(number: str) -> Any:
    """All its papers, names and addresses only with people:read. 503 while they are typeset; 410 after delivery."""
    found, people = _paper(number), sees_people()
    content = typeset.pdf(found, people=people)
    if content is None:
        _ask_for(found)
        raise StillTypesetting(_("These papers are being typeset. Ask again in a minute."), 60)
    newest = versions_of(db.session, found.batch_id)[0]
    _written_down(found, "api-pdf-people" if people else "api-pdf")
    stamped = typeset.stamped(content, found, newest, who=me().staff, at=clock.now())
    return Response(stamped, mimetype="application/pdf")


@api_manifests.get("/manifests/<number>/csv")
@needs(Scope.MANIFESTS_READ)
@api_manifests.output(CSV, content_type="text/csv")
@api_manifests.doc(
    operation_id="getManifestCsv", summary=_l("The manifest's stops as a table"), responses={410: "Gone"}
)
def csv(number: str) -> Any:
    """The rows of the printed manifest, for a spreadsheet; 410 after delivery."""
    found, people = _paper(number), sees_people()
    _written_down(found, "api-csv-people" if people else "api-csv")
    return Response(tables.csv(found, people=people), mimetype="text/csv")


@api_manifests.get("/manifests/<number>/parcels")
@needs(Scope.MANIFESTS_READ)
@api_manifests.input(ParcelPage, location="query")
@api_manifests.output(ParcelsOut)
@api_manifests.doc(operation_id="listParcels", summary=_l("A manifest's parcels, and how each stands"))
def parcels(number: str, query_data: ParcelPage) -> Any:
    """One page of parcels, in the order of their stops."""
    found, limit = mine(number), query_data.limit
    rows, more = listed(list(parcels_from(db.session, found.batch_id, after=query_data.cursor, most=limit + 1)), limit)
    told = [parcel_told(each, found.number) for each in rows]
    return {"parcels": told, "next": rows[-1].stop if more else None}


def mine(number: str) -> Manifest:
    """The manifest, if it is the asking supplier's own; another's is like a missing one."""
    found = manifest_by_number(db.session, number)
    if found is None or found.supplier_id != me().supplier_id:
        raise NotFound(_("There is no such manifest among yours."))
    return found


def _paper(number: str) -> Manifest:
    found = mine(number)
    access.check(db.session, found.batch, me().staff, clock.now())
    return found


def _ask_for(found: Manifest) -> None:
    """The worker is asked, once a minute at most."""
    key = f"typeset:{found.number}:{found.sha256[:16]}:{clock.now():%Y%m%d%H%M}"
    promise(db.session, "typeset", key=key, payload={"number": found.number})
    db.session.commit()


def _written_down(found: Manifest, form: str) -> None:
    _log_view(found, form)
    db.session.commit()  # before the work, which must not hold the database


def _log_view(found: Manifest, form: str) -> None:
    token = me()
    seen = ManifestView(manifest_id=found.id, staff_id=token.staff_id, form=form, at=clock.now(), token_id=token.id)
    db.session.add(seen)
