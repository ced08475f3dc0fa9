"""The keyboard alone orders, errors and their correction included, and works a day at the desk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kernel import clock
from tests.accessibility.keyboard import Keyboard
from tests.bank import agribank_csv
from tests.live import City, Live

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]


def order(page: Page) -> str:
    """From the shop to the order's page; the memo to pay with."""
    hands = Keyboard(page)
    page.goto("/")
    hands.to("Thêm vào giỏ Rau củ 5 món").go("Space")
    hands.to("Tiếp tục: thông tin giao hàng").go()
    hands.to("Đặt hàng").go()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    hands.to(href="#name").press("Enter", "Tab")  # from the summary to the field: Tab goes on from there
    hands.to(id="name", back=True).type("Trần Thị Bưởi")
    hands.to(id="phone").type("0912 345 67")
    hands.to(id="ward").press("d")  # a list goes to what begins so
    hands.to(id="address").type("12 Lý Thường Kiệt")
    hands.to(id="consent").press("Space")
    hands.to("Đặt hàng").go()
    expect(page).to_have_title(re.compile("^Lỗi: "))
    hands.to(id="phone").press("End").type("8")
    hands.to("Đặt hàng").go()
    expect(page).to_have_url(re.compile("/o/"))
    expect(page.locator("#consent")).to_have_count(0)
    return page.locator("#memo").inner_text().strip()


def test_an_order_with_its_errors(browser_page: Page):
    assert order(browser_page).endswith("0912345678")


@pytest.fixture
def clerk(browser_page: Page, live_server: Live) -> Page:
    page = browser_page.context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def sign_in(hands: Keyboard, city: City) -> None:
    hands.page.goto("/sign-in")
    hands.to(id="username").type("kinhte1")
    hands.to(id="password").type(next(a["password"] for a in city.accounts if a["username"] == "kinhte1"))
    hands.press("Enter")
    expect(hands.page).to_have_url(re.compile("/desk$"))


def book(hands: Keyboard, statement: Path) -> None:
    hands.to("Sao kê").go()
    hands.to(id="file")
    hands.page.locator(":focus").set_input_files(statement)  # the window of the system, which is not ours
    hands.to("Đọc thử, chưa ghi sổ").go()
    hands.to("Ghi sổ").go()
    expect(hands.page.get_by_text("Đã ghi sổ", exact=True)).to_be_visible(timeout=60_000)


def decide(hands: Keyboard, memo: str) -> None:
    """Four payments in the inbox, one after the other: settle, split, set aside; take one back at once."""
    code, page = memo.split(maxsplit=1)[0], hands.page
    hands.to("Đối soát", back=True).go()
    hands.to("Giao dịch 1").go()
    hands.to(id="code").type(code)
    hands.to(id="because").type("bà ấy nói qua điện thoại").go()
    expect(page.get_by_role("status").first).to_contain_text(code)
    hands.to("Hoàn tác", back=True).go()
    hands.to("Chia").press("Enter")
    hands.to(id="shares").type(f"{code} 60.000")
    hands.to(id="split-because").type("mới trả một phần").go()
    expect(page.get_by_role("status").first).to_contain_text("1 đơn hàng")
    hands.to("Không phải tiền đặt hàng").press("Enter")
    hands.to(id="aside-because").type("tiền điện").go()
    hands.to(id="code").type(code)
    hands.to(id="because").type("trả nốt phần còn lại").go()


def dispatch(hands: Keyboard) -> None:
    hands.to("Đợt giao", back=True).go()
    hands.to(href="/desk/rounds/1").go()
    hands.to(id="because").type("chợ đóng cửa sớm")
    hands.to("Vẫn chuyển đơn").go()
    hands.to(href="-RAU-1")


def test_a_day_at_the_desk(browser_page: Page, clerk: Page, live_server: Live, tmp_path: Path):
    memo = order(browser_page)
    money = [(60_000, "tien cho"), (900_000, "tien dien"), (70_000, "tien cho lan 2")]
    (tmp_path / "t9.csv").write_bytes(agribank_csv(*((clock.today(), amount, text) for amount, text in money)))
    hands = Keyboard(clerk)

    sign_in(hands, live_server.city)
    book(hands, tmp_path / "t9.csv")
    decide(hands, memo)
    browser_page.reload()
    expect(browser_page.get_by_role("heading", name="Đã thanh toán")).to_be_visible()

    dispatch(hands)
    hands.to("Đăng xuất").go()
    expect(clerk).to_have_url(re.compile("/sign-in"))
