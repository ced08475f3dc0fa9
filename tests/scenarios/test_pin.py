"""At the checkout a phone may say where it is, or refuse to; either way the resident is told in words."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.live import PHONE, Live

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]


def at_the_checkout(browser: Browser, live_server: Live, *, allowed: bool) -> Page:
    context = browser.new_context(
        base_url=live_server.url,
        viewport=PHONE,
        locale="vi-VN",
        geolocation={"latitude": 10.8965, "longitude": 106.753, "accuracy": 12.4} if allowed else None,
        permissions=["geolocation"] if allowed else [],
    )
    page = context.new_page()
    page.goto("/combos/C02")
    page.locator('form[action$="/basket/add"] button').click()
    page.goto("/checkout")
    page.locator("details:has(#location) summary").click()
    return page


def test_a_phone_that_may_tell_fills_the_field(browser: Browser, live_server: Live) -> None:
    page = at_the_checkout(browser, live_server, allowed=True)

    page.locator("[data-pin] button").click()

    expect(page.locator("#location")).to_have_value("10.896500, 106.753000")
    expect(page.locator("[data-pin] [role=status]")).to_have_text("Đã tìm thấy, sai số khoảng 13 mét.")
    expect(page.locator("[data-pin] a")).to_have_attribute("href", "geo:10.896500,106.753000")


def test_a_phone_that_may_not_is_told_of_and_the_field_can_be_typed(browser: Browser, live_server: Live) -> None:
    page = at_the_checkout(browser, live_server, allowed=False)

    page.locator("[data-pin] button").click()

    expect(page.locator("[data-pin] [role=status]")).to_contain_text("gõ hai con số")
    expect(page.locator("[data-pin] a")).to_be_hidden()
    page.locator("#location").fill("10.8965, 106.7530")
    expect(page.locator("[data-pin] a")).to_be_visible()
