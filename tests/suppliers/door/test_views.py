"""A courier's pages without a script: own runs only, what is told there, what a code is, who sees a photo."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from kernel import clock, files
from orders.lifecycle import advance
from orders.models import OrderState
from people.models import Role
from suppliers.door.models import DoorKind
from suppliers.models import ParcelState
from suppliers.parcels import mark
from suppliers.runs.queries import run_by_code
from tests import make
from tests.desk import rows

HERE = {"Accept": "application/json"}


def jpeg(width=640, height=480):
    file = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(file, "JPEG", quality=90)
    file.seek(0)
    return file


@pytest.fixture
def run(out):
    return make.run(out.manifest, out.team)


@pytest.fixture
def on_the_road(client, out, run):
    make.signed_in(client, out.courier)
    return client


def tell(client, out, run, *, stop=1, as_queue=False, **fields):
    address = f"/courier/parcels/{out.parcel(stop).id}"
    fields = {"csrf_token": make.csrf_token(client, f"/courier/runs/{run.code}"), **fields}
    return client.post(
        address,
        data=fields,
        content_type="multipart/form-data",
        headers=HERE if as_queue else {},
        follow_redirects=True,
    )


def test_the_courier_sees_the_teams_runs_and_no_others(on_the_road, out, run):
    assert run.code in on_the_road.get("/courier/").text
    assert on_the_road.get(f"/courier/runs/{run.code}").status_code == 200


def test_another_teams_run_is_like_one_that_there_is_not(client, out, run):
    make.signed_in(client, make.courier(make.team(out.team.supplier)))

    assert run.code not in client.get("/courier/").text
    assert client.get(f"/courier/runs/{run.code}").status_code == 404
    assert client.get(f"/courier/runs/{run.code}/stops.json").status_code == 404


def test_each_look_is_written_down(on_the_road, out, run):
    on_the_road.get(f"/courier/runs/{run.code}")

    assert rows(out.session, "SELECT staff_id, form FROM manifest_views") == [(out.courier.id, "run")]


def test_two_days_after_delivery_nobody_is_named_any_more(on_the_road, out, run, stopped_clock):
    stopped_clock.set(clock.at(out.manifest.batch.round.delivery_on + timedelta(days=9), 0))
    make.signed_in(on_the_road, out.courier)

    page = on_the_road.get(f"/courier/runs/{run.code}").text

    assert "Người nhận 1" not in page
    assert "Lê Lợi" not in page


def test_what_is_left_comes_first_the_urgent_on_top(on_the_road, out, run):
    out.tell(DoorKind.DELIVERED, stop=1)
    out.tell(DoorKind.FAILED, stop=2)
    out.parcel(3).urgent = True

    page = on_the_road.get(f"/courier/runs/{run.code}").text

    places = [page.index(f'id="stop-{out.parcel(stop).id}"') for stop in (3, 2, 1)]
    assert places == sorted(places)
    assert "Left: 2 of 3" in page


def test_handed_over_with_a_photo_that_keeps_nothing_but_its_pixels(on_the_road, out, run):
    answer = tell(on_the_road, out, run, kind="delivered", photo=(jpeg(), "cua.jpg"))

    assert "Stop 1: counted." in answer.text
    assert out.parcel().state is ParcelState.DELIVERED
    ((name,),) = rows(out.session, "SELECT photo FROM door_events")
    kept = Image.open(io.BytesIO(files.get(f"door/{name}") or b""))
    assert (kept.format, dict(kept.getexif()), kept.size) == ("WEBP", {}, (640, 480))


def test_handed_over_with_a_witness(on_the_road, out, run):
    tell(on_the_road, out, run, kind="delivered", witness="Bà Tư, tổ trưởng")

    assert rows(out.session, "SELECT witness, photo FROM door_events") == [("Bà Tư, tổ trưởng", "")]


def test_without_either_it_is_refused_in_words_at_the_stop(on_the_road, out, run):
    answer = tell(on_the_road, out, run, kind="delivered")

    assert answer.status_code == 422
    assert "Take a photo of the goods at the door, or name who of the block saw it." in answer.text
    assert f'href="#photo-{out.parcel().id}"' in answer.text
    assert rows(out.session, "SELECT count(*) FROM door_events") == [(0,)]


def test_a_failure_needs_a_reason_of_the_list(on_the_road, out, run):
    assert tell(on_the_road, out, run, kind="failed", reason="bored").status_code == 422
    assert tell(on_the_road, out, run, kind="failed", reason="refused").status_code == 200
    assert out.parcel().state is ParcelState.FAILED


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG drawings are not taken"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "HEIC and AVIF photos are not read"),
        (jpeg().getvalue() + b"<script>alert(1)</script>", "Something else is hidden in this picture"),
        (b"GIF89a", "This is no photo"),
    ],
    ids=["svg", "heic", "polyglot", "gif"],
)
def test_a_bad_photo_is_refused_in_words_and_nothing_is_marked(on_the_road, out, run, content, words):
    sent = {"kind": "delivered", "witness": "Bà Tư", "photo": (io.BytesIO(content), "x.jpg")}
    answer = tell(on_the_road, out, run, as_queue=True, **sent)

    assert answer.status_code == 422
    assert words in answer.json["errors"]["photo"]
    assert rows(out.session, "SELECT count(*) FROM door_events") == [(0,)]


def test_the_queue_sends_the_same_twice_and_is_answered_alike(on_the_road, out, run):
    sent = {"kind": "delivered", "witness": "Bà Tư", "key": "0f8fad5b-d9cb-469f-a165-70867728950e", "age": "600"}

    first = tell(on_the_road, out, run, as_queue=True, **sent)
    second = tell(on_the_road, out, run, as_queue=True, **sent)

    assert (first.status_code, first.json) == (201, second.json)
    assert first.json["outcome"] == "applied"
    ((at,),) = rows(out.session, "SELECT at FROM door_events")
    assert str(at)[:16] == str(clock.now() - timedelta(minutes=10))[:16]


def test_the_queue_hears_how_each_stop_stands(on_the_road, out, run):
    event = out.tell(DoorKind.FAILED, stop=2)

    told = on_the_road.get(f"/courier/runs/{run.code}/stops.json").json

    assert on_the_road.get("/courier/me.json").json["staff"] == out.courier.id
    second = next(each for each in told["stops"] if each["code"] == out.orders[1].code)
    assert (second["state"], second["attempts"], second["left"], second["undoable"]) == ("failed", 1, True, event.key)
    assert second["heard"] == [event.key]
    assert f'data-heard="{event.key}"' in on_the_road.get(f"/courier/runs/{run.code}").text


@pytest.mark.parametrize("templates", ["postgresql"], indirect=True)  # in SQLite nobody writes meanwhile
@pytest.mark.parametrize("page", ["", "/stops.json"])
def test_what_is_told_while_a_page_is_made_is_not_said_to_be_heard(on_the_road, out, run, monkeypatch, page):
    """A phone that hears it takes the state beside it for what became of it."""

    def meanwhile(session, code):
        out.tell(DoorKind.DELIVERED, stop=1)
        return run_by_code(session, code)

    monkeypatch.setattr("suppliers.door.views.run_by_code", meanwhile)

    told = on_the_road.get(f"/courier/runs/{run.code}{page}").text

    monkeypatch.undo()
    ((key,),) = rows(out.session, "SELECT key FROM door_events")
    assert key not in told
    assert key in on_the_road.get(f"/courier/runs/{run.code}{page}").text


def test_what_was_told_last_is_named_though_it_is_too_late_to_take_it_back(on_the_road, out, run, stopped_clock):
    """A phone may have taken it back in time, and tells so later."""
    event = out.tell(DoorKind.DELIVERED, stop=1)
    stopped_clock.forward(minutes=30)

    told = on_the_road.get(f"/courier/runs/{run.code}/stops.json").json["stops"]

    first = next(each for each in told if each["code"] == out.orders[0].code)
    assert (first["last"], first["undoable"]) == (event.key, "")


def test_what_waits_on_a_phone_is_sent_though_its_run_is_another_teams(on_the_road, out, run):
    telling = {"kind": "failed", "reason": "absent", "csrf_token": on_the_road.get("/courier/me.json").json["csrf"]}
    run.team = make.team(out.team.supplier, "Đội 2")
    assert on_the_road.get(f"/courier/runs/{run.code}/stops.json").status_code == 404

    answer = on_the_road.post(f"/courier/parcels/{out.parcel().id}", data=telling, headers=HERE)

    assert (answer.status_code, out.parcel().state) == (201, ParcelState.FAILED)


def test_a_form_that_is_sent_twice_counts_once(on_the_road, out, run):
    page = on_the_road.get(f"/courier/runs/{run.code}").text
    (key, *_others) = re.findall(r'name="kind" value="failed"><input type="hidden" name="key" value="([^"]+)"', page)

    for _press in range(2):
        tell(on_the_road, out, run, kind="failed", reason="absent", key=key)

    assert rows(out.session, "SELECT count(*) FROM door_events") == [(1,)]


def test_after_the_supplier_sent_it_out_again_attempts_are_counted_anew(on_the_road, out, run, stopped_clock):
    for _attempt in range(2):
        out.tell(DoorKind.FAILED)
        stopped_clock.forward(minutes=30)
    mark(out.session, out.parcel(), ParcelState.DISPATCHED, by="rau", at=clock.now(), because="")
    stopped_clock.forward(minutes=30)
    out.tell(DoorKind.FAILED)

    stops = on_the_road.get(f"/courier/runs/{run.code}/stops.json").json["stops"]

    first = next(each for each in stops if each["parcel"] == out.parcel().id)
    assert (first["attempts"], first["left"]) == (1, True)


def test_ten_minutes_later_nothing_is_to_be_taken_back(on_the_road, out, run, stopped_clock):
    out.tell(DoorKind.DELIVERED)
    assert 'data-undoable=""' not in on_the_road.get(f"/courier/runs/{run.code}").text.split("<article")[3]
    stopped_clock.forward(minutes=10, seconds=1)

    assert all(each["undoable"] == "" for each in on_the_road.get(f"/courier/runs/{run.code}/stops.json").json["stops"])


def test_a_code_in_the_own_run_is_to_be_handed_over(on_the_road, out, run):
    looked = on_the_road.get(f"/courier/look?code={out.orders[0].code.lower()}", headers=HERE).json

    assert (looked["verdict"], looked["run"], looked["parcel"]) == ("hand_over", run.code, out.parcel(1).id)


def _cancelled(out):
    order = make.order()
    advance(order, OrderState.CANCELLED, by="x", at=clock.now(), because="x")
    return order


REFUSED = {
    "not_paid": (lambda out: make.order(), "Not paid: hand nothing over."),
    "cancelled": (_cancelled, "Cancelled: hand nothing over."),
    "expired": (lambda out: make.order(state=OrderState.EXPIRED), "Not paid in time"),
    "not_sent": (lambda out: make.paid_order(), "Paid, but not sent out yet"),
}


@pytest.mark.parametrize("verdict", REFUSED)
def test_a_code_that_brings_nobody_food_is_refused_in_words(on_the_road, out, run, verdict):
    build, words = REFUSED[verdict]

    looked = on_the_road.get(f"/courier/look?code={build(out).code}", headers=HERE).json

    assert (looked["verdict"], looked["good"]) == (verdict, False)
    assert words in looked["words"]


def test_what_was_delivered_is_refused_with_when_and_by_whom(on_the_road, out, run):
    out.tell(DoorKind.DELIVERED, by=out.other)

    looked = on_the_road.get(f"/courier/look?code={out.orders[0].code}", headers=HERE).json

    assert looked["verdict"] == "delivered"
    assert out.other.name in looked["words"]
    assert clock.local(clock.now()).strftime("%H:%M") in looked["words"]


def test_another_teams_bag_names_its_ward_or_its_team(client, out, run):
    make.signed_in(client, make.courier(make.team(out.team.supplier, "Đội 2", ("Bình An", ""))))
    assert "Another ward: this goes to “Dĩ An”." in client.get(f"/courier/look?code={out.orders[0].code}").text

    client.delete_cookie("market")
    make.signed_in(client, make.courier(make.team(out.team.supplier, "Đội 3", ("Dĩ An", "KP Tây"))))
    assert "This is in a run of “Đội 1”." in client.get(f"/courier/look?code={out.orders[0].code}").text


def test_another_suppliers_courier_learns_nothing_but_that(client, out, run):
    make.signed_in(client, make.courier(make.team(make.supplier())))

    page = client.get(f"/courier/look?code={out.orders[0].code}").text

    assert "Another supplier brings this order" in page
    assert "Người nhận" not in page
    assert "Lê Lợi" not in page


@pytest.mark.parametrize("typed", ["", "xin chào", "DC1234567", "https://example.com/?q=1"])
def test_what_is_no_code_of_ours_is_said_so(on_the_road, typed):
    assert on_the_road.get("/courier/look", query_string={"code": typed}, headers=HERE).json["verdict"] == "not_ours"


def test_a_photo_is_seen_by_those_who_may(client, out, run):
    make.signed_in(client, out.courier)
    tell(client, out, run, kind="delivered", photo=(jpeg(), "cua.jpg"))
    ((key,),) = rows(out.session, "SELECT key FROM door_events")
    supplier = out.team.supplier
    seen = {
        "courier of the team": (out.other, 200),
        "courier of another team": (make.courier(make.team(supplier)), 404),
        "who delivers": (make.staff(Role.SUPPLIER, of=supplier), 200),
        "the warehouse": (make.staff(Role.SUPPLIER, of=supplier, delivers=False), 404),
        "another supplier": (make.staff(Role.SUPPLIER), 404),
        "the office": (make.staff(), 200),
    }
    for who, (staff, status) in seen.items():
        client.delete_cookie("market")
        make.signed_in(client, staff)
        assert client.get(f"/courier/photos/{key}.webp").status_code == status, who
    client.delete_cookie("market")
    assert client.get(f"/courier/photos/{key}.webp").status_code == 302


def test_only_the_runs_page_may_ask_for_the_camera(on_the_road, run):
    allowed = on_the_road.get(f"/courier/runs/{run.code}").headers
    elsewhere = on_the_road.get("/courier/").headers

    assert "camera=(self)" in allowed["Permissions-Policy"]
    assert "worker-src 'self' blob:" in allowed["Content-Security-Policy"]
    assert "camera=()" in elsewhere["Permissions-Policy"]
    assert "blob:" not in elsewhere["Content-Security-Policy"]


class Endless(io.RawIOBase):
    """So many bytes, and how many of them were asked for."""

    def __init__(self, many):
        self.left, self.read_of_it = many, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        size = min(len(buffer), self.left)
        buffer[:size] = b"\0" * size
        self.left, self.read_of_it = self.left - size, self.read_of_it + size
        return size


def test_two_hundred_megabytes_are_refused_in_words_before_they_are_read(on_the_road, out, run):
    body = Endless(200 * 1024 * 1024)

    answer = on_the_road.post(
        f"/courier/parcels/{out.parcel().id}",
        environ_overrides={"wsgi.input": io.BufferedReader(body), "CONTENT_LENGTH": str(200 * 1024 * 1024)},
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code == 413
    assert "The picture is too large" in answer.text
    assert body.read_of_it < 1024 * 1024
