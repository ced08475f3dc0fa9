"""Combos at the desk: items as people write them, codes of the system's, changes that do not touch what was ordered."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import text

from kernel.changes import Doer
from kernel.clock import now
from kernel.queries import changes_of
from shop.desk.combos import keep
from shop.models import Combo
from shop.quantities import parse_item
from shop.queries import any_combo
from tests import make
from tests.kernel.photos import photo
from tests.pages import Page

ITEMS = "rau muống 0,5 kg\ntrứng gà 10 quả"


@pytest.fixture
def clerk(client):
    return make.signed_in(client)


def filled(supplier, **changed):
    form = {"name": "Rau củ mùa mưa", "group": "Rau củ", "items": ITEMS, "supplier": supplier.id, "position": "7"}
    return {**form, "price": "130.000", "on_sale": "y", **changed}


def add(client, supplier, **changed):
    return make.submit(client, "/desk/admin/combos/new", **filled(supplier, **changed))


def save(client, combo, **changed):
    path = f"/desk/admin/combos/{combo.code}"
    form = {**filled(combo.supplier), "version": Page(client.get(path)).value("version"), **changed}
    return make.submit(client, path, **form)


def test_a_combo_is_added_under_the_next_code_and_is_sold(client, clerk, session):
    firm = make.supplier()
    make.combo("C20")

    answer = add(client, firm)

    combo = any_combo(session, "C21")
    assert combo is not None
    assert (answer.status_code, answer.location) == (303, "/desk/admin/combos/C21")
    assert (combo.name, combo.price, combo.position, combo.supplier_id) == ("Rau củ mùa mưa", 130_000, 7, firm.id)
    assert [(item.name, item.quantity, item.measure) for item in combo.items] == [
        ("rau muống", 500, ""),
        ("trứng gà", 10, "quả"),
    ]
    assert "Rau củ mùa mưa" in client.get("/").text
    assert [line.by for line in changes_of(session, "combo", combo.id)] == [clerk.username] * 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Enter the name"),
        ("name", "x" * 81, "At most 80"),
        ("name", "Rau\u200bcủ", "hidden or foreign"),
        ("name", "Rаu củ", "hidden or foreign"),  # a Cyrillic а
        ("group", "x" * 41, "At most 40"),
        ("items", "", "Write what is in the combo"),
        ("items", "rau muống 0,5 kg\nmuối", "Line 2, “muối”"),
        ("items", "rau muống 0,5 kg\nrau muống 0,5 kg", "stands here twice"),
        ("items", "rau -5 kg", "Line 1"),
        ("items", "rau 1000000000000 kg", "too much"),
        ("items", "rau " + "9" * 5000 + " kg", "longer than"),
        ("items", "r\u202eau 1 kg", "hidden or foreign"),
        ("items", "\n".join(f"món {n} 1 kg" for n in range(41)), "At most 40 items"),
        ("position", "-1", "whole number from 1 to 9999"),
        ("position", "1000000000000", "whole number from 1 to 9999"),
        ("price", "-5", "Enter a price from"),
        ("price", "1000000000000", "Enter a price from"),
        ("price", "9" * 5000, "Enter a price from"),
        ("price", "12,5", "Enter a price from"),
        ("price", "", "Enter a price from"),
    ],
)
def test_bad_input_is_told_at_its_field_and_keeps_nothing(client, clerk, session, field, value, words):
    page = Page(add(client, make.supplier(), **{field: value}))

    assert page.status == 422
    assert words in page.fault(field)
    assert session.execute(text("SELECT COUNT(*) FROM combos")).scalar() == 0


def test_a_nul_is_refused_and_a_form_without_its_token(client, clerk, session):
    firm = make.supplier()

    assert add(client, firm, name="Rau\0củ").status_code == 400
    assert client.post("/desk/admin/combos/new", data=filled(firm)).status_code == 400


def test_a_look_before_saving_saves_nothing(client, clerk, session):
    page = Page(add(client, make.supplier(), look="yes"))

    assert page.status == 200
    assert "Nothing is saved yet" in page.text()
    assert "500 g" in page.text()
    assert session.execute(text("SELECT COUNT(*) FROM combos")).scalar() == 0


def test_a_change_shows_in_the_history_and_not_in_what_was_ordered(client, clerk, session):
    combo, noise = make.combo(name="Rau củ 5 món"), make.combo(name="Khác hẳn")
    order = make.order(combo)

    assert save(client, combo, name="Rau củ 6 món").status_code == 303

    session.refresh(combo)
    session.refresh(order)
    assert (combo.name, noise.name, order.lines[0].name) == ("Rau củ 6 món", "Khác hẳn", "Rau củ 5 món")
    lines = {line.field: (line.was, line.became) for line in changes_of(session, "combo", combo.id)}
    assert lines["name"] == ("Rau củ 5 món", "Rau củ 6 món")
    assert "items" not in lines
    assert not changes_of(session, "combo", noise.id)
    assert "Rau củ 5 món" in Page(client.get(f"/desk/admin/combos/{combo.code}")).text()


def test_what_is_saved_unchanged_changes_nothing(client, clerk, session):
    combo = make.combo(items=("bí xanh 1 trái (~0,8 kg)", "gạo 1,25 kg", "nước 1500 ml"))
    path = f"/desk/admin/combos/{combo.code}"
    ids = [item.id for item in combo.items]

    answer = client.post(path, data=Page(client.get(path)).filled())

    assert answer.status_code == 303
    assert not changes_of(session, "combo", combo.id)
    session.refresh(combo)
    assert [item.id for item in combo.items] == ids


@pytest.mark.parametrize(
    "line", ["rau muống 0,5 kg", "gạo 1250 kg", "bí 1 trái (~0,8 kg)", "sữa 180 ml 8 hộp", "nước 1 l"]
)
def test_an_item_reads_back_as_it_was_written(line):
    item = parse_item(line)

    assert parse_item(keep.written(item)) == item


def test_of_two_clerks_the_second_is_told_and_sees_both(client, clerk, session):
    combo = make.combo(name="Rau củ 5 món")
    seen = combo.version
    filled_in = keep.Filled(
        name="Rau củ của người kia", group=combo.group, position=3, on_sale=True, cold_chain=False,
        supplier_id=combo.supplier_id, items=[parse_item("cà chua 1 kg")],
    )  # fmt: skip
    keep.change(session, combo, filled_in, seen=str(seen), doer=Doer("kinhte9", now()))

    page = Page(save(client, combo, name="Rau củ của tôi", version=seen))

    assert page.status == 409
    assert "Somebody was quicker" in page.text()
    assert "Rau củ của người kia" in page.text()
    assert "Rau củ của tôi" in page.text()
    assert "cà chua 1 kg" in page.text()
    assert client.post(f"/desk/admin/combos/{combo.code}", data=page.filled()).status_code == 303
    session.refresh(combo)
    assert combo.name == "Rau củ của tôi"


def test_a_combo_goes_off_sale_and_back(client, clerk, session):
    combo = make.combo(name="Rau củ 5 món")
    path = f"/desk/admin/combos/{combo.code}"

    off = make.submit(client, f"{path}/on-sale", page=path, on_sale="no", version=combo.version)
    assert (off.status_code, client.get(f"/combos/{combo.code}").status_code) == (303, 404)
    stale = make.submit(client, f"{path}/on-sale", page=path, on_sale="yes", version=combo.version)
    assert stale.status_code == 409
    session.refresh(combo)
    make.submit(client, f"{path}/on-sale", page=path, on_sale="yes", version=combo.version)

    assert client.get(f"/combos/{combo.code}").status_code == 200


def test_two_on_sale_are_told_apart_by_their_names(client, clerk, session):
    make.combo(name="Rau củ mùa mưa")

    page = Page(add(client, make.supplier()))

    assert page.status == 422
    assert "has this name already" in page.fault("name")


def test_a_supplier_that_is_off_sells_nothing(client, clerk, session):
    combo = make.combo()
    combo.supplier.active = False
    session.commit()

    page = Page(save(client, combo, supplier=combo.supplier_id))

    assert page.status == 422
    assert "switched off" in page.fault("on_sale")


def test_a_copy_begins_with_the_others_fields_and_off_sale(client, clerk, session):
    combo = make.combo("C07", name="Rau củ 5 món", price=130_000)

    page = Page(client.get("/desk/admin/combos/new?copy=C07"))

    assert page.value("name") == "Rau củ 5 món (copy)"
    assert page.value("price") == "130000"
    assert "rau muống" in page.value("items")
    assert page.value("on_sale") == ""
    assert client.post("/desk/admin/combos/new", data=page.filled()).status_code == 303
    made = any_combo(session, "C08")
    assert made is not None
    assert made.items[0].name == combo.items[0].name


def test_the_list_is_searched_sorted_and_has_screens_of_forty(client, clerk, session):
    firm = make.supplier()
    for number in range(41):
        make.combo(f"C{number + 1:02d}", name=f"Món số {number:02d}", price=1_000_000 - number * 1000, packed_by=firm)
    make.combo("C99", name="Rau muống đặc biệt", on_sale=False, packed_by=firm)

    first, found = Page(client.get("/desk/admin/combos")), Page(client.get("/desk/admin/combos?q=rau+muong+dac"))
    cheap = Page(client.get("/desk/admin/combos?sort=price"))

    assert "Món số 39" in first.text()
    assert "Món số 40" not in first.text()
    assert "Món số 40" in Page(client.get("/desk/admin/combos?page=2")).text()
    assert "C99" in found.text()
    assert "Món số" not in found.text()
    assert cheap.text().index("Món số 39") < cheap.text().index("Món số 38")
    assert "No combo is like that" in Page(client.get("/desk/admin/combos?q=khongco")).text()


def test_the_price_page_says_whether_a_second_person_is_needed(client, clerk, session):
    combo = make.combo("C07", price=100_000)
    form: dict[str, Any] = {"page": "/desk/admin/combos/C07/price", "because": "giá chợ tăng"}

    small = make.submit(client, "/desk/admin/combos/C07/price", becomes="105k", version=combo.version, **form)
    session.refresh(combo)
    large = make.submit(client, "/desk/admin/combos/C07/price", becomes="200k", version=combo.version, **form)

    assert (small.status_code, large.status_code) == (303, 303)
    page = Page(client.get("/desk/admin/combos/C07"))
    assert "105.000" in page.text()
    assert "A change to 200.000" in page.text().replace("\u00a0", " ")
    assert "200.000" in Page(client.get("/desk/admin")).text()


@pytest.mark.parametrize("because", ["", "x", "y" * 201])
def test_a_price_without_a_reason_stays(client, clerk, session, because):
    combo = make.combo("C07", price=100_000)
    path = "/desk/admin/combos/C07/price"

    page = Page(make.submit(client, path, becomes="105k", version=combo.version, because=because))

    assert page.status == 422
    assert page.fault("because")
    assert session.get_one(Combo, combo.id).price == 100_000


def test_who_decides_a_price(client, session):
    """Not its proposer, not a clerk who is no head; a head does, and the shop shows it."""
    combo = make.combo("C07", price=100_000)
    change = make.reprice(combo, 200_000, over_limit=10)
    path = f"/desk/admin/prices/{change.id}"

    make.signed_in(client)
    assert make.submit(client, f"{path}/approve", page="/track").status_code == 403
    make.submit(client, "/sign-out", page="/track")
    make.signed_in(client, make.staff(username="kinhte1", manages=True))
    assert make.submit(client, f"{path}/approve", page="/track").status_code == 409
    make.submit(client, "/sign-out", page="/track")
    make.signed_in(client, make.staff(username="kinhte2", manages=True))
    assert "Do you agree?" in Page(client.get(path)).text()
    no_reason = make.submit(client, f"{path}/refuse", page="/track")
    agreed = make.submit(client, f"{path}/approve", page="/track")

    assert (no_reason.status_code, agreed.status_code) == (422, 303)
    assert "200.000" in client.get("/combos/C07").text
    assert make.submit(client, f"{path}/approve", page="/track").status_code == 409


def test_a_photograph_takes_the_drawings_place_and_gives_it_back(client, clerk, session):
    combo = make.combo()

    answer = save(client, combo, name=combo.name, picture=(BytesIO(photo()), "rau.jpg"))

    assert answer.status_code == 303
    session.expire_all()
    assert combo.picture
    assert combo.picture in client.get(f"/combos/{combo.code}").text
    save(client, combo, name=combo.name, drawn="y")
    session.expire_all()
    assert combo.picture is None
    assert [line.field for line in changes_of(session, "combo", combo.id)].count("picture") == 2


def test_what_is_no_photograph_is_refused_beside_the_question_and_nothing_is_saved(client, clerk, session):
    combo = make.combo()

    answer = save(client, combo, name="Rau khác", picture=(BytesIO(b"<svg/>"), "rau.svg"))

    assert answer.status_code == 422
    assert "SVG drawings are not taken" in Page(answer).fault("picture")
    session.expire_all()
    assert (combo.picture, combo.name == "Rau khác") == (None, False)
