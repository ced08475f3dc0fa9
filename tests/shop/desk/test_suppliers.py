"""Suppliers at the desk: added under a code of the system's, switched off together with what they sell."""

from typing import Any

import pytest

from kernel.queries import changes_of
from people.models import Role, Supplier
from people.queries import suppliers
from tests import make
from tests.pages import Page


@pytest.fixture
def clerk(client):
    return make.signed_in(client)


def add(client, **changed):
    fields = {"name": "Hợp tác xã Bình An", "phone": "0274 3800 100", **changed}
    return make.submit(client, "/desk/admin/suppliers/new", **fields)


def switch(client, firm, **fields):
    path = f"/desk/admin/suppliers/{firm.id}"
    return make.submit(client, f"{path}/active", page=path, **{"version": firm.version, **fields})


def test_a_firm_is_added_under_the_next_code(client, clerk, session):
    make.supplier("NCC07")

    assert add(client).status_code == 303

    firm = next(each for each in suppliers(session) if each.code == "NCC08")
    assert (firm.name, firm.phone, firm.active) == ("Hợp tác xã Bình An", "02743800100", True)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "ab"), ("name", "x" * 81), ("name", "Hợp\u200btác"), ("name", "Нợp tác xã"),
        ("phone", ""), ("phone", "12"), ("phone", "-1"), ("phone", "1000000000000"), ("phone", "abc"),
        ("phone", "0" * 30),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(client, clerk, session, field, value):
    page = Page(add(client, **{field: value}))

    assert page.status == 422
    assert page.fault(field)
    assert not suppliers(session)


def test_a_name_is_one_firms_whatever_its_capitals(client, clerk, session):
    make.supplier().name = "Hợp tác xã Bình An"

    page = Page(add(client, name="HỢP TÁC XÃ BÌNH AN"))

    assert (page.status, "has this name already" in page.fault("name")) == (422, True)


def test_switching_off_asks_for_the_combos_first(client, clerk, session):
    combo, noise = make.combo(name="Rau củ 5 món"), make.combo(name="Khác hẳn")
    firm = combo.supplier

    asked = Page(switch(client, firm, active="no"))
    assert (asked.status, bool(asked.fault("combos_too"))) == (422, True)
    session.refresh(firm)
    assert (firm.active, combo.on_sale) == (True, True)
    done = switch(client, firm, active="no", combos_too="y")

    session.refresh(firm)
    session.refresh(combo)
    session.refresh(noise)
    assert (done.status_code, firm.active, combo.on_sale, noise.on_sale) == (303, False, False, True)
    assert "Rau củ 5 món" not in client.get("/").text
    assert [line.field for line in changes_of(session, "combo", combo.id)] == ["on_sale"]
    back = switch(client, firm, active="yes")
    session.refresh(combo)
    assert (back.status_code, combo.on_sale) == (303, False)


def test_of_two_clerks_the_second_is_told_and_sees_both(client, clerk, session):
    firm = make.supplier()
    path, seen = f"/desk/admin/suppliers/{firm.id}", firm.version
    form: dict[str, Any] = {"name": "Tên thứ nhất", "phone": "0912345678", "version": seen}
    assert make.submit(client, path, **form).status_code == 303

    page = Page(make.submit(client, path, **{**form, "name": "Tên thứ hai"}))

    assert page.status == 409
    assert "Tên thứ nhất" in page.text()
    assert page.value("name") == "Tên thứ hai"
    assert switch(client, session.get_one(Supplier, firm.id), active="no", version=seen).status_code == 409


def test_a_firms_page_names_its_own_staff_and_combos(client, clerk, session):
    combo, noise = make.combo(name="Rau củ 5 món"), make.combo(name="Khác hẳn")
    mine, theirs = make.staff(Role.SUPPLIER, of=combo.supplier), make.staff(Role.SUPPLIER, of=noise.supplier)

    page = Page(client.get(f"/desk/admin/suppliers/{combo.supplier.id}")).text()

    assert "Rau củ 5 món" in page
    assert mine.username in page
    assert "Khác hẳn" not in page
    assert theirs.username not in page.split()
