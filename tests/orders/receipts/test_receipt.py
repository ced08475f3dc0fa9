"""A resident's receipt: every đồng that came is kept, going back, or paid back; and it is no invoice."""

import pytest

from kernel import clock
from kernel.changes import Doer
from orders.deductions.keep import Cut, deduct
from orders.receipts.receipt import receipt_of
from tests import make
from tests.desk import pay, send
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("right_books")


@pytest.fixture
def lacking(session):
    """An order of 200.000 ₫ of which 30.000 were not handed over."""
    order = make.order(total=200_000)
    pay(session, make.transfer(200_000), order)
    send(session, order.round)
    line = order.lines[0]
    deduct(
        session, [Cut(order.id, line.id, line.supplier_id, 30_000, 1)], Doer("kinhte1", clock.now(), "fish is short")
    )
    session.commit()
    return order


def test_what_came_is_kept_or_goes_back(session, lacking):
    receipt = receipt_of(session, lacking)

    assert (receipt.received, receipt.kept, receipt.going_back, receipt.paid_back) == (200_000, 170_000, 30_000, 0)
    assert receipt.deducted == {lacking.lines[0].id: 30_000}


@pytest.mark.parametrize(("language", "words"), [("vi", "Đây không phải hóa đơn."), ("en", "This is not an invoice.")])
def test_it_says_what_was_paid_and_that_it_is_no_invoice(client, lacking, language, words):
    client.set_cookie("language", language)

    page = Page(client.get(f"/o/{lacking.token}/receipt"))

    for wanted in (words, "200.000", "170.000", "30.000", lacking.code, lacking.lines[0].name):
        assert wanted in page.text()


def test_the_orders_page_leads_to_it_once_money_has_come(client, session, lacking):
    unpaid = make.order()
    session.commit()

    assert f"/o/{lacking.token}/receipt" in list(Page(client.get(f"/o/{lacking.token}")).addresses())
    assert "/receipt" not in client.get(f"/o/{unpaid.token}").text


def test_it_is_as_private_as_the_order(client, session, lacking):
    answer = client.get(f"/o/{lacking.token}/receipt")

    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get("/o/nothing/receipt").status_code == 404
