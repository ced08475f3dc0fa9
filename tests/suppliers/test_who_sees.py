"""Who reads what of a resident, in every format: names, phones and addresses are for who delivers, and the office."""

import csv
import io
import json
import re
import unicodedata

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from kernel.jobs import sweep
from kernel.phones import display
from orders.models import Order
from people.models import Role
from suppliers import labels, tables, versions
from suppliers.labels import Size
from suppliers.manifest import LineChange
from tests import make
from tests.desk import rows
from tests.pages import Page

NOTE = "Cổng màu xanh cạnh quán cà phê"
SEES = {"office": True, "driver": True, "packer": False}
"""Role → whether people are its business."""

FORMATS = {
    "page": "",
    "changes": "/changes",
    "pdf": ".pdf",
    "pdf delivery": ".pdf?part=delivery",
    "pdf packing": ".pdf?part=packing",
    "pdf picking": ".pdf?part=picking",
    "pdf changes": ".pdf?part=changes",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "json": ".json",
    "labels a4": "/labels.pdf?size=a4",
    "labels 100x50": "/labels.pdf?size=100x50",
}
NOBODY_STANDS_IN = {"pdf packing", "pdf picking"}
ONLY_NAMES = {"labels a4", "labels 100x50"}


@pytest.fixture
def second(session, sent, monkeypatch):
    """The manifest in its second version, all papers made: its stop has a note, and lacks something."""
    order = sent.orders[0]
    order.note = NOTE
    missing = {order.lines[0].id: LineChange({"rau muống": 200})}
    monkeypatch.setattr(versions, "changes_of", lambda session, batch: missing)
    made = versions.reissue(session, sent.manifest.batch, at=sent.manifest.made_at, by="kinhte1", because="thiếu rau")
    session.commit()
    sweep()
    for size in Size:
        for people in (True, False):
            for _piece in labels.make(made, size, people=people):
                pass
    return made


@pytest.fixture
def asks(client, sent):
    """Sign in as one of the roles."""

    def enter(role):
        if role == "office":
            make.signed_in(client)
        else:
            make.signed_in(client, make.staff(Role.SUPPLIER, of=sent.manifest.supplier, delivers=SEES[role]))
        return client

    return enter


def text_of(answer):
    """All that a reader finds in an answer of any kind."""
    if answer.mimetype == "application/pdf":
        text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.data)).pages)
    elif answer.mimetype.endswith("sheet"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
        text = json.dumps([book.get_sheet_by_name(name).to_python() for name in book.sheet_names], ensure_ascii=False)
    elif answer.mimetype == "text/html":
        text = Page(answer).text()
    else:
        text = answer.data.decode("utf-8-sig")
    return "".join(unicodedata.normalize("NFC", text).split())


def people_in(order: Order):
    """Field → how it may be written."""
    return {
        "name": {order.name},
        "phone": {order.phone, display(order.phone)},
        "address": {order.address, order.address.partition(",")[0]},
        "note": {order.note},
    }


@pytest.mark.parametrize("role", SEES)
def test_each_role_reads_what_is_its_business_and_each_look_is_written_down(asks, session, sent, second, role):
    """All formats of one manifest in one test: its papers take seconds to make."""
    client, looks = asks(role), []
    for form, address in FORMATS.items():
        answer = client.get(f"/suppliers/manifests/{second.number}{address}")

        if form == "pdf delivery" and not SEES[role]:
            assert answer.status_code == 404
        else:
            check_people(text_of(answer), sent.orders[0], form, sees=SEES[role])
            looks.append((second.id, form.partition(" ")[0] if form.startswith("pdf") else form))
        assert rows(session, "SELECT manifest_id, form FROM manifest_views ORDER BY id") == looks, form


def check_people(text, order, form, *, sees):
    assert order.code in text or form in ("pdf picking", "page"), form
    for field, ways in people_in(order).items():
        shown = any("".join(way.split()) in text for way in ways if way)
        wanted = sees and form not in NOBODY_STANDS_IN and (field == "name" or form not in ONLY_NAMES)
        assert shown is wanted, (form, field)


@pytest.mark.parametrize("role", SEES)
def test_every_format_has_the_same_rows_and_the_same_hash(asks, sent, second, role):
    client, path = asks(role), f"/suppliers/manifests/{second.number}"
    wanted = tables.rows(second, people=SEES[role])
    cells = [[str(value) for value in row.values()] for row in wanted]

    heading, *listed, seal = csv.reader(io.StringIO(client.get(path + ".csv").data.decode("utf-8-sig")))
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(path + ".xlsx").data))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    told = json.loads(client.get(path + ".json").data)
    text = text_of(client.get(path + ".pdf"))

    cold = {"False": "", "True": "giữ lạnh"}
    assert listed == [[cold.get(cell, cell) for cell in row] for row in cells]
    assert len(heading) == len(listed[0])
    table = [[re.sub(r"\.0$", "", str(cell)) for cell in row] for row in sheets["Điểm giao"][1:]]
    assert table == listed
    assert told["rows"] == wanted
    assert [seal[1], sheets["Giới thiệu"][-1][1], told["sha256"]] == [second.sha256] * 3
    assert second.sha256 in text
    for row in wanted:
        for column in {"code", "address", "name"} & row.keys():
            assert "".join(str(row[column]).split()) in text
        # Cells side by side are read line by line, so a long one is found word by word.
        assert [word for word in row["hand_over"].split() if word not in text] == []
    assert ("snapshot" in told) is SEES[role]


def test_a_page_of_the_warehouse_still_marks_parcels(asks, sent, second):
    page = Page(asks("packer").get(f"/suppliers/manifests/{second.number}")).text()

    assert "Delivered" in page
    assert "Could not deliver" in page
