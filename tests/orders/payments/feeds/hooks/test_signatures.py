"""Who may call: the vectors that providers publish, and every way to be wrong."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import Headers

from kernel.hooks import HookKeys
from orders.payments.feeds.hooks.signatures import WrongSignature, can_sign, canonical_forms, check
from orders.payments.feeds.tellings.told import Feed
from tests import providers
from tests.providers import KEYS

SAMPLES = Path(__file__).parents[4] / "samples" / "webhooks"
NOON = datetime(2021, 8, 30, 5, tzinfo=UTC)


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def body_of(vector: dict[str, Any]) -> bytes:
    return str(vector.get("raw_body") or json.dumps(vector["body"], ensure_ascii=False)).encode()


def keys_of(name: str) -> HookKeys:
    secret = sample(name)["secret"]
    return HookKeys(**{VECTORS[name][1]: secret})


VECTORS = {
    "sepay": (Feed.SEPAY, "sepay_secret"),
    "casso-v1": (Feed.CASSO, "casso_token"),
    "casso-v2-published-vector": (Feed.CASSO, "casso_key"),
    "payos-published-vector": (Feed.PAYOS, "payos_key"),
}


def judge(name: str, body: bytes, keys: HookKeys, **headers: str) -> str:
    vector = sample(name)
    sent_at = datetime.fromtimestamp(int(vector["headers"].get("X-SePay-Timestamp", 0)), UTC)
    return check(VECTORS[name][0], Headers({**vector["headers"], **headers}), body, keys=keys, at=sent_at)


@pytest.mark.parametrize("name", VECTORS)
def test_a_published_vector_is_right(name):
    judge(name, body_of(sample(name)), keys_of(name))


@pytest.mark.parametrize("name", VECTORS)
def test_another_key_is_wrong(name):
    keys = HookKeys(**dict.fromkeys(("sepay_secret", "casso_key", "casso_token", "payos_key"), "another"))
    with pytest.raises(WrongSignature):
        judge(name, body_of(sample(name)), keys)


@pytest.mark.parametrize("name", [name for name in VECTORS if name != "casso-v1"])
def test_a_body_with_another_amount_is_wrong(name):
    body = body_of(sample(name)).replace(b"000", b"001", 1)
    assert body != body_of(sample(name))

    with pytest.raises(WrongSignature):
        judge(name, body, keys_of(name))


@pytest.mark.parametrize("name", VECTORS)
def test_without_a_signature_nobody_is_let_in_not_even_where_no_key_is_set(name):
    body = json.dumps({**sample(name)["body"], "signature": ""}).encode()
    for keys in (keys_of(name), HookKeys()):
        with pytest.raises(WrongSignature):
            check(VECTORS[name][0], Headers(), body, keys=keys, at=NOON)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"[" * 100_000, b"\xff\xfe"])
@pytest.mark.parametrize("provider", [Feed.CASSO, Feed.PAYOS])
def test_what_is_no_json_is_wrong_and_nothing_worse(provider, body):
    headers = Headers({"X-Casso-Signature": "t=1,v1=00"})
    with pytest.raises(WrongSignature):
        check(provider, headers, body, keys=KEYS, at=NOON)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_sepays_call_is_refused_more_than_five_minutes_off(seconds):
    body, headers = providers.signed("sepay", providers.sepay(1, at=NOON), at=NOON)

    check(Feed.SEPAY, Headers(headers), body, keys=KEYS, at=NOON + timedelta(seconds=299))
    with pytest.raises(WrongSignature):
        check(Feed.SEPAY, Headers(headers), body, keys=KEYS, at=NOON + timedelta(seconds=seconds))


def test_with_a_secret_sepays_key_alone_is_not_enough_and_without_one_it_is():
    body, headers = providers.signed("sepay", providers.sepay(1, at=NOON), at=NOON)
    key_alone = Headers({"Authorization": headers["Authorization"]})

    check(Feed.SEPAY, key_alone, body, keys=HookKeys(sepay_key=KEYS.sepay_key), at=NOON)
    with pytest.raises(WrongSignature):
        check(Feed.SEPAY, key_alone, body, keys=KEYS, at=NOON)


def test_casso_may_escape_slashes_and_letters_or_not():
    told = {"error": 0, "data": {"id": 1, "description": "tiền/ăn"}}
    for form in canonical_forms(told):
        signature = hmac.new(KEYS.casso_key.encode(), f"5.{form}".encode(), hashlib.sha512).hexdigest()
        headers = Headers({"X-Casso-Signature": f"t=5,v1={signature}"})
        check(Feed.CASSO, headers, json.dumps(told).encode(), keys=KEYS, at=NOON)
    assert len(set(canonical_forms(told))) == 4


def test_a_provider_without_its_key_cannot_sign():
    assert [can_sign(feed, HookKeys()) for feed in Feed] == [False] * 4
    assert [can_sign(feed, KEYS) for feed in Feed] == [False, True, True, True]


def test_signs_that_no_header_should_hold_are_compared_without_a_fault():
    for name in VECTORS:
        with pytest.raises(WrongSignature):
            judge(
                name,
                b'{"data": {}, "signature": "\\u1ea1"}',
                KEYS,
                **{"X-SePay-Signature": "ạ", "X-Casso-Signature": "t=1,v1=ạ", "Authorization": "ạ"},
            )
