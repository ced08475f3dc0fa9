"""What a first visit costs over 2G, every file counted as a real browser loads it from the real server."""

import pytest
from playwright.sync_api import Browser

from tests.live import PHONE, Live
from tests.wire import Relay, relay, settled

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

SHOP, STATUS = 60_000, 14_000  # bytes
ICON = "/static/icons/icon-192.png"  # a phone that offers to install the shop loads the manifest and this


def visit(browser: Browser, between: Relay, path: str, *, to_the_end: bool = True) -> None:
    """Load a page with an empty profile, scroll through it, and let the service worker come."""
    context = browser.new_context(base_url=between.url, viewport=PHONE, locale="vi-VN")
    page = context.new_page()
    page.goto(path)
    if to_the_end:
        page.mouse.wheel(0, 20_000)
    settled(page)
    for manifest in page.locator("link[rel=manifest]").all():
        page.evaluate(
            "async (names) => { for (const name of names) await fetch(name) }", [manifest.get_attribute("href"), ICON]
        )
    context.close()


def test_the_shop_comes_whole_in_60_kb(browser: Browser, live_server: Live) -> None:
    with relay(live_server.url) as between:
        visit(browser, between, "/")

    names = {path.partition("?")[0] for path in between.weights}
    assert {"/", "/sw.js", "/offline", "/static/app.css", "/static/manifest.webmanifest", ICON} <= names
    assert "/static/vendor/goods/goods.svg" in names
    assert between.total() <= SHOP, between.weights


def test_the_status_page_comes_whole_in_14_kb(browser: Browser, live_server: Live) -> None:
    token = ordered(browser, live_server)
    with relay(live_server.url) as between:
        visit(browser, between, f"/o/{token}")

    names = {path.partition("?")[0] for path in between.weights}
    assert {f"/o/{token}", "/static/app.css", "/static/app.js"} <= names
    assert not [name for name in names if name.endswith((".woff2", "goods.svg", "sw.js"))]
    assert between.total() <= STATUS, between.weights


def ordered(browser: Browser, live_server: Live) -> str:
    """The private link's token of an order that waits for its payment, its largest state."""
    page = browser.new_context(base_url=live_server.url).new_page()
    for code in ("C02", "C05", "C09", "C13"):
        page.goto(f"/combos/{code}")
        page.locator('form[action$="/basket/add"] button').click()
    page.goto("/checkout")
    page.locator("#name").fill("Nguyễn Thị Ngọc Ánh")
    page.locator("#phone").fill("0912345678")
    page.locator("#ward").select_option(label="Dĩ An")
    page.locator("#address").fill("12/3 Lý Thường Kiệt, KP Thống Nhất 1")
    page.locator("input[name=round]").first.check()
    page.locator("#consent").check()
    page.locator("main form[method=post]").last.locator("button").last.click()
    page.wait_for_url("**/o/*")
    token = page.url.rpartition("/")[2]
    page.context.close()
    return token
