"""Away from the network, a phone still shows the last order that it has seen, and nothing of anybody else."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import PHONE, Live
from tests.scenarios.test_first_visit import ordered
from tests.wire import settled

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      kept[new URL(request.url).pathname] = await (await caches.match(request)).text();
  return kept;
}"""

WAITS = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  for (let tries = 0; !found.waiting && tries < 200; tries++) await new Promise(done => setTimeout(done, 50));
  return Boolean(found.waiting);
}"""


TIGHT = """() => {
  const parts = [...document.querySelector("[data-order]").children].map(each => each.getBoundingClientRect());
  return parts.slice(1).map((each, at) => each.top - parts[at].bottom).filter(gap => gap < 8);
}"""
"""Gaps between the parts of the kept order that are too small to tell them apart."""


@pytest.fixture
def phone(browser: Browser, live_server: Live) -> Page:
    return browser.new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN").new_page()


def see(page: Page, token: str) -> None:
    page.goto("/")
    settled(page)
    page.goto(f"/o/{token}")
    settled(page)
    expect(page.locator("[data-forget]")).to_be_visible()


def test_the_last_order_is_shown_with_the_time_at_which_it_was_seen(browser, live_server, phone) -> None:
    first, last = ordered(browser, live_server), ordered(browser, live_server)
    see(phone, first)
    see(phone, last)
    code = phone.locator("h1 .code").inner_text()
    phone.context.set_offline(True)

    for path in ("/", f"/o/{last}", "/track"):
        phone.goto(path)

        expect(phone.locator("[data-kept]")).to_be_visible()
        expect(phone.locator("[data-order] h1 .code")).to_have_text(code)
        expect(phone.locator("[data-order] #memo")).to_contain_text("0912345678")
        assert phone.locator("[data-kept] time").first.get_attribute("datetime")
        assert phone.locator("[data-order]").locator("form, button, script").count() == 0
        assert phone.evaluate(TIGHT) == []
    phone.context.set_offline(False)
    phone.locator("main .button").first.click()
    expect(phone.locator("[data-kept]")).to_have_count(0)


def test_a_phone_that_has_seen_no_order_is_told_only_that_there_is_no_connection(phone) -> None:
    phone.goto("/")
    settled(phone)
    phone.context.set_offline(True)

    phone.goto("/basket")

    expect(phone.locator("[data-none]")).to_be_visible()
    expect(phone.locator("[data-kept]")).to_be_hidden()
    assert phone.evaluate("getComputedStyle(document.querySelector('.masthead')).display") != "inline", (
        "it has its look"
    )


def test_in_another_language_the_page_changes_with_it_and_the_order_is_read_in_its_own(
    browser, live_server, phone
) -> None:
    see(phone, ordered(browser, live_server))
    at_work = phone.evaluate("navigator.serviceWorker.controller.scriptURL")

    phone.context.add_cookies([{"name": "language", "value": "en", "url": live_server.url}])
    phone.goto("/")

    assert phone.evaluate(WAITS), "the new worker has what it needs, and waits"
    assert phone.evaluate("navigator.serviceWorker.controller.scriptURL") == at_work, "it is not torn from its work"
    phone.context.set_offline(True)
    phone.goto("/")
    expect(phone.locator("h1").first).to_have_text("No connection")
    expect(phone.locator("[data-order]")).to_have_attribute("lang", "vi")


def test_a_forgotten_order_is_gone_from_the_phone(browser, live_server, phone) -> None:
    see(phone, ordered(browser, live_server))
    phone.context.set_offline(True)
    phone.goto("/")

    phone.locator("[data-forget]").click()

    expect(phone.locator("[data-forget] + [role=status]")).not_to_be_empty()
    assert "/kept-order" not in phone.evaluate(KEPT)
    phone.goto("/")
    expect(phone.locator("[data-kept]")).to_be_hidden()


def test_an_order_can_be_forgotten_on_its_own_page_too(browser, live_server, phone) -> None:
    see(phone, ordered(browser, live_server))

    phone.locator("[data-forget]").click()

    expect(phone.locator("[data-forget] + [role=status]")).not_to_be_empty()
    assert "/kept-order" not in phone.evaluate(KEPT)


def test_pages_of_those_who_sign_in_are_kept_nowhere(browser, live_server, phone) -> None:
    token = ordered(browser, live_server)
    secret = next(a["password"] for a in live_server.city.accounts if a["username"] == "kinhte1")
    phone.goto("/sign-in")
    settled(phone)
    phone.locator("#username").fill("kinhte1")
    phone.locator("#password").fill(secret)
    phone.locator("main form button").click()
    for path in ("/desk", "/desk/orders", "/", "/basket", f"/o/{token}"):
        phone.goto(path)
        phone.wait_for_load_state("networkidle")

    kept = phone.evaluate(KEPT)

    assert {path for path in kept if not path.startswith("/static/")} == {"/offline"}
    assert "0912345678" not in json.dumps(kept)
    assert "csrf_token" not in kept["/offline"]


def test_of_an_order_only_what_there_is_to_read_is_kept(browser, live_server, phone) -> None:
    see(phone, ordered(browser, live_server))

    kept = phone.evaluate(KEPT)

    assert set(kept) - {path for path in kept if path.startswith("/static/")} == {"/offline", "/kept-order"}
    assert not [word for word in ("csrf_token", "<form", "<script", "nonce", "/cancel") if word in kept["/kept-order"]]
