"""A resident's steps to an order, through the pages as a browser walks them."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.models import Combo, Round
from tests import make
from tests.pages import Page

FILLED = {
    "name": "Trần Thị Bưởi",
    "phone": "0912 345 678",
    "ward": "Dĩ An",
    "address": "12 Lý Thường Kiệt, KP Thống Nhất",
    "consent": "y",
}


def stocked(*, price: int = 100_000, places: int = make.PLACES) -> tuple[Combo, Round]:
    """A combo on sale, a round that brings it to Dĩ An, and an account to pay into."""
    combo, delivery = make.combo(price=price), make.round()
    make.capacity(delivery, combo.supplier, places=places)
    make.bank_account()
    return combo, delivery


def pick(client: FlaskClient, combo: Combo, *, quantity: int = 1) -> None:
    answer = make.submit(client, "/basket/add", page=f"/combos/{combo.code}", combo=combo.code, quantity=quantity)
    assert answer.status_code == 302, answer.text


def check_out(client: FlaskClient, **changed: str) -> TestResponse:
    """Fill in the checkout form and send it; ``changed`` fields are filled in otherwise."""
    form = Page(client.get("/checkout")).filled()
    return client.post("/checkout", data={**form, **FILLED, **changed})
