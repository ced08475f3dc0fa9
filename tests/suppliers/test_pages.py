"""A supplier's pages: its own manifests only, their downloads, and what became of each parcel."""

import csv
import io
import re

import pytest

from kernel.jobs import sweep
from kernel.phones import display
from orders.payments.queries import owed_by
from people.models import Role
from suppliers.manifest import COLUMNS, stop_rows
from suppliers.models import ParcelState
from suppliers.queries import manifest_by_number, manifests_of, parcel_counts, parcels_of_batch
from tests import books, make
from tests.desk import send
from tests.pages import Page, words

EVERYTHING = ("", "/changes", ".pdf", ".csv", ".xlsx", ".json", "/labels.pdf")


def parcel(session, sent, stop=1):
    found = parcels_of_batch(session, sent.manifest.batch_id)[stop]
    session.refresh(found)
    return found


def mark(client, sent, which, became, **fields):
    fields = {"became": became, "version": which.version, "because": "", **fields}
    return make.submit(client, f"/suppliers/parcels/{which.id}", page=sent.path, **fields)


def test_a_supplier_sees_what_to_buy_and_whom_to_bring_what(driver, sent):
    home, page = driver.get("/suppliers/").text, driver.get(sent.path).text

    assert sent.manifest.number in home
    for order in sent.orders:
        assert order.name in page
        assert order.address in page
    assert "Rau củ 5 món" in page
    assert "1,5 kg" in page


@pytest.mark.parametrize("form", EVERYTHING)
def test_another_suppliers_manifest_answers_like_a_missing_one(client, session, sent, form):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    others, missing = client.get(sent.path + form), client.get("/suppliers/manifests/9999-RAU-1" + form)

    assert (others.status_code, missing.status_code) == (404, 404)
    # The page says its own address, as the one who asked for it did.
    assert told(others).replace(sent.path, "…") == told(missing).replace("/suppliers/manifests/9999-RAU-1", "…")
    assert books.count(session, "manifest_views") == 0
    assert sent.manifest.number not in client.get("/suppliers/").text


@pytest.mark.parametrize("form", EVERYTHING)
def test_the_office_sees_every_manifest(client, sent, form):
    make.signed_in(client)

    first = client.get(sent.path + form)
    sweep()

    # Papers are typeset first, and the page says how far that is.
    assert first.status_code == (303 if "pdf" in form else 200)
    assert client.get(sent.path + form).status_code == 200


@pytest.mark.parametrize("form", EVERYTHING)
def test_a_stranger_sees_none(client, sent, form):
    assert client.get(sent.path + form).location.startswith("/sign-in")


def test_who_asks_before_the_papers_are_made_sees_how_far_they_are(driver, session, sent):
    answer = driver.get(sent.path + ".pdf")
    page = Page(driver.get(answer.location))

    assert answer.status_code == 303
    assert "The papers are being typeset, pieces done: 0 / 4" in page.text()
    assert page.by_id("papers").get("hx-trigger") == "every 3s"

    asked = driver.get(sent.path + "/labels.pdf?size=100x50")
    assert "The labels are being typeset, pieces done: 0 / 1" in Page(driver.get(asked.location)).text()
    sweep()
    done = Page(driver.get(asked.location))
    assert "The labels are ready: download them" in done.text()
    assert "Download to print (PDF)" in done.text()
    assert done.by_id("papers").get("hx-trigger") is None


@pytest.mark.parametrize("asked", [".pdf?part=changes", ".pdf?ward=Nowhere", "/labels.pdf?size=a0"])
def test_a_paper_that_there_is_not_is_missing(driver, sent, asked):
    assert driver.get(sent.path + asked).status_code == (404 if "ward" not in asked else 303)


def test_the_csv_has_the_rows_of_the_snapshot(driver, sent):
    answer = driver.get(sent.path + ".csv")

    heading, *listed = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    printed = [{**row, "phone": display(row["phone"])} for row in stop_rows(sent.manifest.snapshot)]
    wanted = [[str(row[column] or "") for column in COLUMNS] for row in printed]
    assert len(heading) == len(COLUMNS)
    assert listed[:-1] == wanted
    assert listed[-1] == ["SHA-256", sent.manifest.sha256, sent.manifest.number]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{sent.manifest.number}.csv"'
    assert answer.mimetype == "text/csv"


@pytest.mark.parametrize(
    "evil", ['=HYPERLINK("http://x","y")', "+84", "-1+1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"]
)
def test_a_name_that_is_a_formula_runs_at_nobodys_desk(session, client, evil):
    order = make.paid_order(name=evil, address=evil)
    make.signed_in(client)
    manifest = send(session, order.round)[0]

    text = client.get(f"/suppliers/manifests/{manifest.number}.csv").data.decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert f"'{evil}" in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]


# At the door


def test_a_parcel_is_delivered_and_the_resident_reads_it(driver, session, sent):
    which = parcel(session, sent)
    order = next(order for order in sent.orders if order.id == which.order_id)
    before = driver.get(f"/o/{order.token}").text

    answer = mark(driver, sent, which, "delivered")
    which = parcel(session, sent)

    assert answer.status_code == 303
    assert which.state is ParcelState.DELIVERED
    assert (which.history[-1].by, which.history[-1].became) == (sent.staff.username, ParcelState.DELIVERED)
    after = driver.get(f"/o/{order.token}").text
    assert "Delivered" in after
    assert "Delivered" not in before


def test_a_failure_needs_its_reason_which_the_resident_reads(driver, session, sent):
    which = parcel(session, sent)
    order = next(order for order in sent.orders if order.id == which.order_id)

    assert mark(driver, sent, which, "failed", because=" ").status_code == 422
    assert parcel(session, sent).state is ParcelState.DISPATCHED
    assert mark(driver, sent, which, "failed", because="nobody at home").status_code == 303

    page = Page(driver.get(f"/o/{order.token}")).text()
    assert "nobody at home" in page
    assert "Something could not be delivered The reason stands below. Please call 1022" in page
    assert "You need not do anything more" not in page


@pytest.mark.parametrize(("because", "says"), [(" ", "Say why it failed"), ("x" * 201, "At most 200 letters")])
def test_what_is_wrong_with_a_reason_stands_beside_it_and_at_the_stop(driver, session, sent, because, says):
    which = parcel(session, sent, stop=2)

    answer = Page(mark(driver, sent, which, "failed", because=because))

    assert answer.status == 422
    field = answer.by_id("because-2")
    assert (field.get("aria-invalid"), field.get("value")) == ("true", because.strip())
    assert says in answer.text(field.get("aria-describedby", ""))
    assert [a.get("href") for a in answer.all("a") if says in words(a)] == ["#because-2"]
    assert [words(d)[:17] for d in answer.all("details") if "open" in d.attrib] == ["Could not deliver"]
    assert parcel(session, sent, stop=2).state is ParcelState.DISPATCHED


def test_a_long_manifest_opens_at_the_ward_of_the_stop_that_lacks_its_reason(driver, session, sent, monkeypatch):
    monkeypatch.setattr("suppliers.views.LONGEST_PAGE", 2)
    which = parcel(session, sent, stop=3)

    answer = Page(mark(driver, sent, which, "failed", because=""))

    assert answer.by_id("because-3").get("aria-invalid") == "true"


def test_a_wrong_mark_is_taken_back_and_stays_in_the_history(driver, session, sent):
    mark(driver, sent, parcel(session, sent), "delivered")
    mark(driver, sent, parcel(session, sent), "dispatched")

    which = parcel(session, sent)
    assert which.state is ParcelState.DISPATCHED
    assert [event.became for event in which.history] == ["dispatched", "delivered", "dispatched"]


def test_two_who_mark_one_parcel_the_second_is_told(driver, session, sent):
    shown = parcel(session, sent)
    version = shown.version
    mark(driver, sent, shown, "failed", because="nobody at home")

    answer = mark(driver, sent, shown, "delivered", version=version)

    assert answer.status_code == 409
    assert parcel(session, sent).state is ParcelState.FAILED


@pytest.mark.parametrize("fields", [{"became": "lost"}, {"became": ""}, {"version": ""}, {"version": "x"}])
def test_a_mark_that_nobody_understands_changes_nothing(driver, session, sent, fields):
    which = parcel(session, sent)

    answer = mark(driver, sent, which, **{"became": "delivered", **fields})

    assert answer.status_code in (409, 422)
    assert parcel(session, sent).state is ParcelState.DISPATCHED


def test_another_suppliers_parcel_answers_like_a_missing_one(client, session, sent):
    stranger = make.staff(Role.SUPPLIER)
    make.signed_in(client, stranger)
    token = csrf(client)

    answers = [
        client.post(
            f"/suppliers/parcels/{key}", data={"became": "delivered", "version": 1, "csrf_token": token}
        ).status_code
        for key in (parcel(session, sent).id, 999)
    ]

    assert answers == [404, 404]
    assert parcel(session, sent).state is ParcelState.DISPATCHED


def test_the_office_marks_no_parcels(client, session, sent):
    make.signed_in(client)

    assert mark(client, sent, parcel(session, sent), "delivered").status_code == 403


def test_counts_go_by_batch(driver, session, sent):
    mark(driver, sent, parcel(session, sent), "delivered")
    other = make.paid_order()
    noise = send(session, other.round)[0]

    counts = parcel_counts(session, [sent.manifest.batch_id, noise.batch_id])

    assert counts == {
        sent.manifest.batch_id: {ParcelState.DELIVERED: 1, ParcelState.DISPATCHED: 2},
        noise.batch_id: {ParcelState.DISPATCHED: 1},
    }


def test_manifests_are_listed_by_supplier(session, sent):
    other = send(session, make.paid_order().round)[0]

    assert list(manifests_of(session, sent.manifest.supplier_id)) == [sent.manifest]
    assert list(manifests_of(session, None)) == [other, sent.manifest]
    assert manifest_by_number(session, sent.manifest.number) is sent.manifest
    assert manifest_by_number(session, "none") is None
    assert owed_by(session, sent.orders[0]) == 0


def told(answer):
    """An error page without the number that tells requests apart, and without its own address."""
    return re.sub(
        r"[0-9a-f]{16}|name=\"csrf_token\" value=\"[^\"]*\"|nonce=\"[^\"]*\"|name=\"next\" value=\"[^\"]*\"",
        "",
        answer.text,
    )


def csrf(client):
    """The token of the form that every signed-in page carries: the way out."""
    return make.csrf_token(client, "/suppliers/")
