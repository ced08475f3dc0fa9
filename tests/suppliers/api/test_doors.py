"""Every operation of the API: with which scopes it opens, what is another's, and how anything wrong is told."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from people.models import Role
from suppliers.api.docs.spec import RESOURCES, operations, specification
from suppliers.api.scopes import Scope
from suppliers.queries import parcels_of_batch
from tests import make
from tests.desk import send
from tests.suppliers.api.test_tokens import refuse

BODIES: dict[str, object] = {
    "tellParcel": {"event": "delivered", "version": 1},
    "acknowledgePurchase": {"name": "Trần Thị Bưởi"},
    "declareShortage": {"item": "rau muống", "unit": "g", "missing": 500, "because": "late"},
}
EVERY = [
    "listRounds", "getRound", "listManifests", "getManifest", "getManifestPdf", "getManifestCsv", "listParcels",
    "tellParcel", "listPurchases", "getPurchase", "getPurchasePdf", "getPurchaseCsv", "acknowledgePurchase",
    "listShortages", "declareShortage",
]  # fmt: skip

LISTS = ("listRounds", "listManifests", "listPurchases")


@pytest.fixture
def operation(app):
    """By its name: (method, path, scopes)."""
    with app.test_request_context():
        spec = specification("en")
    return {o["operationId"]: (method, path, set(o["security"][0]["token"])) for path, method, o in operations(spec)}


def named(path: str, **things: object) -> str:
    return path.removeprefix("/api/v1").format(**things)


def things_of(session, manifest) -> dict[str, object]:
    parcel = parcels_of_batch(session, manifest.batch_id)[1]
    numbers = {"number": manifest.number, "purchase": f"DH-{manifest.number}"}
    return {**numbers, "round_id": manifest.batch.round_id, "parcel_id": parcel.id}


def ask(program, method: str, path: str, name: str):
    return program.get(path) if method == "get" else program.post(path, BODIES[name])


def test_every_operation_is_walked_here(operation):
    assert sorted(operation) == sorted(EVERY)


def scope_sets() -> Iterator[tuple[Scope, ...]]:
    """Each alone, each pair, and all but one."""
    every = tuple(Scope)
    yield from ((scope,) for scope in every)
    yield from combinations(every, 2)
    yield from (tuple(scope for scope in every if scope is not left) for left in every)


@pytest.mark.parametrize("scopes", sorted(set(scope_sets())), ids=" ".join)
def test_a_token_opens_exactly_what_its_scopes_say(session, program, sent, operation, scopes):
    asks = program(sent.staff, *scopes)
    things = things_of(session, sent.manifest)

    opened = {}
    for name, (method, path, _needed) in operation.items():
        answer = ask(asks, method, named(path, **things), name)
        opened[name] = answer.status_code
        if answer.status_code == 403:
            refuse(answer, 403)

    wanted = {name: needed <= set(scopes) for name, (_m, _p, needed) in operation.items()}
    # Nobody has typeset the manifest yet, which only who may have it is told.
    assert {name: status in {200, 201, 503} for name, status in opened.items()} == wanted
    assert {name for name, status in opened.items() if status == 503} <= {"getManifestPdf"}


@pytest.mark.parametrize("name", EVERY)
def test_without_a_token_no_operation_opens(session, bare, sent, operation, name):
    method, path, _needed = operation[name]

    answer = getattr(bare, method)("/api/v1" + named(path, **things_of(session, sent.manifest)))

    refuse(answer, 401)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in LISTS])
def test_what_is_anothers_answers_like_what_is_not_there(session, program, sent, operation, name):
    stranger = program(make.staff(Role.SUPPLIER))
    method, path, _needed = operation[name]
    missing = {"number": "9999-NONE-1", "purchase": "DH-9999-NONE-1", "round_id": 999_999, "parcel_id": 999_999}

    others = ask(stranger, method, named(path, **things_of(session, sent.manifest)), name)
    nobodys = ask(stranger, method, named(path, **missing), name)

    refuse(others, 404)
    assert others.json == nobodys.json


def test_lists_hold_nothing_of_anothers(session, program, sent):
    other = send(session, make.paid_order().round)[0]
    stranger = program(make.staff(Role.SUPPLIER, of=other.supplier))

    assert [each["number"] for each in stranger.get("/manifests").json["manifests"]] == [other.number]
    assert [each["id"] for each in stranger.get("/rounds").json["rounds"]] == [other.batch.round_id]


# How anything wrong is told


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("cursor=-1", "cursor"),
        ("cursor=99999999999", "cursor"),
        ("limit=1&limit=2", "limit"),
        ("colour=red", "colour"),
    ],
)
def test_a_faulty_address_names_the_field(ours, query, field):
    answer = ours.get(f"/rounds?{query}")

    refuse(answer, 422)
    assert [(fault["where"], fault["field"]) for fault in answer.json["errors"]] == [("query", field)]
    assert answer.json["errors"][0]["message"]


RIGHT = {"event": "delivered", "version": 1}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, ""),
        ([], ""),
        ("delivered", ""),
        ({**RIGHT, "event": "lost"}, ""),
        ({"event": "delivered"}, "delivered.version"),
        ({**RIGHT, "version": "1"}, "delivered.version"),
        ({**RIGHT, "version": True}, "delivered.version"),
        ({**RIGHT, "version": 1.5}, "delivered.version"),
        ({**RIGHT, "version": 0}, "delivered.version"),
        ({**RIGHT, "version": 2**31}, "delivered.version"),
        ({**RIGHT, "more": 1}, "delivered.more"),
        ({**RIGHT, "reason": "x"}, "delivered.reason"),
        ({"event": "failed", "version": 1}, "failed.reason"),
        ({"event": "failed", "version": 1, "reason": " "}, "failed.reason"),
        ({"event": "failed", "version": 1, "reason": "x" * 201}, "failed.reason"),
        ({"event": "failed", "version": 1, "reason": "a\0b"}, "failed.reason"),
        ({"event": "failed", "version": 1, "reason": "a\ud800b"}, "failed.reason"),
        ({"event": "failed", "version": 1, "reason": 7}, "failed.reason"),
    ],
    ids=repr,
)
def test_a_faulty_body_names_the_field_and_changes_nothing(ours, parcel, body, field):
    answer = ours.post(f"/parcels/{parcel().id}/events", body)

    refuse(answer, 422)
    assert [(fault["where"], fault["field"]) for fault in answer.json["errors"]] == [("body", field)]
    assert parcel().state == "dispatched"


@pytest.mark.parametrize("key", [None, "short", "x" * 65, "with blank!", "ĐĐĐĐĐĐĐĐ"])
def test_what_writes_needs_a_key(ours, bare, parcel, key):
    headers = {"Authorization": f"Bearer {ours.text}", **({"Idempotency-Key": key} if key else {})}

    answer = bare.post(f"/api/v1/parcels/{parcel().id}/events", json=RIGHT, headers=headers)

    refuse(answer, 422)
    assert [fault["field"] for fault in answer.json["errors"]] == ["idempotency-key"]
    assert parcel().state == "dispatched"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b"9" * 5_000, "application/json", 400),
        (b"event=delivered", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b" " * 70_000, "application/json", 413),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_body_that_is_no_json_is_told_so(ours, bare, parcel, content, kind, status):
    headers = {"Authorization": f"Bearer {ours.text}", "Idempotency-Key": "12345678", "Content-Type": kind}

    refuse(bare.post(f"/api/v1/parcels/{parcel().id}/events", data=content, headers=headers), status)


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/rounds/x", 404), ("/rounds?limit=%00", 400)])
def test_what_is_not_there_is_told_as_a_problem_too(ours, path, status):
    refuse(ours.get(path), status)


def test_a_method_that_is_not_taken_names_those_that_are(ours):
    answer = ours.post("/rounds", {})

    refuse(answer, 405)
    assert "GET" in answer.headers["Allow"]


def test_a_fault_of_ours_is_a_problem_without_its_cause(app, ours, monkeypatch):
    monkeypatch.setattr("suppliers.api.rounds.views.rounds_of", lambda *_a, **_k: 1 / 0)

    answer = ours.get("/rounds")

    assert "Something broke at our end" in refuse(answer, 500)
    assert "division" not in answer.text


def test_words_come_in_vietnamese_unless_asked_for_otherwise(ours):
    english = ours.get("/rounds/999999").json["detail"]
    vietnamese = ours.get("/rounds/999999", Accept_Language="vi").json["detail"]
    unasked = ours.get("/rounds/999999", Accept_Language="fr").json["detail"]

    assert english.startswith("There is no such round")
    assert vietnamese == unasked != english


def test_pages_of_people_are_still_pages(client):
    answer = client.get("/nowhere")

    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_the_tags_are_those_of_the_resources(app):
    with app.test_request_context():
        assert [tag["name"] for tag in specification("vi")["tags"]] == [each.tag for each in RESOURCES]
