"""The order behind its private link: how to pay, how far it is, giving it up."""

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image

from kernel import clock
from orders import lifecycle
from orders.models import OrderState
from orders.payments import ledger
from shop.rounds import round_promise, sentence
from tests import make, tlv
from tests.pages import Page


def test_it_says_what_to_pay_whom_and_until_when(client, stopped_clock):
    make.bank_account(number="1013456789")
    order = make.order(total=350_000, name="Đặng Thị Thuỷ", ward="Tân Đông Hiệp")

    page = Page(client.get(f"/o/{order.token}"))

    assert page.text("account") == "1013456789"
    assert page.text("amount") == "350000"
    assert page.text("memo") == f"{order.code} 0912345678"
    assert page.text("typed-memo") == "Dang Thi Thuy_0912345678_Tan Dong Hiep"
    assert "07/09/2021 09:00" in page.text()
    assert "350.000 ₫" in page.text()


def test_the_memo_is_short_and_plain_enough_for_every_bank(client):
    make.bank_account()
    order = make.order(name="Công Tằng Tôn Nữ Thị Hoàng Oanh")

    memo = Page(client.get(f"/o/{order.token}")).text("memo")

    assert memo.isascii()
    assert len(memo) <= 25


def test_the_picture_to_save_holds_account_amount_and_memo(client):
    make.bank_account(number="1013456789")
    order = make.order(total=350_000)

    answer = client.get(f"/o/{order.token}/qr.png")

    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
    fields = tlv.read(code.text)
    assert answer.mimetype == "image/png"
    assert (fields["38.01.00"], fields["38.01.01"], fields["54"], fields["62.08"]) == (
        "970436",
        "1013456789",
        "350000",
        f"{order.code} {order.phone}",
    )


def test_the_code_on_the_page_is_drawn_in_it(client):
    make.bank_account()
    order = make.order()

    assert "<svg" in client.get(f"/o/{order.token}").text


def test_what_is_left_to_pay_is_asked_for_once_part_is_paid(session, client):
    make.bank_account()
    order = make.order(total=300_000)
    ledger.allocate_opening(session, order, 100_000, ledger.Hand("clerk", clock.now(), "part"))

    page = Page(client.get(f"/o/{order.token}"))

    assert page.text("amount") == "200000"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(client.get(f"/o/{order.token}/qr.png").data)))
    assert tlv.read(code.text)["54"] == "200000"


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.OPEN}))
def test_nobody_is_asked_to_pay_for_an_order_that_is_paid_or_over(client, state):
    make.bank_account()
    order = make.order(state=state)

    page = client.get(f"/o/{order.token}").text

    assert 'id="account"' not in page
    assert "<svg" not in page
    assert client.get(f"/o/{order.token}/qr.png").status_code == 404


def test_of_two_accounts_the_one_that_receives_is_shown(client):
    make.bank_account("AGR", number="2222222222", receives=False)
    make.bank_account("VCB", number="3333333333", receives=True)
    order = make.order()

    assert Page(client.get(f"/o/{order.token}")).text("account") == "3333333333"


def test_while_the_office_has_no_account_nobody_is_told_to_pay(client):
    order = make.order()

    answer = client.get(f"/o/{order.token}")

    assert answer.status_code == 200
    assert 'id="account"' not in answer.text


def test_links_cannot_be_guessed(session):
    tokens = {make.order().token for _order in range(20)}

    assert len(tokens) == 20
    assert all(re.fullmatch(r"[\w-]{32}", token) for token in tokens)


def test_it_shows_how_far_it_is_with_the_times(client, stopped_clock):
    order = make.order(state=OrderState.CONFIRMED)

    text = Page(client.get(f"/o/{order.token}")).text()

    assert "Order placed 06/09/2021 09:00" in text
    assert "Paid 06/09/2021 09:01" in text


def test_a_resident_gives_an_order_up_before_it_is_paid(session, client, stopped_clock):
    make.bank_account()
    order = make.order()

    answer = make.submit(client, f"/o/{order.token}/cancel", page=f"/o/{order.token}", follow=True)

    session.refresh(order)
    assert "cancelled" in Page(answer).text()
    assert order.state is OrderState.CANCELLED
    assert (order.history[-1].by, order.history[-1].at) == ("resident", clock.now())
    assert [hold.released_at for hold in order.holds] == [clock.now()]


@pytest.mark.parametrize("state", [OrderState.CONFIRMED, OrderState.EXPIRED, OrderState.CANCELLED])
def test_an_order_that_is_paid_or_over_is_not_given_up_on_its_page(session, client, state):
    order = make.order(state=state)
    assert "cancel" not in client.get(f"/o/{order.token}").text.lower().replace("cancelled", "")

    answer = make.submit(client, f"/o/{order.token}/cancel", page="/track")

    session.refresh(order)
    assert (answer.status_code, order.state) == (409, state)


def test_an_order_over_its_time_is_told_so(session, client):
    order = make.order()
    lifecycle.expire(session, order, at=clock.now() + timedelta(days=1))

    assert "time to pay ran out" in Page(client.get(f"/o/{order.token}")).text()


def test_it_says_when_it_will_come_as_long_as_it_will(session, client):
    order = make.order()
    day = f"Delivery{sentence(round_promise(order.round))}"

    assert day in Page(client.get(f"/o/{order.token}")).text()

    lifecycle.cancel(session, order, by="clerk", at=clock.now(), because="given up")
    assert day not in Page(client.get(f"/o/{order.token}")).text()
