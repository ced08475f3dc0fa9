"""A desk's screen holds forty rows, and a table's head stays in view while one scrolls."""

import csv
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from kernel.settings import ROOT, Settings
from tests.live import PHONE, City, Live

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

SCREEN = ViewportSize(width=1280, height=800)
SAMPLES = ROOT / "tests" / "samples"
ROWS = 60
IN_VIEW = """() => [...document.querySelectorAll("main tbody tr")].filter((row) => {
  const box = row.getBoundingClientRect();
  const head = document.querySelector("main thead th").getBoundingClientRect();
  return box.top >= head.bottom - 1 && box.bottom <= innerHeight;
}).length"""
HEAD = """() => {
  const box = document.querySelector("main thead th").getBoundingClientRect();
  return document.elementFromPoint(box.left + 5, box.top + 5).closest("th") !== null && box.top >= 0;
}"""

JUMPS = """() => new Promise(answer => {
  new PerformanceObserver(list => answer(list.getEntries().reduce((sum, each) => sum + each.value, 0)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => answer(0), 500);
})"""
"""How far things moved by themselves since the page was opened; 0.1 is what people notice."""


@pytest.fixture
def full_desk(demo_city: City, flask, tmp_path: Path) -> None:
    """Sixty orders that wait, and a statement's transfers of which most fit none of them."""
    with (SAMPLES / "corpus" / "orders.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[: ROWS + 1]
    with (tmp_path / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    flask(
        Settings(instance=demo_city.instance, database_url=demo_city.database, secret_key="test"),
        ["orders", "import", str(tmp_path / "orders.csv")],
        ["payments", "import", str(SAMPLES / "statements" / "vietcombank.xlsx")],
    )


@pytest.fixture
def desk(full_desk, browser: Browser, live_server: Live) -> Page:
    page = browser.new_context(base_url=live_server.url, viewport=SCREEN, locale="vi-VN").new_page()
    page.goto("/sign-in")
    page.locator("#username").fill("kinhte1")
    page.locator("#password").fill(next(a["password"] for a in live_server.city.accounts if a["username"] == "kinhte1"))
    page.locator("main form button").click()
    page.wait_for_url("**/desk")
    return page


def test_forty_rows_fit_and_the_head_stays_in_view(desk: Page) -> None:
    for path in ("/desk", "/desk/orders"):
        desk.goto(path)
        desk.evaluate("document.fonts.ready.then(() => 1)")
        assert desk.locator("main tbody tr").count() >= 40, path

        assert desk.evaluate(IN_VIEW) >= 40, path
        assert desk.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], path
        desk.mouse.wheel(0, 300)
        desk.wait_for_function("scrollY > 100")
        assert desk.evaluate(HEAD), path


def late(route: Route) -> None:
    time.sleep(0.5)
    route.continue_()


def test_nothing_jumps_while_a_page_of_the_desk_opens_on_a_phone(desk: Page) -> None:
    """What the script shows (the keys) has its place from the first moment on."""
    desk.set_viewport_size(PHONE)
    desk.route("**/desk.js*", late)
    for path in ("/desk", "/desk/transfers/1"):
        desk.goto(path)
        expect(desk.locator(".keys-button")).to_be_visible()
        desk.wait_for_function("!document.querySelector('.keys-button').hidden")

        assert desk.evaluate(JUMPS) < 0.02, path
