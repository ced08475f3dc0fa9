"""The security headers of every answer, word for word, and pages that load nothing from elsewhere."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from kernel import clock
from kernel.database import db
from orders.models import OrderState
from people.models import Role
from suppliers.dispatch import dispatch
from tests import make
from tests.orders.shopping import pick, stocked
from tests.pages import Page

POLICY = (
    "default-src 'none'; script-src 'nonce-NONCE'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EXACTLY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ABOUT_THIS_ANSWER = {
    "Content-Length",
    "Content-Type",
    "Set-Cookie",
    "Vary",
    "X-Request-ID",
    "Location",
    "Allow",
    "Retry-After",
}
OURS = re.compile(r"/(?!/)|[#?]|tel:|geo:|data:image/")


def guards(answer) -> dict[str, str]:
    """The headers that are the same for every answer, the nonce blotted out."""
    policy = re.sub(r"nonce-[\w-]{22}'", "nonce-NONCE'", answer.headers["Content-Security-Policy"])
    kept = {name: value for name, value in answer.headers.items() if name not in ABOUT_THIS_ANSWER}
    return {**kept, "Content-Security-Policy": policy}


@pytest.mark.parametrize(
    "path", ["/", "/basket", "/checkout", "/track", "/sign-in", "/desk", "/nowhere", "/basket/add"]
)
def test_every_page_whatever_its_status_has_exactly_these(client, path):
    assert guards(client.get(path)) == EXACTLY


@pytest.mark.own_app
def test_a_fault_of_ours_has_them_too(app: Flask, client):
    @app.get("/boom")
    def boom() -> str:
        raise RuntimeError

    assert guards(client.get("/boom")) == EXACTLY


def test_a_private_link_is_told_to_no_search_engine_and_no_next_site(client):
    order = make.order()
    make.bank_account()
    private = {**EXACTLY, "X-Robots-Tag": "noindex, nofollow"}

    picture = guards(client.get(f"/o/{order.token}/qr.png"))

    assert guards(client.get(f"/o/{order.token}")) == private
    assert picture == {**private, "Content-Disposition": f'inline; filename="{order.code}.png"'}


def test_over_https_a_form_on_a_private_page_can_be_sent(client):
    """A browser names the page that a form stands on only if that page allows it, and without it none is taken."""
    order, base = make.order(), "https://localhost"
    page = client.get(f"/o/{order.token}", base_url=base)
    names_it = {"Referer": f"{base}/o/{order.token}"} if page.headers["Referrer-Policy"] != "no-referrer" else {}
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token

    answer = client.post(f"/o/{order.token}/cancel", data={"csrf_token": token[1]}, base_url=base, headers=names_it)

    assert answer.status_code == 303


def test_static_files_may_be_kept_by_a_browser(client):
    answer = guards(client.get("/static/app.css"))

    assert {name: answer.get(name) for name in EXACTLY if name != "Cache-Control"} == {
        name: value for name, value in EXACTLY.items() if name != "Cache-Control"
    }
    assert "no-store" not in answer["Cache-Control"]


def test_a_nonce_is_used_once_and_is_the_one_of_the_pages_scripts(client):
    seen = set()
    for _visit in range(3):
        answer = client.get("/")
        (nonce,) = re.findall(r"nonce-([\w-]{22})'", answer.headers["Content-Security-Policy"])
        scripts = Page(answer).all("script")
        assert scripts
        assert {script.get("nonce") for script in scripts} == {nonce}
        assert not [script for script in scripts if (script.text or "").strip()]
        seen.add(nonce)

    assert len(seen) == 3


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = next(c for c in client.get("/sign-in").headers.getlist("Set-Cookie") if c.startswith("market="))

    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_behind_https_the_cookie_and_the_site_stay_there(database, settings_for):
    app = create_app(replace(settings_for(database), secure_cookies=True))

    answer = app.test_client().get("/sign-in")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "; Secure" in answer.headers["Set-Cookie"]
    with app.app_context():
        db.engine.dispose()


def resident_pages(client: FlaskClient) -> list[str]:
    combo, delivery = stocked()
    pick(client, combo)
    orders = [make.order(combo, delivery=delivery, state=state) for state in OrderState]
    shown = [f"/combos/{combo.code}", *(f"/o/{order.token}" for order in orders)]
    return ["/", "/basket", "/checkout", "/track", "/sign-in", *shown]


def office_pages(client: FlaskClient) -> list[str]:
    make.signed_in(client)
    order, transfer, delivery = make.order(), make.transfer(memo="<b>x</b>"), make.round()
    lists = ["/desk", "/desk/orders", "/desk/rounds", "/desk/statements"]
    return [*lists, f"/desk/orders/{order.code}", f"/desk/transfers/{transfer.id}", f"/desk/rounds/{delivery.id}"]


def supplier_pages(client: FlaskClient) -> list[str]:
    combo = make.combo()
    make.signed_in(client, make.staff(Role.SUPPLIER, of=combo.supplier))
    delivery = make.paid_order(combo).round
    (manifest,) = dispatch(db.session, delivery, at=clock.now(), by="clerk", patience=timedelta(0), override="test")
    return ["/suppliers/", f"/suppliers/manifests/{manifest.number}"]


@pytest.mark.parametrize("pages", [resident_pages, office_pages, supplier_pages])
def test_no_page_styles_itself_or_asks_anything_of_elsewhere(client, pages):
    """Pages with something on them: what they name is of this site, and no attribute runs or styles."""
    for path in pages(client):
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = Page(answer)
        foreign = [to for to in page.addresses() if not OURS.match(to)]
        hooks = [a for e in page.root.iter() for a in e.attrib if str(a).startswith("on") or a == "style"]
        assert (foreign, hooks, page.all("style"), page.all("iframe")) == ([], [], [], []), path
