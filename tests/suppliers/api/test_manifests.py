"""Manifests as a supplier's program reads them: names only with people:read, each look written down."""

import csv
import io
import json

import pytest
from pypdf import PdfReader

from kernel import clock, jobs
from kernel.phones import display
from people.models import Role
from suppliers.api.scopes import Scope
from suppliers.manifest import fingerprint
from suppliers.models import ParcelState
from suppliers.parcels import mark
from tests import make
from tests.desk import rows, send
from tests.suppliers.api.test_tokens import refuse


def test_a_manifest_is_its_snapshot(ours, sent):
    told = ours.get(f"/manifests/{sent.manifest.number}").json
    snapshot = sent.manifest.snapshot

    assert told["sha256"] == fingerprint(snapshot)
    same = ("number", "version", "items", "amount")
    assert [told[key] for key in same] == [snapshot[key] for key in same]
    for stop, kept in zip(told["stops"], snapshot["stops"], strict=True):
        lines = [{key: line[key] for key in ("name", "code", "quantity")} for line in stop["lines"]]
        assert lines == [{key: line[key] for key in ("name", "code", "quantity")} for line in kept["lines"]]
        assert {**stop, "lines": []} == {
            "order": kept["code"],
            **{key: kept[key] for key in kept if key != "code"},
            "lines": [],
        }


def test_without_people_read_there_are_quantities_and_nobodys_name(program, sent):
    asks = program(sent.staff, Scope.MANIFESTS_READ)

    answer = asks.get(f"/manifests/{sent.manifest.number}")

    told = answer.json
    assert [line["quantity"] for stop in told["stops"] for line in stop["lines"]] == [1, 1, 1]
    for stop in told["stops"]:
        assert [stop[field] for field in ("name", "phone", "address", "note")] == [None] * 4
    everything = json.dumps(told, ensure_ascii=False)
    for order in sent.orders:
        for personal in (order.name, order.phone, order.address):
            assert personal not in everything


def test_who_no_longer_delivers_sees_no_names_by_an_old_token_either(session, ours, sent):
    sent.staff.delivers = False
    jobs.sweep()

    assert ours.get(f"/manifests/{sent.manifest.number}").json["stops"][0]["name"] is None
    table = ours.get(f"/manifests/{sent.manifest.number}/csv").data.decode("utf-8-sig")
    printed = words_of(ours.get(f"/manifests/{sent.manifest.number}/pdf").data)
    for order in sent.orders:
        for personal in (order.name, display(order.phone), order.address):
            assert personal not in table
            assert personal not in printed


def test_48_hours_after_delivery_the_papers_and_the_names_are_gone(stopped_clock, session, program):
    combo = make.combo()
    manifest = send(session, make.paid_order(combo).round)[0]
    asks = program(make.staff(Role.SUPPLIER, of=combo.supplier))
    path = f"/manifests/{manifest.number}"
    assert asks.get(path).json["stops"][0]["name"]

    stopped_clock.forward(days=14)

    for form in ("pdf", "csv"):
        assert "Delivery is over" in refuse(asks.get(f"{path}/{form}"), 410)
    assert asks.get(path).json["stops"][0]["name"] is None


def test_papers_that_are_not_typeset_yet_are_asked_for_again(ours, sent):
    answer = ours.get(f"/manifests/{sent.manifest.number}/pdf")

    assert "being typeset" in refuse(answer, 503)
    assert answer.headers["Retry-After"] == "60"
    jobs.sweep()
    assert ours.get(f"/manifests/{sent.manifest.number}/pdf").status_code == 200


def test_a_supplier_that_only_packs_gets_papers_without_people(session, program, sent):
    jobs.sweep()
    asks = program(sent.staff, Scope.MANIFESTS_READ)

    printed = words_of(asks.get(f"/manifests/{sent.manifest.number}/pdf").data)

    assert sent.manifest.number in printed
    for order in sent.orders:
        assert order.name not in printed


def test_each_look_is_written_down_with_its_token(session, ours, program, sent):
    jobs.sweep()
    plain = program(sent.staff, Scope.MANIFESTS_READ)
    path = f"/manifests/{sent.manifest.number}"
    for asks, form in ((ours, ""), (ours, "/pdf"), (ours, "/csv"), (plain, "")):
        assert asks.get(path + form).status_code == 200

    seen = rows(session, "SELECT form, staff_id, token_id FROM manifest_views ORDER BY id")

    who, mine = sent.staff.id, ours.token.id
    with_people = ("api-people", "api-pdf-people", "api-csv-people")
    assert seen == [*((form, who, mine) for form in with_people), ("api", who, plain.token.id)]


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
    jobs.sweep()
    printed, table = (ours.get(f"/manifests/{sent.manifest.number}/{form}") for form in ("pdf", "csv"))

    assert printed.mimetype == "application/pdf"
    assert sent.orders[0].name in words_of(printed.data)
    listed = [row for row in csv.reader(io.StringIO(table.data.decode("utf-8-sig"))) if row[0].isdigit()]
    assert len(listed) == len(sent.orders)


def test_the_addresses_in_a_manifest_lead_to_its_papers(bare, ours, sent):
    jobs.sweep()
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
