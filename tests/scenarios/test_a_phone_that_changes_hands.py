"""What waits on a phone goes out whatever became of its run; of residents nothing stays for the next who has it."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.live import launched
from tests.scenarios.road import fail, phone, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
  return kept.filter(path => path.startsWith("/courier/"));
}"""


def opened(browser, way):
    page = signed_in(phone(browser, way))
    page.goto(f"/courier/runs/{way.run}")
    expect(page.locator("[data-kept]")).to_contain_text("lưu trên máy", timeout=30_000)
    return page


def test_what_waits_is_sent_though_the_run_is_gone_and_one_that_breaks_holds_back_no_other(way):
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = opened(browser, way)
        first = page.locator(f"[data-code={way.codes[0]}]").get_attribute("data-parcel")
        page.context.set_offline(True)
        fail(page, way.codes[0])
        fail(page, way.codes[1], taps=2)
        page.context.route(f"**/courier/parcels/{first}", lambda route: route.fulfill(status=500, body="broken"))
        page.context.route("**/stops.json", lambda route: route.fulfill(status=404, body="gone"))
        page.context.set_offline(False)

        expect(page.locator("[data-queue]")).to_contain_text("không còn của đội bạn", timeout=60_000)
        page.wait_for_selector("[data-waiting='1']")
        page.context.unroute(f"**/courier/parcels/{first}")
        page.goto("/courier/")
        page.wait_for_function("() => courierQueue.all().then(all => all.length === 0)")
        for _try in range(100):
            if way.rows("SELECT count(*) FROM door_events") == [(2,)]:
                break
            page.wait_for_timeout(100)
        browser.close()
    assert way.rows("SELECT kind, count(*) FROM door_events GROUP BY kind") == [("failed", 2)]


@pytest.mark.parametrize("where", ["run", "home"])
def test_who_signs_out_leaves_nobodys_name_on_the_phone(way, where):
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = opened(browser, way)
        assert f"/courier/runs/{way.run}" in page.evaluate(KEPT)
        if where == "home":
            page.goto("/courier/")

        page.get_by_role("button", name="Đăng xuất").click()
        page.wait_for_url("**/sign-in")

        page.wait_for_function(f"() => ({KEPT})().then(kept => kept.length === 0)")
        page.wait_for_timeout(300)
        assert page.evaluate(KEPT) == []
        page.context.set_offline(True)
        page.goto(f"/courier/runs/{way.run}")
        assert "Lê Lợi" not in page.content()
        browser.close()
