"""A connection ends after the server took what was told, before the phone heard how the stops stand: it still knows."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.apps import fresh
from tests.live import launched
from tests.scenarios.road import phone, road, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

EVENTS = "SELECT kind, outcome FROM door_events ORDER BY id"
STORES = "() => Promise.all([courierQueue.all(), courierQueue.taken()]).then(both => both.map(all => all.length))"


@pytest.fixture
def way(database, settings_for, tmp_path):
    with fresh(settings_for(database)) as app, road(app, database, tmp_path / "files", stops=3) as made:
        yield made


@pytest.fixture
def page(way):
    """The run, kept on the phone, which hears no more how its stops stand."""
    with sync_playwright() as playwright:
        browser = launched(playwright)
        opened = signed_in(phone(browser, way))
        opened.goto(f"/courier/runs/{way.run}")
        expect(opened.locator("[data-kept]")).to_contain_text("lưu trên máy", timeout=30_000)
        opened.context.route("**/stops.json", lambda route: route.abort())
        yield opened
        browser.close()


def deliver(page, code):
    at = page.locator(f"[data-code={code}]")
    at.locator("summary").first.click()
    at.locator("[name=witness]").fill("Bà Tư, tổ trưởng")
    at.locator("[data-tell=delivered] button").click()
    expect(at).to_have_attribute("data-state", "delivered")


def fail(page, code):
    at = page.locator(f"[data-code={code}]")
    at.locator("summary", has_text="Chưa giao được").click()
    at.locator("[name=reason]").select_option("absent")
    at.locator("[data-tell=failed] button").click()
    expect(at).to_have_attribute("data-state", "failed")


def without_a_connection(page, way):
    """The page as it was kept when the run was opened."""
    way.close()
    page.context.set_offline(True)
    page.goto(f"/courier/runs/{way.run}")


def brought_before(page, code):
    """What the phone says of this code, typed."""
    page.locator("summary", has_text="Gõ mã").click()
    page.locator("#typed-code").fill(code)
    page.locator("[data-typed] button").click()
    expect(page.locator("[data-verdict]")).to_contain_text(f"{code}: Đã giao")
    expect(page.locator("[data-verdict]")).to_have_class("verdict verdict--bad")


def test_a_bag_that_was_brought_is_not_brought_again(page, way):
    deliver(page, way.codes[0])
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    assert page.evaluate(STORES) == [0, 1]
    assert way.rows(EVENTS) == [("delivered", "applied")]
    stands = page.locator(f"[data-code={way.codes[0]}] [data-stands]")
    expect(stands).to_contain_text("Đã giao")
    expect(stands).not_to_contain_text("chờ gửi")

    without_a_connection(page, way)

    expect(page.locator("[data-left-words]")).to_have_text("Còn 2/3")
    brought_before(page, way.codes[0])


def test_nor_one_that_was_told_from_the_list_of_runs(page, way):
    page.context.set_offline(True)
    deliver(page, way.codes[1])
    page.context.set_offline(False)
    page.goto("/courier/")
    page.wait_for_function("() => courierQueue.all().then(all => all.length === 0)")
    assert way.rows(EVENTS) == [("delivered", "applied")]

    without_a_connection(page, way)

    brought_before(page, way.codes[1])


def test_what_was_taken_back_is_left_to_be_brought(page, way):
    at = page.locator(f"[data-code={way.codes[0]}]")
    deliver(page, way.codes[0])
    at.locator("[data-tell=undone] button").click()
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    expect(at).to_have_attribute("data-left", "yes")

    without_a_connection(page, way)

    expect(page.locator("[data-left-words]")).to_have_text("Còn 3/3")
    assert sorted(way.rows(EVENTS)) == [("delivered", "undone"), ("undone", "applied")]


def test_an_attempt_that_a_fresh_page_has_counted_is_counted_once(page, way):
    fail(page, way.codes[0])
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")

    page.reload()

    at = page.locator(f"[data-code={way.codes[0]}]")
    expect(at).to_have_attribute("data-heard", page.evaluate("courierQueue.taken().then(taken => taken[0].key)"))
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    expect(at).to_have_attribute("data-left", "yes")
    page.context.unroute("**/stops.json")
    page.reload()
    page.wait_for_function("() => courierQueue.taken().then(taken => taken.length === 0)")
    expect(at).to_have_attribute("data-left", "yes")


def test_only_the_servers_own_word_settles_what_was_told(page, way):
    """A page of the network’s own, as at a hotel, answers everything with 200."""
    page.context.route("**/courier/parcels/*", lambda route: route.fulfill(body="<h1>Xin chào</h1>"))
    deliver(page, way.codes[0])
    page.wait_for_timeout(300)
    assert page.evaluate(STORES) == [1, 0]

    page.context.unroute("**/courier/parcels/*")
    page.reload()

    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    assert way.rows(EVENTS) == [("delivered", "applied")]
