"""The status as plain text: short lines, little of it, nothing of the person."""

import pytest

from orders.models import OrderState
from tests import make


@pytest.mark.parametrize("state", sorted(OrderState))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_is_short_plain_and_tells_what_to_do(client, state, language):
    make.bank_account()
    combos = [make.combo(name=f"Combo gia đình bốn người đủ chất cho cả tuần số {n}") for n in range(30)]
    order = make.order(*combos, state=state, name="Trần Thị Bưởi", address="12 Lý Thường Kiệt")
    client.set_cookie("language", language)

    answer = client.get(f"/o/{order.token}.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert len(answer.data) <= 1024
    assert max(map(len, answer.text.splitlines())) <= 60
    assert order.code in answer.text
    assert "1022" in answer.text
    assert order.name not in answer.text
    assert order.address not in answer.text
    assert ("3.000.000 ₫".replace(" ", "\u00a0") in answer.text) == (state is OrderState.OPEN)


def test_a_link_that_is_nobodys_is_not_there(client):
    assert client.get(f"/o/{'x' * 32}.txt").status_code == 404
