"""The minute as PDF and XLSX: what was sealed, whatever happened since; in pieces, with every page numbered."""

import pytest

from kernel import clock, files
from kernel.jobs import sweep
from orders.payments.close import typeset
from orders.payments.close.queries import seal_of
from orders.payments.models import Transfer
from orders.payments.settle import set_aside
from tests import make
from tests.bank import Bank
from tests.desk import CLERK, pay
from tests.orders.payments.close.days import MONDAY, OPENING, late_row, sealed, told
from tests.papers import pages_of, tables_of, text_of


@pytest.fixture(autouse=True)
def page(app):
    """Templates speak of the site that they are in."""
    with app.test_request_context():
        yield


@pytest.fixture
def seal(session, account):
    """A day with a movement in each kind of place, sealed."""
    paid, aside, _waiting = told(session, account, 130_000, 40_000, 60_000, on=MONDAY, opening=OPENING)
    pay(session, paid, make.order(total=100_000, code="DC2CYTZ9S"))
    set_aside(session, aside, CLERK)
    session.commit()
    sealed(session, account, MONDAY)
    found = seal_of(session, account.id, MONDAY)
    assert found is not None
    return found


def made(seal, kind="pdf"):
    for _piece in typeset.make(seal):
        pass
    content = typeset.kept(seal, kind)
    assert content is not None
    return content


def test_it_says_in_vietnamese_what_was_sealed_and_by_which_hash(session, seal):
    text = text_of(made(seal))

    for words in ("BIÊN BẢN ĐỐI SOÁT", "Độc lập - Tự do - Hạnh phúc", "Người lập", "Người duyệt", "trang 1/1"):
        assert words in text
    for words in ("VCB 1013456789", "06/09/2021", "5.000.000 ₫", "230.000 ₫", "5.230.000 ₫", seal.sha256):
        assert words in text
    assert "Đơn DC2CYTZ9S: 100.000 ₫" in text
    assert "Khoản còn treo của ngày này" in text


def test_the_table_has_the_same_sums_rows_and_hash(session, seal):
    sheets = tables_of(made(seal, "xlsx"))

    sums = {row[0]: row[1] for row in sheets["Biên bản"]}
    assert (sums["Số dư đầu kỳ"], sums["Tiền vào"], sums["Số dư cuối kỳ"]) == (5_000_000, 230_000, 5_230_000)
    assert sums["SHA-256"] == seal.sha256
    assert [row[5] for row in sheets["Các khoản"][1:]] == [130_000, 40_000, 60_000]
    assert [row[5] for row in sheets["Khoản còn treo"][1:]] == [60_000]


def test_what_happens_after_the_seal_changes_nothing_of_it(session, account, seal):
    before = typeset.make_xlsx(seal)
    (waiting,) = [each["id"] for each in seal.snapshot["coming"] if each.get("waiting")]
    pay(session, session.get_one(Transfer, waiting), make.order(total=60_000))
    session.expire_all()
    again = seal_of(session, account.id, MONDAY)

    assert again is not None
    assert tables_of(typeset.make_xlsx(again)) == tables_of(before)


def test_what_a_payer_typed_is_text_in_both(session, account):
    bank = Bank(account)
    evil = '=HYPERLINK("http://x") <script>alert(1)</script><img src="file:///etc/passwd">'
    told(session, account, bank.row(1_000, evil, at=clock.at(MONDAY, 9)), on=MONDAY, opening=OPENING)
    sealed(session, account, MONDAY)
    seal = seal_of(session, account.id, MONDAY)
    assert seal is not None

    assert "<script>alert(1)</script>" in text_of(made(seal))
    assert evil in {row[8] for row in tables_of(made(seal, "xlsx"))["Các khoản"]}


def test_the_worker_makes_both_after_the_seal(session, seal):
    session.commit()
    assert typeset.kept(seal, "pdf") is None

    sweep()

    assert typeset.is_kept(seal, "pdf")
    assert typeset.is_kept(seal, "xlsx")


def test_what_was_broken_off_goes_on_with_the_piece_that_is_missing(session, seal, monkeypatch):
    monkeypatch.setattr(typeset, "PIECE", 2)
    next(typeset.make(seal))
    assert typeset.done(seal) == (1, 2)
    first = f"minutes/{seal.sha256}/0000.part"
    files.put(first, kept := (files.get(first) or b"") + b"\n% kept")

    next(typeset.make(seal))

    assert files.get(first) == kept
    assert typeset.done(seal) == (2, 2)


def test_pages_of_all_pieces_are_counted_through(session, seal, monkeypatch):
    monkeypatch.setattr(typeset, "PIECE", 2)

    pages = pages_of(made(seal))

    assert len(pages) == 2
    for number, page in enumerate(pages, start=1):
        assert f"trang {number}/2" in page
    assert not [name for name in files.names(f"minutes/{seal.sha256}") if name.endswith(".part")]


def test_a_second_version_says_what_changed(session, account, seal):
    late_row(session, account, on=MONDAY)
    sealed(session, account, MONDAY, heads=True, because="sao kê cũ hơn")
    again = seal_of(session, account.id, MONDAY)
    assert again is not None

    text = text_of(made(again))

    assert "lần 2" in text
    assert "Thay cho lần 1, có số dư cuối kỳ 5.230.000 ₫: thêm 1 khoản." in text
    assert "Đến muộn, chưa có trong lần khóa trước" in text
    assert "sao kê cũ hơn" in text
    assert seal.sha256 in text
