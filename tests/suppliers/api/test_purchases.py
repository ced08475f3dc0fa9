"""Purchase orders as a supplier's program reads and acknowledges them."""

import csv
import io

import pytest

from suppliers.purchase.queries import order_by_number
from tests import make
from tests.desk import rows, send
from tests.suppliers.api.test_tokens import refuse


@pytest.fixture
def purchase(session, sent):
    """The order behind the manifest that was sent."""
    found = order_by_number(session, f"DH-{sent.manifest.number}")
    assert found
    return found


def test_a_purchase_order_is_its_snapshot_and_names_nobody(ours, sent, purchase):
    answer = ours.get(f"/purchases/{purchase.number}")

    told, kept = answer.json, purchase.snapshot
    assert [told[key] for key in ("number", "combos", "items", "amount", "parcels", "supplier")] == [
        kept[key] for key in ("number", "combos", "items", "amount", "parcels", "supplier")
    ]
    assert (told["sha256"], told["acknowledged"]) == (purchase.sha256, None)
    for order in sent.orders:
        for personal in (order.name, order.phone, order.address):
            assert personal not in answer.text


def test_the_list_goes_on_and_holds_nobody_elses(session, ours, sent, purchase):
    mine = send(session, make.paid_order(sent.orders[0].lines[0].combo).round)[0]
    send(session, make.paid_order().round)

    first = ours.get("/purchases?limit=1").json
    second = ours.get(f"/purchases?limit=1&cursor={first['next']}").json

    assert [each["manifest"] for each in first["purchases"] + second["purchases"]] == [
        mine.number,
        sent.manifest.number,
    ]
    assert second["next"] is None


def test_its_papers_are_those_of_the_page(ours, purchase):
    told = ours.get(f"/purchases/{purchase.number}").json

    printed, table = (ours.get(told[form].removeprefix("/api/v1")) for form in ("pdf", "csv"))

    assert printed.data.startswith(b"%PDF")
    listed = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert [purchase.sha256] == [row[1] for row in listed if row[0] == "SHA-256"]


def test_it_is_acknowledged_in_somebodys_name(session, ours, sent, purchase):
    answer = ours.post(f"/purchases/{purchase.number}/acknowledgement", {"name": "Trần Thị Bưởi"})

    assert answer.status_code == 201
    session.refresh(purchase)
    signed = f"{sent.staff.username} (API {ours.token.prefix})"
    assert (purchase.acknowledged_name, purchase.acknowledged_by) == ("Trần Thị Bưởi", signed)
    assert answer.json["acknowledged"] == {
        "name": "Trần Thị Bưởi", "by": signed, "at": answer.json["acknowledged"]["at"]
    }  # fmt: skip


def test_who_comes_second_is_told_who_was_first(session, ours, purchase):
    ours.post(f"/purchases/{purchase.number}/acknowledgement", {"name": "Trần Thị Bưởi"})

    late = ours.post(f"/purchases/{purchase.number}/acknowledgement", {"name": "Lê Văn Khế"})

    assert "Trần Thị Bưởi" in refuse(late, 409)
    assert len(rows(session, "SELECT id FROM purchase_events WHERE what = 'acknowledged'")) == 1


def test_the_same_again_is_the_same_answer(session, ours, purchase):
    path, body = f"/purchases/{purchase.number}/acknowledgement", {"name": "Trần Thị Bưởi"}

    first, again = (ours.post(path, body, key="morning-1") for _ in range(2))

    assert (again.status_code, again.json) == (201, first.json)
    assert len(rows(session, "SELECT id FROM purchase_events WHERE what = 'acknowledged'")) == 1


@pytest.mark.parametrize(
    "name", ["", "x", " Lan", "x" * 81, "La\u200bn", "Мария", "a\0b", "<b>Lan</b>", 7, None], ids=repr
)
def test_a_name_that_hides_something_is_refused(session, ours, purchase, name):
    answer = ours.post(f"/purchases/{purchase.number}/acknowledgement", {"name": name})

    refuse(answer, 422)
    assert [fault["field"] for fault in answer.json["errors"]] == ["name"]
    session.refresh(purchase)
    assert purchase.acknowledged_at is None
