"""Statements at the desk: upload, look, book, and what is refused in words."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.jobs import sweep
from orders.models import OrderState
from orders.payments.feeds.models import ImportState, StatementImport
from orders.payments.progress import show
from people.models import Role
from tests import books, make
from tests.bank import agribank_csv
from tests.desk import rows
from tests.pages import page, words

pytestmark = pytest.mark.usefixtures("right_books")

SAMPLES = Path(__file__).parents[3] / "samples" / "statements"


@pytest.fixture
def clerk(client):
    make.signed_in(client)
    return client


@pytest.fixture
def agribank(session):
    return make.bank_account("AGR")


def today(*movements):
    return agribank_csv(*((clock.today(), amount, memo) for amount, memo in movements))


def upload(client, content, name="agribank.csv", **fields):
    file = (io.BytesIO(content), name)
    return make.submit(client, "/desk/statements", file=file, **fields)


def book(client, where):
    """Press the button, and let the worker have its minute."""
    answer = make.submit(client, f"{where}/book", page=where)
    sweep()
    return answer


def test_a_statement_is_uploaded_looked_at_booked_and_matched(clerk, session, agribank):
    order = make.order(total=130_000)
    content = today((130_000, f"{order.code} {order.phone}"), (70_000, "tien dien"), (-20_000, "phi dich vu"))

    uploaded = upload(clerk, content)
    looked = clerk.get(uploaded.location).text
    assert uploaded.status_code == 303
    assert books.count(session, "transfers") == 0
    assert "200.000" in looked  # the sum of what is new
    assert "5.000.000" in looked  # the opening balance
    assert "5.180.000" in looked  # the closing balance
    assert order.code in looked

    assert book(clerk, uploaded.location).status_code == 303
    session.expire_all()

    assert (order.state, books.count(session, "transfers")) == (OrderState.CONFIRMED, 2)
    assert rows(session, "SELECT new, known, outgoing, imported_by FROM statement_imports")[0][:3] == (2, 0, 1)
    assert clerk.get(uploaded.location).status_code == 200
    assert "tien dien" in clerk.get("/desk").text


def test_the_residents_page_shows_it_paid(clerk, session, agribank, client):
    order = make.order(total=130_000)
    before = client.get(f"/o/{order.token}").text
    book(clerk, upload(clerk, today((130_000, f"{order.code} {order.phone}"))).location)

    after = client.get(f"/o/{order.token}").text

    assert "qr.png" in before
    assert "qr.png" not in after


def test_the_banks_own_xlsx(clerk, session):
    make.bank_account("VCB")

    uploaded = upload(clerk, (SAMPLES / "vietcombank.xlsx").read_bytes(), "vietcombank.xlsx")

    assert uploaded.status_code == 303
    assert re.search(r"1[.,]802", clerk.get(uploaded.location).text)


@pytest.mark.parametrize(("name", "bank", "many"), [("bidv.sta", "BIDV", 145), ("camt053.xml", "ACB", 92)])
def test_messages_between_machines_are_uploaded_like_any_other_file(clerk, session, name, bank, many):
    make.bank_account(bank, number="1013456789")

    uploaded = upload(clerk, (SAMPLES / name).read_bytes(), name)

    assert uploaded.status_code == 303
    assert f"Book {many} new rows" in page(clerk.get(uploaded.location)).text()
    assert "Map the columns again" not in clerk.get(uploaded.location).text


def test_what_the_bank_has_not_booked_yet_is_counted_and_left_out(clerk, session, cli_runner, tmp_path):
    make.bank_account("ACB", number="1013456789")
    content = (SAMPLES / "camt053.xml").read_text(encoding="utf-8")
    pending = content.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts><Cd>PDNG</Cd></Sts>", 3).encode()
    (tmp_path / "camt053.xml").write_bytes(pending)

    shown = page(clerk.get(upload(clerk, pending, "camt053.xml").location)).text()
    told = cli_runner.invoke(args=["payments", "import", str(tmp_path / "camt053.xml"), "--dry-run"]).output

    assert "Book 89 new rows" in shown
    assert "Not booked by the bank yet3" in shown
    assert "3 entries are left out" in told


def test_the_same_file_again_shows_all_of_it_as_known(clerk, session, agribank):
    content = today((130_000, "mua combo"))
    book(clerk, upload(clerk, content).location)

    again = upload(clerk, content).location
    book(clerk, again)

    assert books.count(session, "transfers") == 1
    assert rows(session, "SELECT new, known FROM statement_imports ORDER BY id") == [(1, 0), (0, 1)]


def test_a_statement_is_booked_once_however_often_the_button_is_pressed(clerk, session, agribank):
    where = upload(clerk, today((130_000, "mua combo"))).location
    token = make.csrf_token(clerk, where)

    answers = [make.submit(clerk, f"{where}/book", csrf_token=token).status_code for _click in range(2)]
    sweep()

    assert answers == [303, 409]
    assert (books.count(session, "transfers"), books.count(session, "jobs")) == (1, 1)


def test_a_dropped_one_is_not_booked(clerk, session, agribank):
    where = upload(clerk, today((130_000, "mua combo"))).location
    token = make.csrf_token(clerk, where)

    assert make.submit(clerk, f"{where}/drop", csrf_token=token).status_code == 303
    assert make.submit(clerk, f"{where}/book", csrf_token=token).status_code == 409
    sweep()

    assert books.count(session, "transfers") == 0
    assert "agribank.csv" not in clerk.get("/desk/statements").text


def test_nothing_is_booked_before_the_worker_comes(clerk, session, agribank):
    where = upload(clerk, today((130_000, "mua combo"))).location

    make.submit(clerk, f"{where}/book", page=where)

    assert books.count(session, "transfers") == 0
    assert rows(session, "SELECT state FROM statement_imports") == [("booking",)]
    assert clerk.get(where).status_code == 200


@pytest.mark.parametrize(
    ("step", "said", "bar"),
    [
        (("booking", 1200, 30_000), "Rows booked: 1.200 / 30.000", ("1200", "30000")),
        (("matching", 7, 8), "Transfers decided and written down: 7 / 8", ("7", "8")),
        (("dreaming", 7, 0), "At work: 7", (None, None)),
        (("", 0, 0), "Waiting for the worker", (None, None)),
    ],
)
def test_while_it_runs_the_page_shows_what_is_done_and_looks_again(clerk, session, agribank, step, said, bar):
    where = upload(clerk, today((130_000, "mua combo"))).location
    make.submit(clerk, f"{where}/book", page=where)
    (kept,) = session.scalars(select(StatementImport))
    show(kept, *step)
    session.commit()

    shown = page(clerk.get(where))
    (progress,) = shown.all("progress")

    assert said in shown.text()
    assert (progress.get("value"), progress.get("max")) == bar
    assert shown.by_id("statement").get("hx-trigger") == "every 2s"
    assert 'http-equiv="refresh"' in clerk.get(where).text


def test_the_worker_tells_how_far_booking_and_matching_are(clerk, session, agribank, monkeypatch):
    where = upload(clerk, today((130_000, "mua combo"), (70_000, "tien dien"))).location
    make.submit(clerk, f"{where}/book", page=where)
    told = []
    monkeypatch.setattr("orders.payments.jobs.show", lambda kept, *step: told.append(step))

    sweep()

    assert told[0] == ("booking", 0, 2)
    assert ("matching", 2, 2) in told
    assert {phase for phase, _done, _total in told} == {"booking", "matching"}


def test_at_the_end_it_leads_to_what_waits(clerk, session, agribank):
    order = make.order(total=130_000)
    content = today((130_000, f"{order.code} {order.phone}"), (70_000, "tien dien"), (120_000, f"{order.code}"))
    where = upload(clerk, content).location
    book(clerk, where)

    shown = page(clerk.get(where))
    links = {words(link): link.get("href") for link in shown.all("a")}

    assert "1 transfers are placed" in shown.text()
    assert links["1 transfers wait for your decision"] == "/desk?show=review"
    assert links["1 transfers fit no order"] == "/desk?show=unmatched"


def test_refused_rows_are_shown_with_what_stands_there(clerk, session, agribank):
    content = today((130_000, "good"), (140_000, "bad")).replace(b'"140,000"', b"14O.000")

    page = clerk.get(upload(clerk, content).location).text

    assert "14O.000" in page
    assert "good" in page


def test_a_statement_that_does_not_add_up_says_so(clerk, session, agribank):
    content = today((130_000, "a"), (140_000, "b")).replace(b'"5,270,000"', b'"5,999,000"')

    page = clerk.get(upload(clerk, content).location).text

    assert "5.999.000" in page
    assert "5.270.000" in page


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(200)),
        ("statement.pdf", b"%PDF-1.7\n" + bytes(200)),
        ("prose.csv", "Kính gửi anh chị,\nđây là thư.".encode()),
        ("broken.xlsx", b"PK\x03\x04" + bytes(200)),
    ],
)
def test_what_is_no_statement_is_refused_in_words_beside_the_field(clerk, session, agribank, name, content):
    answer = upload(clerk, content, name)

    assert answer.status_code == 422
    assert name in answer.text
    assert re.search(r'class="field__error"|aria-invalid="true"', answer.text)
    assert books.count(session, "statement_imports") == 0


def test_an_upload_without_a_file_asks_for_one(clerk, agribank):
    assert make.submit(clerk, "/desk/statements").status_code == 422


def test_another_banks_statement_is_refused(clerk, session):
    make.bank_account("VCB")

    assert upload(clerk, today((1_000, "x"))).status_code == 422
    assert books.count(session, "statement_imports") == 0


def test_of_several_accounts_one_has_to_be_chosen(clerk, session):
    make.bank_account("AGR", number="1111")
    chosen = make.bank_account("AGR", number="2222")

    assert upload(clerk, today((1_000, "x"))).status_code == 422
    assert upload(clerk, today((1_000, "x")), account="AGR:2222").status_code == 303
    assert rows(session, "SELECT account_id FROM statement_imports") == [(chosen.id,)]


def test_a_clerk_may_say_how_far_it_reaches_but_not_into_the_future(clerk, session, agribank, stopped_clock):
    drawn = clock.local(clock.now()) - timedelta(hours=1)
    for typed in (drawn, drawn + timedelta(days=3)):
        book(clerk, upload(clerk, today((1_000, "x")), covers_until=f"{typed:%Y-%m-%dT%H:%M}").location)

    told = [kept.covers_until for kept in session.query(StatementImport).order_by(StatementImport.id)]

    assert told == [drawn.replace(second=0, microsecond=0), clock.now()]


def test_names_and_memos_are_shown_not_run(clerk, session, agribank):
    where = upload(clerk, today((1_000, "<script>alert(1)</script>")), "<b>x.csv").location

    pages = clerk.get(where).text + clerk.get("/desk/statements").text

    assert "<script>alert" not in pages
    assert "<b>x" not in pages


def test_a_memo_with_a_nul_does_not_break_the_booking(clerk, session, agribank):
    """PostgreSQL keeps no NUL in a text."""
    answer = upload(clerk, today((1_000, "mua\0combo")))

    assert answer.status_code in (303, 422)
    if answer.status_code == 303:
        book(clerk, answer.location)
        assert books.count(session, "transfers") == 1


def test_a_missing_statement_is_not_found(clerk):
    assert clerk.get("/desk/statements/77").status_code == 404


def test_a_supplier_has_no_business_here(client):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    assert client.get("/desk/statements").status_code == 403


def test_the_list_shows_what_was_imported(clerk, session, agribank):
    book(clerk, upload(clerk, today((1_000, "x")), "thang-8.csv").location)

    assert "thang-8.csv" in clerk.get("/desk/statements").text
    assert session.get_one(StatementImport, 1).state is ImportState.BOOKED


def test_a_file_whose_booking_is_under_way_leads_to_it(clerk, session, agribank):
    content = today((130_000, "mua combo"))
    first = upload(clerk, content).location
    make.submit(clerk, f"{first}/book", page=first)

    again = upload(clerk, content).location
    sweep()

    assert again == first
    assert rows(session, "SELECT state, new FROM statement_imports") == [("booked", 1)]


def test_what_was_broken_off_in_a_shell_goes_on_at_the_desk(clerk, session, agribank):
    content = today((130_000, "mua combo"))
    upload(clerk, content)
    session.scalars(select(StatementImport)).one().state = ImportState.BOOKING
    session.commit()

    upload(clerk, content)
    sweep()

    assert rows(session, "SELECT state, new FROM statement_imports") == [("booked", 1)]
