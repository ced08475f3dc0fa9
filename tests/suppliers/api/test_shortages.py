"""Shortages declared by a program: shared out as on the page, once, and never more than is there."""

import pytest

from suppliers.shortages.queries import shortages_of_batch
from tests.desk import rows
from tests.suppliers.api.test_tokens import refuse

SHORT = {"item": "rau muống", "unit": "g", "missing": 500, "because": "xe đến trễ"}


def declare(asks, sent, key="", **changes):
    return asks.post(f"/manifests/{sent.manifest.number}/shortages", {**SHORT, **changes}, key=key)


def test_it_is_shared_out_and_the_manifest_is_made_anew(session, ours, sent):
    answer = declare(ours, sent)

    assert answer.status_code == 201, answer.text
    told = answer.json
    assert (told["item"], told["missing"], told["unit"], told["withdrawn"]) == ("rau muống", 500, "g", False)
    assert told["declared_by"] == f"{sent.staff.username} (API {ours.token.prefix})"
    assert told["manifest"] == f"{sent.manifest.number}-v2"
    anew = ours.get(f"/manifests/{told['manifest']}").json
    assert anew["version"] == 2
    left = next(item["quantity"] for item in anew["items"] if item["name"] == "rau muống")
    before = next(item["quantity"] for item in sent.manifest.snapshot["items"] if item["name"] == "rau muống")
    assert before - left == 500
    assert ours.get(f"/manifests/{sent.manifest.number}/shortages").json == {"shortages": [told]}


def test_what_is_given_instead_stands_at_the_stops(ours, sent):
    declare(ours, sent, instead="rau dền 500 g")

    (told,) = ours.get(f"/manifests/{sent.manifest.number}/shortages").json["shortages"]
    assert told["instead"] == "rau dền 500 g"


@pytest.mark.parametrize(
    ("changes", "says"), [({"item": "cá voi"}, "manifest"), ({"unit": "piece"}, "manifest"), ({"missing": 10**6}, "")]
)
def test_what_the_manifest_does_not_hold_is_refused_and_changes_nothing(session, ours, sent, changes, says):
    answer = declare(ours, sent, **changes)

    assert says in refuse(answer, 409)
    assert list(shortages_of_batch(session, sent.manifest.batch_id)) == []
    assert rows(session, "SELECT id FROM deductions") == []


def test_the_same_again_is_declared_once(session, ours, sent):
    first, again = (declare(ours, sent, key="morning-1") for _ in range(2))

    assert (again.status_code, again.json) == (201, first.json)
    assert len(shortages_of_batch(session, sent.manifest.batch_id)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"missing": 0}, "missing"),
        ({"missing": "500"}, "missing"),
        ({"missing": 10**9 + 1}, "missing"),
        ({"unit": "kg"}, "unit"),
        ({"because": " "}, "because"),
        ({"item": ""}, "item"),
        ({"instead": "x" * 101}, "instead"),
        ({"instead": "a\0"}, "instead"),
        ({"more": 1}, "more"),
    ],
    ids=repr,
)
def test_a_faulty_body_names_the_field(ours, sent, changes, field):
    answer = declare(ours, sent, **changes)

    refuse(answer, 422)
    assert [fault["field"] for fault in answer.json["errors"]] == [field]
