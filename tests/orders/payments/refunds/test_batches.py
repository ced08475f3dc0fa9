"""A batch for the bank: everything approved, once, in cells that run nothing."""

import csv
import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.database import db
from kernel.four_eyes import Stand
from kernel.sheets import read_workbook
from orders.payments.feeds.models import BankAccount
from orders.payments.ledger import move
from orders.payments.models import Place
from orders.payments.refunds import keep
from orders.payments.refunds.batches import export as batches
from orders.payments.refunds.codes import new_code
from orders.payments.refunds.models import Refund
from orders.payments.refunds.payee import Payee
from tests import books, make
from tests.desk import CLERK
from tests.listening import listening
from tests.refunds import BUOI, approved, exported, known, one, paid, proposed, two
from tests.rush import rush
from tests.shop.test_prices import in_a_post, step

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def ours(session):
    return make.bank_account("VCB")


def lines(session, batch):
    return list(csv.reader(io.StringIO(batches.as_csv(session, batch).decode("utf-8-sig"))))[1:]


def test_a_batch_has_all_that_is_approved_and_nothing_else(session, ours):
    wanted = [approved(), approved(known(70_000))]
    proposed()
    stopped = approved()
    keep.stop(session, stopped, one())

    batch = batches.export(session, ours, attempt="a", doer=one())
    session.commit()

    assert (batch.size, batch.total) == (2, 170_000)
    assert [each.batch_id for each in wanted] == [batch.id, batch.id]
    assert [line[6] for line in lines(session, batch)] == [f"{each.code} hoan tien" for each in wanted]


def test_a_line_is_what_banks_take(session, ours, tmp_path):
    order = make.order(code="DC2CYTZ9S")
    refund = approved(
        make.transfer(150_000), payee=Payee("970407", "0190123", "Đặng Thị Thuỷ", "by phone"), order=order
    )
    batch = batches.export(session, ours, attempt="a", doer=one())

    memo = f"{refund.code} hoan tien DC2CYTZ9S"
    assert lines(session, batch) == [["1", "0190123", "970407", "Techcombank", "DANG THI THUY", "150000", memo]]
    path = tmp_path / "batch.xlsx"
    path.write_bytes(batches.as_xlsx(session, batch))
    (sheet,) = read_workbook(path)
    assert sheet.rows[1] == [1.0, "0190123", "970407", "Techcombank", "DANG THI THUY", 150_000.0, memo]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "@SUM(A1)", "+1", "\t=1", "A;=1", "-2+3"])
def test_a_name_runs_nothing(session, ours, name):
    approved(payee=Payee("970436", "0071", name, "by phone"))
    batch = batches.export(session, ours, attempt="a", doer=one())

    assert all(cell[:1] not in set("=+-@\t") for line in lines(session, batch) for cell in line)


def test_the_same_form_twice_makes_one_batch_and_then_nothing_is_left(session, ours):
    approved()
    first = batches.export(session, ours, attempt="a", doer=one())
    approved()

    assert batches.export(session, ours, attempt="a", doer=one()) is first
    batches.export(session, ours, attempt="b", doer=one())
    with pytest.raises(batches.NothingToExport):
        batches.export(session, ours, attempt="c", doer=one())


@pytest.mark.parametrize("attempts", ["aaaaaa", "abcdef"])
def test_of_many_who_export_at_once_one_does(app, session, ours, attempts):
    for _number in range(3):
        approved()
    account_id = ours.id
    session.commit()

    def act(number):
        account = db.session.get_one(BankAccount, account_id)
        batches.export(db.session, account, attempt=attempts[number], doer=one())

    found = rush(app, 6, lambda number: in_a_post(app, lambda: step(lambda: act(number))))

    assert found == ({"done": 6} if attempts == "aaaaaa" else {"done": 1, "NothingToExport": 5})
    assert books.count(session, "refund_batches") == 1


def test_a_cancelled_batch_can_be_exported_anew(session, ours):
    refund = approved()
    batch = batches.export(session, ours, attempt="a", doer=one())

    batches.cancel(session, batch, two(because="the bank was closed"))

    assert refund.batch_id is None
    with pytest.raises(batches.CannotCancel):
        batches.as_csv(session, batch)
    with pytest.raises(batches.CannotCancel):
        batches.cancel(session, batch, two())
    assert batches.export(session, ours, attempt="b", doer=one()).size == 1


def test_a_batch_of_which_some_was_paid_is_not_cancelled(session, ours):
    first, second = approved(), approved()
    batch = batches.export(session, ours, attempt="a", doer=one())
    paid(first)

    with pytest.raises(batches.CannotCancel):
        batches.cancel(session, batch, one())
    keep.stop(session, second, one())
    assert [line[6] for line in lines(session, batch)] == [batches.memo(first)]


@pytest.mark.parametrize("changed", ["batch_id = NULL", "batch_id = 2"])
def test_plain_sql_takes_nothing_paid_out_of_its_batch_nor_into_another(session, ours, changed):
    refund = exported()
    paid(refund)
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE refunds SET {changed} WHERE id = {refund.id}"))
    session.rollback()


@pytest.mark.parametrize("changed", ["total = 1", "made_by = 'x'", "account_id = account_id"])
def test_plain_sql_does_not_change_a_batch(session, ours, changed):
    batch_id = exported().batch_id
    session.commit()

    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE refund_batches SET {changed} WHERE id = {batch_id}"))
    session.rollback()


def counted(act):
    with listening() as asked:
        act()
    return len(asked)


def many(session, size):
    """So many approved refunds of orders, written in bulk: what is measured is the export."""
    order = make.order(code="DC2CYTZ9S")
    transfer = make.transfer(size * 1_000)
    for _number in range(size):
        refund = Refund(
            transfer_id=transfer.id,
            order=order,
            amount=1_000,
            taken_from=Place.UNPLACED,
            code=new_code(),
            bank_bin=BUOI.bank_bin,
            account=BUOI.account,
            name=BUOI.name,
            proposed_by="kinhte1",
            proposed_at=clock.now(),
            because="a test",
            named_by="kinhte1",
            named_at=clock.now(),
            state=Stand.APPLIED,
            decided_by="kinhte2",
            decided_at=clock.now(),
        )
        session.add(refund)
    move(session, transfer, size * 1_000, CLERK, moved_from=Place.UNPLACED, moved_to=Place.REFUND_DUE)
    session.commit()


def test_two_thousand_take_no_more_queries_than_two(session, ours):
    def asked(attempt):
        batch = batches.export(session, ours, attempt=attempt, doer=one())
        batches.as_xlsx(session, batch)
        sizes.append(batch.size)

    sizes: list[int] = []
    approved()
    approved()
    of_two = counted(lambda: asked("a"))
    session.commit()
    many(session, 2_000)

    assert counted(lambda: asked("b")) <= of_two
    assert sizes == [2, 2_000]
