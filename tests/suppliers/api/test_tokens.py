"""Tokens: only their hash is kept; one that is wrong, revoked, run out or left behind opens nothing."""

import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from kernel import clock
from kernel.changes import Doer
from people.models import Role
from suppliers.api.scopes import Scope
from suppliers.api.tokens import keep
from suppliers.api.tokens.keep import MOST
from tests import make
from tests.desk import rows
from tests.pages import Page

FORM: dict[str, Any] = {"name": "cân kho", "scopes": ["rounds:read", "manifests:read"], "lasts": "90"}


def refuse(answer, status: int) -> str:
    """The problem's words: every refusal has the one shape."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status
    assert {"type", "title", "detail"} <= answer.json.keys()
    return str(answer.json["detail"])


def test_a_token_opens_what_it_is_for(ours, sent):
    assert ours.get("/rounds").status_code == 200
    assert ours.get(f"/manifests/{sent.manifest.number}").status_code == 200


def test_nothing_that_is_kept_is_the_token(session, ours):
    secret = ours.text.rpartition("_")[2] if ours.text.count("_") == 2 else ours.text.split("_", 2)[2]

    ((kept,),) = rows(session, "SELECT secret_hash FROM api_tokens")
    changed = rows(session, "SELECT was, became FROM changes WHERE kind = 'api_token'")

    assert secret not in kept
    assert len(kept) == 64
    assert all(secret not in text for row in changed for text in row)


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nonsense", "Basic {token}", "Bearer {token}x", "{token}"])
def test_without_a_right_token_nothing_opens(bare, ours, header):
    headers = {"Authorization": header.format(token=ours.text)} if header else {}

    answer = bare.get("/api/v1/rounds", headers={**headers, "Accept-Language": "en"})

    assert "A token is needed" in refuse(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_is_no_token_and_the_api_sets_none(driver, ours):
    assert driver.get("/suppliers/").status_code == 200

    refuse(driver.get("/api/v1/rounds"), 401)
    assert "Set-Cookie" not in ours.get("/rounds").headers


def test_a_token_is_worthless_once_it_is_revoked(session, ours):
    keep.revoke(session, ours.token, Doer("rau", clock.now()))

    refuse(ours.get("/rounds"), 401)


def test_a_token_is_worthless_once_it_has_run_out(stopped_clock, program, sent):
    short = program(sent.staff, days=1)
    assert short.get("/rounds").status_code == 200

    stopped_clock.forward(hours=24)

    refuse(short.get("/rounds"), 401)


def test_a_token_is_worthless_once_its_maker_may_not_sign_in(session, ours, sent):
    sent.staff.active = False

    refuse(ours.get("/rounds"), 401)


def test_a_revoked_token_stays_so_and_none_ever_gets_more_rights(session, ours):
    for change in ("scopes = '[]'", "secret_hash = 'x'", "expires_at = created_at"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sql(f"UPDATE api_tokens SET {change}"))
    keep.revoke(session, ours.token, Doer("rau", clock.now()))
    session.flush()

    for change in ("UPDATE api_tokens SET revoked_at = NULL", "DELETE FROM api_tokens"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sql(change))


@pytest.mark.parametrize("which", ["right", "wrong secret", "unknown", "no token's form"])
def test_a_secret_is_compared_in_the_same_way_whoever_it_is_of(session, ours, monkeypatch, which):
    """One look-up by the public part and one comparison of hashes that takes as long for any: nobody learns by time."""
    _dct, prefix, secret = ours.text.split("_", 2)
    text = {
        "right": ours.text,
        "wrong secret": f"dct_{prefix}_{'A' * len(secret)}",
        "unknown": f"dct_0000000000_{secret}",
        "no token's form": "dct",
    }[which]
    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    monkeypatch.setattr("suppliers.api.tokens.keep.hmac.compare_digest", compare)

    found = keep.find(session, text, clock.now())

    assert (found is not None) == (which == "right")
    assert compared == [(64, 64)]


def test_its_use_is_written_down_to_the_minute(stopped_clock, session, ours):
    ours.get("/rounds")
    first = clock.now()
    stopped_clock.forward(seconds=30)
    ours.get("/rounds")
    session.refresh(ours.token)
    assert ours.token.last_used_at == first

    stopped_clock.forward(seconds=30)
    ours.get("/rounds")

    session.refresh(ours.token)
    assert ours.token.last_used_at == clock.now()


def test_who_asks_too_often_waits_and_others_do_not(app, program, sent, stopped_clock):
    busy, other = program(sent.staff), program(sent.staff)
    app.extensions["settings"] = settings_with(app, api_requests_per_minute=3)

    answers = [busy.get("/rounds").status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]
    late = busy.get("/rounds")
    assert "Too many tries" in refuse(late, 429)
    assert 1 <= int(late.headers["Retry-After"]) <= 60
    assert other.get("/rounds").status_code == 200
    stopped_clock.forward(seconds=61)
    assert busy.get("/rounds").status_code == 200


def test_who_guesses_tokens_waits_and_a_right_one_is_never_in_that_queue(bare, ours, monkeypatch):
    monkeypatch.setattr("suppliers.api.views.WRONG_TOKENS", 2)
    wrong = {"Authorization": "Bearer dct_0000000000_" + "A" * 43}

    answers = [bare.get("/api/v1/rounds", headers=wrong).status_code for _ in range(3)]

    assert answers == [401, 401, 429]
    assert ours.get("/rounds").status_code == 200


# The pages


def test_a_supplier_makes_a_token_that_is_shown_once(driver, session, bare, sent):
    page = Page(make.submit(driver, "/suppliers/tokens", **FORM))

    text = page.text("token")
    assert page.status == 201
    assert bare.get("/api/v1/rounds", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    again = driver.get("/suppliers/tokens").text
    assert text not in again
    assert text.rpartition("_")[0].split("_")[1] in again
    assert rows(session, "SELECT supplier_id, staff_id FROM api_tokens") == [(sent.staff.supplier_id, sent.staff.id)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"lasts": "36500"}, "lasts"),
        ({"lasts": ""}, "lasts"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(driver, session, fields, wrong):
    answer = make.submit(driver, "/suppliers/tokens", **{**FORM, **fields})

    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in answer.text
    assert rows(session, "SELECT id FROM api_tokens") == []


def test_a_supplier_has_no_more_tokens_than_it_can_watch(driver, session, sent):
    for _each in range(MOST):
        keep.make(session, sent.staff, name="x", scopes=[Scope.ROUNDS_READ], lasts=timedelta(days=1), at=clock.now())

    answer = make.submit(driver, "/suppliers/tokens", **FORM)

    assert answer.status_code == 409
    assert "Revoke one" in answer.text


def test_a_supplier_revokes_its_own(driver, session, ours):
    answer = make.submit(driver, f"/suppliers/tokens/{ours.token.id}/revoke", page="/suppliers/tokens")

    assert answer.status_code == 303
    refuse(ours.get("/rounds"), 401)
    session.refresh(ours.token)
    assert ours.token.revoked_by == ours.token.staff.username


def test_nobody_revokes_anothers(client, ours):
    make.signed_in(client, make.staff(Role.SUPPLIER))

    answer = make.submit(client, f"/suppliers/tokens/{ours.token.id}/revoke", page="/suppliers/tokens")

    assert answer.status_code == 404
    assert ours.get("/rounds").status_code == 200


def test_the_office_revokes_any(client, ours):
    make.signed_in(client)
    assert ours.token.prefix in client.get("/desk/admin/tokens").text

    answer = make.submit(client, f"/desk/admin/tokens/{ours.token.id}/revoke", page="/desk/admin/tokens")

    assert answer.status_code == 303
    refuse(ours.get("/rounds"), 401)
    second = make.submit(client, f"/desk/admin/tokens/{ours.token.id}/revoke", page="/desk/admin/tokens")
    assert second.status_code == 409


def settings_with(app, **changes):
    return replace(app.extensions["settings"], **changes)
