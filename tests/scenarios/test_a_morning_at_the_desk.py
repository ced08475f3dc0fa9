"""A clerk's morning by the keyboard alone: accept, set aside, split, undo, next; in a field they only type."""

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kernel import clock
from kernel.settings import Settings
from orders.reference import check_symbol
from tests.bank import agribank_csv
from tests.live import City, Live

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

LAN, HUNG, MAI, SON = (f"DC{body}{check_symbol(body)}" for body in ("AAAAAA", "BBBBBB", "CCCCCC", "EEEEEE"))
ORDERS = [
    (LAN, "Nguyễn Thị Lan", "0912000001", 317_000),
    (HUNG, "Trần Văn Hùng", "0912000002", 200_000),
    (MAI, "Lê Thị Mai", "0912000003", 150_000),
    (SON, "Phạm Ngọc Sơn", "0912000004", 100_000),
]
MONEY = [(317_000, "nguyen thi lan"), (900_000, "tien dien"), (300_000, "hung va son"), (150_000, "le thi mai")]


@pytest.fixture
def waiting(demo_city: City, flask, tmp_path: Path) -> City:
    """A city with four orders, and four payments that no code names."""
    placed, heading = clock.now() - timedelta(hours=3), "code name phone ward total placed_at expires_at status".split()
    times = [placed.isoformat(), (placed + timedelta(days=2)).isoformat(), "awaiting_payment"]
    with (tmp_path / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *([*who, "Dĩ An", total, *times] for *who, total in ORDERS)])
    (tmp_path / "agribank.csv").write_bytes(agribank_csv(*((clock.today(), amount, memo) for amount, memo in MONEY)))
    flask(
        Settings(instance=demo_city.instance, database_url=demo_city.database, secret_key="test"),
        ["orders", "import", str(tmp_path / "orders.csv")],
        ["payments", "import", str(tmp_path / "agribank.csv")],
    )
    return demo_city


@pytest.fixture
def clerk(waiting: City, browser_page: Page) -> Page:
    sign_in(browser_page, waiting)
    return browser_page


def sign_in(page: Page, city: City) -> None:
    page.goto("/sign-in")
    page.locator("#username").fill("kinhte1")
    page.locator("#password").fill(next(a["password"] for a in city.accounts if a["username"] == "kinhte1"))
    page.locator("main form button").click()


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def at(page: Page, place: str) -> None:
    expect(page).to_have_url(re.compile(f"{place}$"))


def paid(city: City) -> list[tuple[int, str, int]]:
    """(transfer, order's code, đồng) of what stands."""
    asked = (
        "SELECT a.transfer_id, o.code, SUM(a.amount) FROM allocations a JOIN orders o ON o.id = a.order_id"
        " GROUP BY a.transfer_id, o.code HAVING SUM(a.amount) > 0 ORDER BY a.transfer_id, o.code"
    )
    with city.session() as session:
        return [tuple(row) for row in session.connection().exec_driver_sql(asked)]


def test_the_keyboard_does_it_all(waiting: City, clerk: Page) -> None:
    at(clerk, "/desk")
    keys(clerk, "ArrowDown", "j", "k", "Enter")
    at(clerk, "/transfers/1")

    keys(clerk, "ArrowDown", "c")
    at(clerk, "/transfers/2")
    expect(clerk.get_by_role("status")).to_contain_text(LAN)

    keys(clerk, "d")
    clerk.keyboard.type("nothing ordered: c t d h n p l z ?")
    at(clerk, "/transfers/2")
    expect(clerk.locator("#aside-because")).to_have_value("nothing ordered: c t d h n p l z ?")
    keys(clerk, "Enter")
    at(clerk, "/transfers/3")

    keys(clerk, "t")
    clerk.keyboard.type(f"{HUNG} 200.000\n{SON} 100.000")
    keys(clerk, "Tab")
    clerk.keyboard.type("she said so")
    keys(clerk, "Enter")
    at(clerk, "/transfers/4")

    keys(clerk, "ArrowDown", "c")
    at(clerk, "/desk")
    keys(clerk, "z")
    at(clerk, "/transfers/4")
    keys(clerk, "ArrowDown", "c")
    at(clerk, "/desk")
    assert paid(waiting) == [(1, LAN, 317_000), (3, HUNG, 200_000), (3, SON, 100_000), (4, MAI, 150_000)]

    clerk.goto("/desk/transfers/1")
    keys(clerk, "h")
    clerk.keyboard.type("it was her sister")
    keys(clerk, "Enter")
    expect(clerk.get_by_role("radio").first).to_be_visible()
    assert [transfer for transfer, _code, _amount in paid(waiting)] == [3, 3, 4]


def test_keys_wait_while_something_else_has_them(clerk: Page) -> None:
    clerk.goto("/desk/transfers/1")
    keys(clerk, "?")
    expect(clerk.get_by_role("dialog")).to_be_visible()
    keys(clerk, "n", "d")
    at(clerk, "/transfers/1")
    keys(clerk, "Escape")
    expect(clerk.get_by_role("dialog")).to_be_hidden()

    keys(clerk, "Alt+d", "Control+Shift+t", "Shift+D")
    expect(clerk.locator("#aside-because")).to_be_hidden()
    clerk.locator("#code").focus()
    keys(clerk, "n", "c")
    at(clerk, "/transfers/1")
    expect(clerk.locator("#code")).to_have_value("nc")

    keys(clerk, "Escape", "n")
    at(clerk, "/transfers/2")
    keys(clerk, "p")
    at(clerk, "/transfers/1")
    keys(clerk, "l")
    at(clerk, "/desk")


def test_a_key_held_down_decides_nothing_twice(waiting: City, clerk: Page) -> None:
    clerk.goto("/desk/transfers/1")
    keys(clerk, "ArrowDown")
    for _repeated in range(5):
        clerk.keyboard.down("c")

    at(clerk, "/transfers/2")
    clerk.keyboard.up("c")
    expect(clerk.get_by_role("status")).to_contain_text(LAN)
    assert [code for _transfer, code, _amount in paid(waiting)] == [LAN]


def test_without_a_script_it_goes_by_buttons_and_no_key_is_promised(
    waiting: City, browser: Browser, live_server: Live
) -> None:
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    sign_in(page, waiting)
    page.goto("/desk/transfers/1")

    expect(page.locator("kbd:visible, .keys-button:visible")).to_have_count(0)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Khớp", exact=True).click()
    at(page, "/transfers/2")
    page.get_by_role("status").get_by_role("button").click()
    at(page, "/transfers/1")
    assert paid(waiting) == []
