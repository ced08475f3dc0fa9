"""The main job on a phone whose browser runs no script: from the shop to the door, and what each of the three sees."""

import csv
import io
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kernel import clock
from kernel.money import parse_dong
from tests.bank import agribank_csv
from tests.live import PHONE, Live

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["postgresql"], indirect=True)]

NAME, ADDRESS = "Nguyễn Thị Ngọc Ánh", "12/3 Lý Thường Kiệt, KP Thống Nhất 1"


@pytest.fixture
def visitors(browser: Browser, live_server: Live):
    """Pages of people apart, none of whom runs scripts; a complaint on any console fails the test at its end."""
    complaints: list[str] = []
    opened: list[BrowserContext] = []

    def hear(message) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def visit() -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport=PHONE, java_script_enabled=False, accept_downloads=True
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield visit
    for context in opened:
        context.close()
    assert complaints == []


def send(page: Page, action: str) -> None:
    """Press the button of the form that posts to an address that ends so."""
    page.locator(f'form[action$="{action}"] button').first.click()


def order(resident: Page) -> tuple[str, int]:
    """Shop, basket, checkout; the memo and the sum that the order's page asks for."""
    resident.goto("/combos/C02")
    send(resident, "/basket/add")
    resident.goto("/checkout")
    resident.locator("#name").fill(NAME)
    resident.locator("#phone").fill("+84 912 345 678")
    resident.locator("#ward").select_option(label="Dĩ An")
    resident.locator("#address").fill(ADDRESS)
    resident.locator("input[name=round]").first.check()
    resident.locator("#consent").check()
    resident.locator("main form[method=post]").last.locator("button").last.click()
    expect(resident).to_have_url(re.compile("/o/"))
    asked, *_others = re.findall(r"([\d.]+)\s₫", resident.locator("main").inner_text())
    return resident.locator("#memo").inner_text().strip(), parse_dong(asked)


def track(resident: Page, *, code: str, last4: str) -> None:
    """The order found again by its code in another tab, by somebody who has lost its link."""
    tab = resident.context.new_page()
    tab.goto("/")
    tab.locator('a[href$="/track"]').click()
    tab.locator("#code").fill(code)
    tab.locator("#last4").fill(last4)
    tab.locator("main form button").click()
    expect(tab.locator("#found")).to_contain_text(code)
    expect(tab.locator(".stages .is-done").first).to_be_visible()
    tab.close()


def sign_in(page: Page, live: Live, username: str) -> None:
    page.goto("/sign-in")
    page.locator("#username").fill(username)
    page.locator("#password").fill(next(a["password"] for a in live.city.accounts if a["username"] == username))
    page.locator("main form button").click()


def book(clerk: Page, memo: str, amount: int) -> None:
    """Upload Agribank's statement, look at it, book it."""
    content = agribank_csv((clock.today(), amount, memo), (clock.today(), 70_000, "thanh toan tien dien"))
    clerk.goto("/desk/statements")
    clerk.locator("input[type=file]").set_input_files(
        {"name": "agribank.csv", "mimeType": "text/csv", "buffer": content}
    )
    clerk.locator("main form[enctype] button").click()
    expect(clerk.get_by_text(memo)).to_be_visible()
    send(clerk, "/book")


def until(page: Page, condition) -> None:
    """Load the page again, as somebody without scripts does, until the worker has done its part."""
    for _time in range(120):
        if condition():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{page.url} did not come to it:\n{page.locator('main').inner_text()}")


def dispatch(clerk: Page) -> str:
    """Send the round before its time, with a reason; the number of the vegetables' manifest."""
    clerk.goto("/desk/rounds")
    clerk.locator('main a[href$="/desk/rounds/1"]').click()
    send(clerk, "/dispatch")
    expect(clerk.locator('main a[href*="-RAU-"]')).to_have_count(0)  # not without a reason
    clerk.go_back()
    clerk.locator("#because").fill("the market closes early")
    send(clerk, "/dispatch")
    return clerk.locator('main a[href*="-RAU-"]').inner_text()


def fetch(page: Page, ending: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f'main a[href$="{ending}"]').click()
    return download.value.path().read_bytes()


def labels(page: Page) -> bytes:
    manifest, done = page.url, page.get_by_role("link", name="Nhãn đã sẵn sàng: tải về")
    page.locator('main a[href$="size=a4"]').click()
    until(page, lambda: done.count() == 1)
    with page.expect_download() as download:
        done.click()
    page.goto(manifest)
    return download.value.path().read_bytes()


def test_from_the_shop_to_the_door_without_a_script(visitors, live_server: Live) -> None:
    resident, clerk, supplier = visitors(), visitors(), visitors()
    memo, amount = order(resident)
    assert memo.endswith("0912345678")

    sign_in(clerk, live_server, "kinhte1")
    book(clerk, memo, amount)
    until(resident, lambda: resident.locator("#memo").count() == 0)
    track(resident, code=memo.split()[0], last4="5678")
    clerk.goto("/desk")
    expect(clerk.get_by_text("thanh toan tien dien")).to_be_visible()
    number = dispatch(clerk)

    sign_in(supplier, live_server, "rau")
    supplier.get_by_role("link", name=number, exact=True).click()
    expect(supplier.get_by_role("heading", name=ADDRESS)).to_be_visible()
    rows = list(csv.reader(io.StringIO(fetch(supplier, ".csv").decode("utf-8-sig"))))
    until(supplier, lambda: supplier.get_by_role("link", name="Tải bản in (PDF)").count() == 1)
    assert fetch(supplier, ".pdf").startswith(b"%PDF-")
    assert labels(supplier).startswith(b"%PDF-")
    assert [row[0] for row in rows[1:]] == ["1", "SHA-256"]
    assert {memo.split()[0], NAME, ADDRESS} <= set(rows[1])

    supplier.locator("details summary").first.click()
    supplier.locator("input[name=because]").fill("không có ai ở nhà")
    supplier.locator('form:has(input[value="failed"]) button').click()
    resident.reload()
    expect(resident.get_by_text("không có ai ở nhà")).to_be_visible()
    supplier.locator('form:has(input[value="delivered"]) button').click()
    resident.reload()
    expect(resident.get_by_role("listitem").filter(has_text=re.compile(r"Đã giao\b"))).to_be_visible()
