"""A signed pass: read back to the letter, refused if a bit of it is another, or another's key signed it."""

import hashlib
from datetime import UTC, datetime

import pytest
from itsdangerous import URLSafeSerializer

from suppliers.couriers.passes.token import SALT, Forged, Pass, read, sign

NO_DATABASE = pytest.mark.parametrize("templates", ["sqlite"], indirect=True)
PASS = Pass(7, ("25942", "25945"), datetime(2021, 9, 6, 23, tzinfo=UTC), datetime(2021, 9, 7, 13, tzinfo=UTC))


@pytest.fixture(autouse=True)
def page(app):
    with app.app_context():
        yield


@NO_DATABASE
def test_what_was_signed_is_read_back_and_is_short_enough_for_a_code():
    assert read(sign(PASS)) == PASS
    assert len(sign(PASS)) < 150


@NO_DATABASE
def test_no_bit_of_it_can_be_another():
    """Also not those bits of the signature's last letter that decode to nothing."""
    text = sign(PASS)

    read_all_the_same = []
    for place, letter in enumerate(text):
        for bit in range(7):
            changed = text[:place] + chr(ord(letter) ^ 1 << bit) + text[place + 1 :]
            try:
                read_all_the_same.append(read(changed))
            except Forged:
                continue

    assert read_all_the_same == []


@NO_DATABASE
@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[:-1],
        lambda text: text + "A",
        lambda text: text + "=",
        lambda text: text.rpartition(".")[0],
        lambda text: text.rpartition(".")[0] + ".",
        lambda text: "." + text.rpartition(".")[2],
        lambda text: text.swapcase(),
        lambda text: text * 20,
        lambda text: "é" + text,
    ],
)
def test_what_is_cut_off_or_added_to_is_forged(change):
    with pytest.raises(Forged):
        read(change(sign(PASS)))


@NO_DATABASE
def test_another_key_another_salt_and_another_content_are_forged(app):
    mine = sign(PASS)
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    right = URLSafeSerializer(app.secret_key, salt=SALT, signer_kwargs=how)
    told = right.loads(mine)
    forgeries = [
        URLSafeSerializer("another key", salt=SALT, signer_kwargs=how).dumps(told),
        URLSafeSerializer(app.secret_key, salt="another", signer_kwargs=how).dumps(told),
        URLSafeSerializer(app.secret_key, salt=SALT).dumps(told),
        right.dumps([7]),
        right.dumps({"a": 1}),
        right.dumps([7, ["x"], 0, 1]),
        right.dumps([7, [25942], 10**30, 1]),
    ]
    assert right.dumps(told) == mine

    for text in forgeries:
        with pytest.raises(Forged):
            read(text)
