"""The pages of a complaint: behind the order's link, at the desk, at the supplier's; who sees its photo."""

import io
from typing import Any

import pytest
from PIL import Image

from kernel import files
from orders.models import IfShort
from people.models import Role
from suppliers.complaints.models import ComplaintState
from suppliers.complaints.queries import complaint_by_id
from tests import books, make
from tests.complaints import accepted, brought, complained, refused
from tests.desk import rows
from tests.kernel import photos
from tests.pages import Page
from tests.short import FISH, town

pytestmark = pytest.mark.usefixtures("stopped_clock", "right_books")


@pytest.fixture
def place(session):
    return town(IfShort.REFUND, IfShort.REFUND)


@pytest.fixture
def order(place):
    brought(place.orders[0])
    return place.orders[0]


def address(order, item=FISH):
    return f"/o/{order.token}/complain?line={order.lines[0].id}" + (f"&item={item}" if item else "")


def tell(client, order, *, item=FISH, photo: bytes = b"", **fields: Any):
    typed = {"kind": "spoiled", "words": "ươn rồi", **fields}
    if photo:
        typed["photo"] = (io.BytesIO(photo), "a.jpg")
    return make.submit(client, address(order, item), **typed)


def test_the_orders_page_leads_to_each_item_and_the_form_takes_it(client, session, order):
    links = [a.get("href") for a in Page(client.get(f"/o/{order.token}")).all("a") if "complain" in a.get("href", "")]
    assert len(links) == 2 * (1 + 4)

    page = Page(client.get(address(order)))
    (camera,) = page.all("input", type="file")
    assert (camera.get("accept"), camera.get("capture")) == ("image/*", "environment")
    assert "identity card" in page.text()

    answer = tell(client, order, photo=photos.photo(2000, 1500))

    assert (answer.status_code, answer.location) == (303, f"/o/{order.token}#amiss")
    ((number, name),) = rows(session, "SELECT id, photo FROM complaints")
    seen = client.get(f"/o/{order.token}/complaints/{number}.webp")
    assert Image.open(io.BytesIO(seen.data)).size == (1280, 960)
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert seen.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert files.get(name) == seen.data


def test_without_words_and_photo_it_is_taken_too(client, session, order):
    assert tell(client, order, words="").status_code == 303


def test_faults_are_named_and_nothing_is_written(client, session, order):
    for fields in ({"kind": ""}, {"kind": "x"}, {"words": "x" * 501}, {"photo": b"no photo at all" * 9}):
        page = Page(tell(client, order, **fields))
        assert page.status == 422
        assert titled(page).startswith("Error:")
    assert books.count(session, "complaints") == 0


def test_too_late_is_told_in_words_with_the_hotline(client, stopped_clock, order):
    page = client.get(address(order))
    stopped_clock.forward(hours=24, seconds=1)

    assert page.status_code == 200
    assert client.get(address(order)).status_code == 409
    assert "24 hours" in client.get(f"/o/{order.token}").text or "until" in client.get(f"/o/{order.token}").text


def test_the_resident_sees_the_answer_and_what_goes_back(client, order):
    accepted(complained(order, FISH), 25_000, answer="xin lỗi bà con")

    text = Page(client.get(f"/o/{order.token}")).text()
    assert "xin lỗi bà con" in text
    assert "25.000" in text


def test_the_resident_takes_it_back(client, session, order):
    complaint = complained(order, FISH)
    client_page = f"/o/{order.token}"

    answer = make.submit(client, f"{client_page}/complaints/{complaint.id}/withdraw", page=client_page)

    assert answer.status_code == 303
    session.refresh(complaint)
    assert complaint.state is ComplaintState.WITHDRAWN


def test_the_office_accepts_what_it_is_shown(client, session, order):
    complaint = complained(order, FISH)
    make.signed_in(client)
    shown = Page(client.get(f"/desk/complaints/{complaint.id}"))
    (amount,) = shown.all("input", name="amount")
    assert amount.get("value") == "25000"
    assert FISH in client.get("/desk/complaints").text

    answer = make.submit(
        client, f"/desk/complaints/{complaint.id}/accept", page=shown_at(complaint), amount="25.000", version="1"
    )

    assert answer.status_code == 303
    session.refresh(complaint)
    assert (complaint.state, complaint.amount) == (ComplaintState.ACCEPTED, 25_000)
    assert FISH in client.get("/desk/complaints?show=decided").text


def titled(page):
    return page.all("title")[0].text or ""


def shown_at(complaint):
    return f"/desk/complaints/{complaint.id}"


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("accept", {"amount": "0"}),
        ("accept", {"amount": "x"}),
        ("accept", {"amount": "100.001"}),
        ("refuse", {"because": ""}),
        ("refuse", {"because": "x"}),
    ],
)
def test_a_decision_with_faults_is_shown_again(client, session, order, step, typed):
    complaint = complained(order, FISH)
    make.signed_in(client)

    page = Page(
        make.submit(client, f"{shown_at(complaint)}/{step}", page=shown_at(complaint), **{"version": "1", **typed})
    )

    assert page.status == 422
    assert titled(page).startswith("Error:")
    session.refresh(complaint)
    assert complaint.waits


def test_a_clerk_who_comes_second_is_told_and_shown_how_it_stands(client, session, order):
    complaint = complained(order, FISH)
    make.signed_in(client)
    refused(complaint)

    answer = make.submit(
        client, f"{shown_at(complaint)}/accept", page=shown_at(complaint), amount="25.000", version="1"
    )

    assert answer.status_code == 409
    assert "decided meanwhile" in answer.text
    session.refresh(complaint)
    assert complaint.state is ComplaintState.REFUSED


def test_it_is_taken_back_with_a_reason(client, session, order):
    complaint = accepted(complained(order, FISH), 25_000)
    make.signed_in(client)
    typed = {"page": shown_at(complaint), "version": str(complaint.version)}

    assert make.submit(client, f"{shown_at(complaint)}/undo", because="", **typed).status_code == 422
    assert make.submit(client, f"{shown_at(complaint)}/undo", because="nhầm đơn", **typed).status_code == 303
    session.refresh(complaint)
    assert complaint.undone_because == "nhầm đơn"


def test_the_menu_counts_what_waits(client, order):
    make.signed_in(client)
    complained(order, FISH)
    complained(order)

    menu = Page(client.get("/desk/complaints"))
    spans = [span for link in menu.all("a", href="/desk/complaints") for span in link.iter("span")]
    assert [span.text for span in spans] == ["2"]


def test_a_supplier_answers_once_and_sees_no_names_unless_it_delivers(client, session, place, order):
    complaint = complained(order, FISH)
    at = f"/suppliers/complaints/{complaint.id}"
    make.signed_in(client, make.staff(Role.SUPPLIER, username="kho", of=place.supplier, delivers=False))
    assert order.name not in client.get(at).text
    assert FISH in client.get("/suppliers/complaints").text

    assert make.submit(client, at, reply="").status_code == 422
    assert make.submit(client, at, reply="đã đóng gói kỹ").status_code == 303
    assert make.submit(client, at, page="/suppliers/complaints", reply="thêm").status_code == 409

    session.refresh(complaint)
    assert (complaint.reply, complaint.replied_by) == ("đã đóng gói kỹ", "kho")
    courier = client.application.test_client()
    make.signed_in(courier, make.staff(Role.SUPPLIER, username="giao", of=place.supplier))
    assert order.name in courier.get(at).text


@pytest.mark.parametrize(
    ("who", "where", "status"),
    [
        ("nobody", "/o/{token}/complaints/{id}.webp", 200),
        ("nobody", "/o/{other}/complaints/{id}.webp", 404),
        ("nobody", "/o/{token}/complaints/{bare}.webp", 404),
        ("nobody", "/desk/complaints/{id}.webp", 302),
        ("office", "/desk/complaints/{id}.webp", 200),
        ("delivers", "/suppliers/complaints/{id}.webp", 200),
        ("packs", "/suppliers/complaints/{id}.webp", 404),
        ("another firm", "/suppliers/complaints/{id}.webp", 404),
        ("courier", "/suppliers/complaints/{id}.webp", 403),
        ("delivers", "/desk/complaints/{id}.webp", 403),
        ("office", "/suppliers/complaints/{id}.webp", 403),
    ],
)
def test_who_sees_the_photo(client, place, order, who, where, status):
    files.put("complaints/x.webp", b"RIFF")
    complaint, bare = complained(order, FISH, photo="complaints/x.webp"), complained(order)
    staff = {
        "office": make.staff,
        "delivers": lambda: make.staff(Role.SUPPLIER, of=place.supplier),
        "packs": lambda: make.staff(Role.SUPPLIER, of=place.supplier, delivers=False),
        "another firm": lambda: make.staff(Role.SUPPLIER, of=make.supplier()),
        "courier": lambda: make.courier(make.team(place.supplier)),
    }
    if who in staff:
        make.signed_in(client, staff[who]())
    names = {"token": order.token, "other": place.orders[1].token, "id": complaint.id, "bare": bare.id}

    assert client.get(where.format(**names)).status_code == status


def test_the_same_form_sent_twice_is_one_complaint(client, session, order):
    text = client.get(address(order)).text
    attempt = text.split('name="attempt"')[1].split('value="')[1].split('"')[0]

    for _twice in range(2):
        assert tell(client, order, attempt=attempt).status_code in {303, 409}
    assert books.count(session, "complaints") == 1
    assert complaint_by_id(session, rows(session, "SELECT id FROM complaints")[0][0])
