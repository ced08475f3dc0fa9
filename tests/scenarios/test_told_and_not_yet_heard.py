"""A connection ends after the server took what was told, before the phone heard how the stops stand: it still knows."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.live import launched
from tests.scenarios.road import deliver, fail, phone, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

EVENTS = "SELECT kind, outcome FROM door_events ORDER BY id"
STORES = """() => courierQueue.everything().then(all =>
  [all.filter(told => !told.taken).length, all.filter(told => told.taken).length])"""


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


def settled(page, *, waiting=0, taken):
    """Once so many tellings wait on the phone, and of so many it knows that the server has them."""
    for _try in range(300):
        if page.evaluate(STORES) == [waiting, taken]:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(STORES) == [waiting, taken]


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
    settled(page, taken=1)
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    assert way.rows(EVENTS) == [("delivered", "applied")]
    stands = page.locator(f"[data-code={way.codes[0]}] [data-stands]")
    expect(stands).to_contain_text("Đã giao")
    expect(stands).not_to_contain_text("chờ gửi")

    without_a_connection(page, way)

    expect(page.locator("[data-left-words]")).to_have_text("Còn 2/3")
    brought_before(page, way.codes[0])


def test_nor_one_that_was_told_from_the_list_of_runs(page, way):
    page.context.route("**/courier/parcels/*", lambda route: route.abort())
    deliver(page, way.codes[1])
    settled(page, waiting=1, taken=0)
    page.context.unroute("**/courier/parcels/*")
    page.goto("/courier/")
    settled(page, taken=1)
    assert way.rows(EVENTS) == [("delivered", "applied")]

    without_a_connection(page, way)

    brought_before(page, way.codes[1])


def test_what_was_taken_back_is_left_to_be_brought(page, way):
    at = page.locator(f"[data-code={way.codes[0]}]")
    deliver(page, way.codes[0])
    at.locator("[data-tell=undone] button").click()
    settled(page, taken=2)
    expect(at).to_have_attribute("data-left", "yes")

    without_a_connection(page, way)

    expect(page.locator("[data-left-words]")).to_have_text("Còn 3/3")
    assert sorted(way.rows(EVENTS)) == [("delivered", "undone"), ("undone", "applied")]


def test_an_attempt_that_a_fresh_page_has_counted_is_counted_once(page, way):
    fail(page, way.codes[0])
    settled(page, taken=1)

    page.reload()

    at = page.locator(f"[data-code={way.codes[0]}]")
    expect(at).to_have_attribute("data-heard", page.evaluate("courierQueue.everything().then(all => all[0].key)"))
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    expect(at).to_have_attribute("data-left", "yes")
    page.context.unroute("**/stops.json")
    page.reload()
    settled(page, taken=0)
    expect(at).to_have_attribute("data-left", "yes")


def test_only_the_servers_own_word_settles_what_was_told(page, way):
    """A page of the network’s own, as at a hotel, answers everything with 200."""
    page.context.route("**/courier/parcels/*", lambda route: route.fulfill(body="<h1>Xin chào</h1>"))
    deliver(page, way.codes[0])
    page.wait_for_timeout(300)
    settled(page, waiting=1, taken=0)

    page.context.unroute("**/courier/parcels/*")
    page.reload()

    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
    assert way.rows(EVENTS) == [("delivered", "applied")]


def test_what_another_brought_is_not_brought_again_because_it_failed_here(page, way):
    """He rang in vain and could not tell it; meanwhile somebody else handed it over."""
    page.context.route("**/courier/parcels/*", lambda route: route.abort())
    fail(page, way.codes[0])
    other = signed_in(phone(page.context.browser, way))
    other.goto(f"/courier/runs/{way.run}")
    deliver(other, way.codes[0])
    settled(other, taken=0)
    page.reload()
    expect(page.locator(f"[data-code={way.codes[0]}]")).to_have_attribute("data-state", "delivered")
    settled(page, waiting=1, taken=0)
    page.context.unroute("**/courier/parcels/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    settled(page, taken=1)
    assert sorted(way.rows(EVENTS)) == [("delivered", "applied"), ("failed", "applied")]

    without_a_connection(page, way)

    brought_before(page, way.codes[0])


def test_of_two_tabs_each_knows_what_the_other_heard(page, way):
    page.context.unroute("**/stops.json")
    second = page.context.new_page()
    second.goto(f"/courier/runs/{way.run}")
    page.route("**/stops.json", lambda route: route.abort())
    deliver(second, way.codes[0])
    second.wait_for_selector("[data-waiting='0']")
    settled(second, taken=0)

    way.close()
    page.context.set_offline(True)

    expect(page.locator(f"[data-code={way.codes[0]}]")).to_have_attribute("data-left", "no")
    brought_before(page, way.codes[0])


def test_a_page_of_an_older_version_sends_nothing_that_was_taken(page, way):
    """It is still open, or kept: to it a row of nobody’s is not its own."""
    deliver(page, way.codes[0])
    settled(page, taken=1)

    (row,) = page.evaluate("""() => new Promise(resolve => {
      indexedDB.open("courier", 1).onsuccess = event => {
        const asked = event.target.result.transaction("told").objectStore("told").getAll();
        asked.onsuccess = () => resolve(asked.result);
      };
    })""")

    assert "staff" not in row
    assert "photo" not in row
    assert row["fields"] == {"undoes": None}
