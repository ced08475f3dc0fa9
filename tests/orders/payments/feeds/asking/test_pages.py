"""A statement of an unknown bank: kept, asked about, read as was said, and never asked about again."""

import io
import re

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.jobs import sweep
from orders.models import OrderState
from orders.payments.feeds.asking.jobs import KEPT, delete_old_uploads
from orders.payments.feeds.asking.models import RememberedMapping, StatementUpload
from orders.payments.feeds.models import ImportState, StatementImport
from tests import books, make
from tests.kernel import workbooks
from tests.orders.payments.feeds.files import text
from tests.pages import page

pytestmark = pytest.mark.usefixtures("right_books")

HEADINGS = ["Cột ngày", "Cột chữ", "Cột vào", "Cột ra", "Cột còn"]
PLACES = {"date": "0", "memo": "1", "credit": "2", "debit": "3", "balance": "4"}
SAID = {"heading": "1", **PLACES, "order": "day", "groups": "."}


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def account(session):
    return make.bank_account("TPB", number="1013456789")


def strange(*rows, headings=HEADINGS):
    """A file that nobody has declared, its headings in the second row."""
    return text(["Sao kê"], headings, *rows)


def row(memo="mua combo", amount="130.000", *, balance="5.130.000", day=None):
    return [day or f"{clock.today():%d/%m/%Y}", memo, amount, "", balance]


def upload(client, content, name="sao-ke.csv", **fields):
    return make.submit(client, "/desk/statements", file=(io.BytesIO(content), name), **fields)


def answer(client, where, **changed):
    return make.submit(client, where, **{**SAID, **changed})


def count(session, model):
    session.expire_all()
    return len(session.scalars(select(model)).all())


def test_the_file_is_kept_and_the_clerk_is_shown_its_rows(clerk, session, account):
    asked = upload(clerk, strange(row("Lan_0912345678_Di An")))
    shown = clerk.get(asked.location).text

    assert asked.status_code == 303
    assert "/uploads/" in asked.location
    assert "Cột còn" in shown
    assert "Lan_0912345678_Di An" in shown
    assert (count(session, StatementUpload), count(session, StatementImport)) == (1, 0)
    assert "sao-ke.csv" in clerk.get("/desk/statements").text


def test_what_was_said_is_previewed_then_booked(clerk, session, account):
    order = make.order(total=130_000)
    content = strange(row(f"{order.code} {order.phone}"), row("tien dien", "70.000", balance="5.200.000"))

    previewed = answer(clerk, upload(clerk, content).location)
    looked = clerk.get(previewed.location).text
    booked_before = books.count(session, "transfers")
    make.submit(clerk, f"{previewed.location}/book", page=previewed.location)
    sweep()
    session.expire_all()

    assert previewed.status_code == 303
    assert "200.000" in looked
    assert "5.200.000" in looked
    assert booked_before == 0
    assert (order.state, books.count(session, "transfers")) == (OrderState.CONFIRMED, 2)
    assert count(session, StatementUpload) == 0


def test_the_answer_is_remembered_for_headings_that_read_alike(clerk, session, account):
    answer(clerk, upload(clerk, strange(row())).location)
    alike = [heading.upper().replace(" ", "\n ") for heading in HEADINGS]

    again = upload(clerk, strange(row("khac"), headings=alike))

    assert "/uploads/" not in again.location
    assert "khac" in clerk.get(again.location).text
    remembered = session.scalars(select(RememberedMapping)).one()
    assert remembered.titles == HEADINGS


def test_other_headings_are_asked_about(clerk, session, account):
    answer(clerk, upload(clerk, strange(row())).location)

    assert "/uploads/" in upload(clerk, strange(row(), headings=[*HEADINGS[:4], "Cột khác"])).location


def test_a_wrong_answer_shows_in_the_preview_and_can_be_given_again(clerk, session, account):
    asked = upload(clerk, strange(row("mua 2 combo"))).location
    wrong = answer(clerk, asked, memo="4", balance="1").location
    looked = clerk.get(wrong).text

    assert "Refused rows" in looked
    assert f'href="{asked}"' in looked
    assert books.count(session, "transfers") == 0

    right = answer(clerk, asked).location

    assert "mua 2 combo" in clerk.get(right).text
    states = {each.id: each.state for each in session.scalars(select(StatementImport)).all()}
    assert sorted(states.values()) == [ImportState.DROPPED, ImportState.PREVIEWED]
    assert count(session, RememberedMapping) == 1


def test_one_that_is_remembered_can_be_mapped_again_too(clerk, session, account):
    answer(clerk, upload(clerk, strange(row())).location)

    shown = clerk.get(upload(clerk, strange(row("x"))).location).text

    assert "Map the columns again" in shown


def test_columns_that_were_recognised_by_their_words_can_be_mapped_otherwise(clerk, session, account):
    headings = ["Ngày giao dịch", "Diễn giải", "Tiền vào", "Tiền ra", "Ghi chú"]
    first = upload(clerk, strange(row("a", balance="b"), headings=headings)).location
    (asked,) = re.findall(r'href="(/desk/statements/uploads/\d+)"', clerk.get(first).text)

    again = answer(clerk, asked, memo="4", balance="")

    waits = StatementImport.state == ImportState.PREVIEWED
    preview = session.scalars(select(StatementImport).where(waits)).one()
    assert again.location == f"/desk/statements/{preview.id}"
    assert [each["memo"] for each in preview.content["rows"]] == ["b"]


def test_what_is_booked_is_not_mapped_again(clerk, session, account):
    asked = upload(clerk, strange(row())).location
    where = answer(clerk, asked).location
    make.submit(clerk, f"{where}/book", page=where)

    assert clerk.get(asked).status_code == 404


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"date": ""}, "Choose the column of the date."),
        ({"memo": ""}, "Choose the column of the memo."),
        ({"credit": ""}, "Choose the columns of money in and money out"),
        ({"amount": "2"}, "Either one column for both directions"),
        ({"credit": "", "debit": "", "amount": "2"}, "Say what the sign means"),
        ({"sign": "4", "balance": ""}, "A column of marks belongs to"),
        ({"memo": "0"}, "A column was chosen for two things."),
        ({"order": ""}, "Say how dates are written"),
        ({"groups": ""}, "Say how thousands are written"),
        ({"heading": "99"}, "Choose one of the list."),
        ({"date": "99"}, "Choose one of the list."),
    ],
)
def test_an_answer_that_leaves_something_open_is_asked_for_again(clerk, session, account, changed, fault):
    refused = answer(clerk, upload(clerk, strange(row())).location, **changed)

    assert refused.status_code == 422
    assert fault in page(refused).text()
    assert (count(session, StatementImport), count(session, RememberedMapping)) == (0, 0)


@pytest.mark.parametrize(("signs", "came_in"), [("plus_in", [300_000]), ("minus_in", [50_000]), ("all_in", [300_000])])
def test_one_column_of_amounts_is_read_as_was_said(clerk, session, account, signs, came_in):
    rows = [[f"{clock.today():%d/%m/%Y}", "a", "300.000"], [f"{clock.today():%d/%m/%Y}", "b", "-50.000"]]
    said = {"credit": "", "debit": "", "balance": "", "amount": "2", "signs": signs}

    answer(clerk, upload(clerk, strange(*rows, headings=["Cột ngày", "Cột chữ", "Cột tiền"])).location, **said)

    content = session.scalars(select(StatementImport)).one().content
    assert [each["amount"] for each in content["rows"] if each["direction"] == "in"] == came_in
    assert [each["reason"] for each in content["refusals"]] == (["negative"] if signs == "all_in" else [])


def test_a_column_of_marks_is_read_as_was_said(clerk, session, account):
    rows = [[f"{clock.today():%d/%m/%Y}", "a", "300.000", "C"], [f"{clock.today():%d/%m/%Y}", "b", "50.000", "D"]]
    said = {"credit": "", "debit": "", "balance": "", "amount": "2", "sign": "3"}

    answer(
        clerk, upload(clerk, strange(*rows, headings=["Cột ngày", "Cột chữ", "Cột tiền", "Cột dấu"])).location, **said
    )

    content = session.scalars(select(StatementImport)).one().content
    assert [each["direction"] for each in content["rows"]] == ["in", "out"]


def test_dates_and_thousands_are_read_as_was_said_where_the_file_does_not_prove_it(clerk, session, account):
    asked = upload(clerk, strange(row(day="09/01/2021", amount="1,250", balance=""))).location
    unsaid = page(clerk.get(asked))

    answer(clerk, asked, order="month", groups=",")

    chosen = {field.get("name"): field.get("value") for field in unsaid.all("input") if "checked" in field.attrib}
    assert chosen == {"signs": "", "groups": ","}
    (read,) = session.scalars(select(StatementImport)).one().content["rows"]
    assert (read["booked_on"], read["amount"]) == ("2021-09-01", 1_250)


def test_what_the_file_proves_is_suggested(clerk, session, account):
    headings = ["Ngày", "Cột chữ", "Ghi có", "Cột ra", "Số dư"]
    shown = page(clerk.get(upload(clerk, strange(row(day="31/08/2021"), headings=headings)).location))

    options = {
        select.get("name"): option.get("value")
        for select in shown.all("select")
        for option in select.iter()
        if "selected" in option.attrib
    }
    checked = {field.get("name"): field.get("value") for field in shown.all("input") if "checked" in field.attrib}
    assert {name: options[name] for name in ("heading", "date", "credit", "balance")} == {
        "heading": "1",
        "date": "0",
        "credit": "2",
        "balance": "4",
    }
    assert checked == {"order": "day", "groups": ".", "signs": ""}


def test_of_several_accounts_one_is_asked_for_beside_its_field(clerk, session, account):
    make.bank_account("ACB", number="2222222222")
    asked = upload(clerk, strange(row())).location

    refused = answer(clerk, asked)

    assert refused.status_code == 422
    assert "several accounts" in refused.text
    assert answer(clerk, asked, account="TPB:1013456789").status_code == 303
    assert session.scalars(select(StatementImport)).one().account_id == account.id


def test_a_column_may_stand_right_of_the_last_heading(clerk, session, account):
    wide = strange([*row(balance=""), "FT1"])

    answer(clerk, upload(clerk, wide).location, reference="5")

    (read,) = session.scalars(select(StatementImport)).one().content["rows"]
    assert read["reference"] == "FT1"


def test_a_workbook_of_any_kind_is_asked_about(clerk, session, account):
    rows = [HEADINGS, [clock.today(), "mua combo", 130_000, "", 5_130_000]]

    for content in (workbooks.workbook(rows), workbooks.old_workbook(rows)):
        session.query(RememberedMapping).delete()
        previewed = answer(clerk, upload(clerk, content).location, heading="0")
        assert "mua combo" in clerk.get(previewed.location).text


def test_what_is_remembered_is_listed_and_can_be_forgotten(clerk, session, account):
    answer(clerk, upload(clerk, strange(row())).location)
    listed = clerk.get("/desk/statements/columns").text
    (each,) = session.scalars(select(RememberedMapping)).all()

    forgotten = make.submit(clerk, f"/desk/statements/columns/{each.id}/forget", page="/desk/statements/columns")

    assert "Cột còn" in listed
    assert each.by in listed
    assert forgotten.status_code == 303
    assert "Cột còn" not in clerk.get("/desk/statements/columns").text
    assert "/uploads/" in upload(clerk, strange(row())).location


def test_a_file_can_be_dropped_unread(clerk, session, account):
    asked = upload(clerk, strange(row())).location

    make.submit(clerk, f"{asked}/drop", page=asked)

    assert count(session, StatementUpload) == 0
    assert clerk.get(asked).status_code == 404
    assert "sao-ke.csv" not in clerk.get("/desk/statements").text


def test_files_that_nobody_came_back_to_are_deleted(clerk, session, account, stopped_clock):
    upload(clerk, strange(row()))
    stopped_clock.forward(days=KEPT.days - 1)
    delete_old_uploads(session)
    kept = count(session, StatementUpload)
    stopped_clock.forward(days=2)

    delete_old_uploads(session)

    assert (kept, count(session, StatementUpload)) == (1, 0)


def test_the_shell_says_that_the_desk_is_asked_first_and_reads_it_afterwards(
    clerk, session, account, cli_runner, tmp_path
):
    file = tmp_path / "sao-ke.csv"
    file.write_bytes(strange(row()))

    before = cli_runner.invoke(args=["payments", "import", str(file)])
    answer(clerk, upload(clerk, strange(row("x"))).location)
    after = cli_runner.invoke(args=["payments", "import", str(file)])

    assert before.exit_code == 2
    assert "say there what each column holds" in before.output
    assert after.exit_code == 0, after.output
    assert books.count(session, "transfers") == 1
