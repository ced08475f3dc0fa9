"""Manifests as a supplier's program reads them: names only with people:read, each look written down."""

import csv
import io
import json

import pytest
from pypdf import PdfReader

from kernel import clock
from suppliers.api.scopes import Scope
from suppliers.manifest import fingerprint
from suppliers.models import ParcelState
from suppliers.parcels import mark
from tests import make
from tests.desk import rows, send


def test_a_manifest_is_its_snapshot(ours, sent):
    told = ours.get(f"/manifests/{sent.manifest.number}").json
    snapshot = sent.manifest.snapshot

    assert told["sha256"] == fingerprint(snapshot)
    assert [told[key] for key in ("number", "items", "amount")] == [
        snapshot[key] for key in ("number", "items", "amount")
    ]
    for stop, kept in zip(told["stops"], snapshot["stops"], strict=True):
        assert stop == {"order": kept["code"], **{key: kept[key] for key in kept if key != "code"}}


def test_without_people_read_there_are_quantities_and_nobodys_name(program, sent):
    asks = program(sent.staff, Scope.MANIFESTS_READ)

    answer = asks.get(f"/manifests/{sent.manifest.number}")

    told = answer.json
    assert [stop["lines"] for stop in told["stops"]] == [stop["lines"] for stop in sent.manifest.snapshot["stops"]]
    for stop in told["stops"]:
        assert [stop[field] for field in ("name", "phone", "address", "note")] == [None] * 4
    everything = json.dumps(told, ensure_ascii=False)
    for order in sent.orders:
        for personal in (order.name, order.phone, order.address):
            assert personal not in everything


def test_who_no_longer_delivers_sees_no_names_by_an_old_token_either(ours, sent, monkeypatch):
    monkeypatch.setattr("suppliers.api.tokens.keep.may_see_people", lambda _staff: False)

    assert ours.get(f"/manifests/{sent.manifest.number}").json["stops"][0]["name"] is None
    assert ours.get(f"/manifests/{sent.manifest.number}/pdf").status_code == 403
    assert ours.get(f"/manifests/{sent.manifest.number}/csv").status_code == 403


def test_each_look_is_written_down_with_its_token(session, ours, program, sent):
    plain = program(sent.staff, Scope.MANIFESTS_READ)
    path = f"/manifests/{sent.manifest.number}"
    for asks, form in ((ours, ""), (ours, "/pdf"), (ours, "/csv"), (plain, "")):
        assert asks.get(path + form).status_code == 200

    seen = rows(session, "SELECT form, staff_id, token_id FROM manifest_views ORDER BY id")

    who, mine = sent.staff.id, ours.token.id
    assert seen == [
        ("api-people", who, mine), ("api-pdf", who, mine), ("api-csv", who, mine), ("api", who, plain.token.id)
    ]  # fmt: skip


def test_who_has_it_already_is_not_sent_it_again(session, ours, program, sent):
    path = f"/manifests/{sent.manifest.number}"
    first = ours.get(path)

    again = ours.get(path, If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")
    assert sent.manifest.sha256 in first.headers["ETag"]
    assert len(rows(session, "SELECT id FROM manifest_views")) == 1
    # What somebody was shown without names is not what they are shown with them.
    plain = program(sent.staff, Scope.MANIFESTS_READ)
    assert plain.get(path, If_None_Match=first.headers["ETag"]).status_code == 200


def test_the_papers_are_those_of_the_pages(ours, sent):
    printed, table = (ours.get(f"/manifests/{sent.manifest.number}/{form}") for form in ("pdf", "csv"))

    assert printed.mimetype == "application/pdf"
    assert sent.orders[0].name in words_of(printed.data)
    listed = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert len(listed) == 1 + len(sent.orders)


def test_the_addresses_in_a_manifest_lead_to_its_papers(bare, ours, sent):
    told = ours.get(f"/manifests/{sent.manifest.number}").json

    for form in ("pdf", "csv"):
        headers = {"Authorization": f"Bearer {ours.text}"}
        assert bare.get(told[form], headers=headers).status_code == 200


def test_the_list_counts_parcels_and_goes_on(session, ours, sent, parcel):
    other = send(session, make.paid_order(sent.orders[0].lines[0].combo).round)[0]
    mark(session, parcel(), ParcelState.DELIVERED, by="x", at=clock.now(), because="")

    first = ours.get("/manifests?limit=1").json
    second = ours.get(f"/manifests?limit=1&cursor={first['next']}").json

    assert [each["number"] for each in first["manifests"] + second["manifests"]] == [other.number, sent.manifest.number]
    assert second["next"] is None
    counts = second["manifests"][0]
    assert (counts["dispatched"], counts["delivered"], counts["failed"]) == (2, 1, 0)


def test_parcels_come_in_the_order_of_their_stops(session, ours, sent, parcel):
    mark(session, parcel(2), ParcelState.FAILED, by="x", at=clock.now(), because="nobody at home")
    path = f"/manifests/{sent.manifest.number}/parcels"

    first = ours.get(f"{path}?limit=2").json
    rest = ours.get(f"{path}?cursor={first['next']}").json

    assert [each["stop"] for each in first["parcels"] + rest["parcels"]] == [1, 2, 3]
    assert rest["next"] is None
    failed = first["parcels"][1]
    assert (failed["state"], failed["reason"], failed["version"]) == ("failed", "nobody at home", parcel(2).version)
    assert first["parcels"][0]["reason"] == ""


@pytest.mark.parametrize("path", ["/manifests?limit=%d", "/manifests/{number}/parcels?limit=%d"])
def test_a_page_asks_no_more_the_longer_it_is(session, ours, sent, statements, path):
    send(session, make.paid_order(sent.orders[0].lines[0].combo).round)
    path = path.format(number=sent.manifest.number)

    assert statements(lambda: ours.get(path % 1)) == statements(lambda: ours.get(path % 3))


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
