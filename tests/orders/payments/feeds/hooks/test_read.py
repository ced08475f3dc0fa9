"""What a call tells, in the words of no provider."""

import json

import pytest

from kernel import clock
from orders.payments.feeds.hooks.read import UnreadableCall, movements
from orders.payments.feeds.tellings.told import Feed
from tests import providers
from tests.orders.payments.feeds.hooks.test_signatures import VECTORS, body_of, sample

SHOWN = {
    "sepay": ("92704", "1013456789", 250_000, "5213.45946"),
    "casso-v1": ("3041975", "1013456789", 250_000, "FT21242123456789"),
    "casso-v2-published-vector": ("0", "88888888", 599_000, "MA_GIAO_DICH_THU_NGHIEM"),
    "payos-published-vector": ("TF230204212323", "12345678", 3_000, "TF230204212323"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_each_providers_sample_is_read(name):
    (told,) = movements(VECTORS[name][0], body_of(sample(name)))

    assert (told.provider_id, told.numbers[0], told.amount, told.reference) == SHOWN[name]
    assert clock.local(told.at).strftime("%Y-%m-%d %H:%M:%S") in json.dumps(sample(name)["body"])


def test_sepays_memo_is_the_one_in_the_banks_wrapper():
    (told,) = movements(Feed.SEPAY, body_of(sample("sepay")))

    assert told.memo.startswith("MBVCB.1234567890.")
    assert told.also == "DCK7M2Q9A 0912345678"


def test_one_call_of_cassos_first_version_may_tell_several_movements():
    body = sample("casso-v1")["body"]
    body["data"] = [{**body["data"][0], "id": number, "amount": -number} for number in (1, 2)]

    assert [(each.provider_id, each.amount) for each in movements(Feed.CASSO, json.dumps(body).encode())] == [
        ("1", -1),
        ("2", -2),
    ]


def test_money_out_is_below_zero():
    body = json.dumps(providers.sepay(1, 5_000, transferType="out")).encode()

    assert [each.amount for each in movements(Feed.SEPAY, body)] == [-5_000]


@pytest.mark.parametrize(
    "wrong",
    [
        {"transferAmount": 100.5},
        {"transferAmount": "a lot"},
        {"transferAmount": True},
        {"transferAmount": float("nan")},
        {"transferAmount": float("inf")},
        {"transferAmount": 10**20},
        {"transferAmount": None},
        {"transferType": "sideways"},
        {"transactionDate": "yesterday"},
        {"transactionDate": None},
        {"id": None},
        {"id": []},
        {"id": ""},
        {"content": "a\0b"},
        {"content": "half \ud83d"},
    ],
)
def test_what_cannot_be_meant_is_unreadable(wrong):
    with pytest.raises(UnreadableCall):
        movements(Feed.SEPAY, json.dumps(providers.sepay(1, **wrong)).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"data": [1]}', b'{"data": "x"}', b"[" * 100_000])
@pytest.mark.parametrize("provider", [Feed.SEPAY, Feed.CASSO, Feed.PAYOS])
def test_another_shape_is_unreadable(provider, body):
    with pytest.raises(UnreadableCall):
        movements(provider, body)
