"""The README's five minutes, in its own words: what a newcomer is told to press is there, and leads to a manifest."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from kernel.settings import ROOT, Settings
from tests.live import City, Live
from tests.pictures import Album

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

DESK = ViewportSize(width=1280, height=800)
SAMPLES = ROOT / "tests" / "samples"
FIRST_TO_LEAVE = 60  # orders of the sample that join the tour's own round
NAME = "Trần Thị Minh Anh"


def tour() -> str:
    """The tour's chapter, its lines joined."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    chapter = text.partition("## Five minutes")[2].partition("\n## ")[0]
    return " ".join(chapter.split())


def bold(words: str) -> re.Pattern[str]:
    """``words``, as something on a page begins with them, if the README tells people to look for them."""
    assert f"**{words}" in tour(), words
    return re.compile(f"^\\s*{re.escape(words)}")


def press(page: Page | Locator, words: str) -> None:
    page.get_by_role("button", name=bold(words)).or_(page.get_by_role("link", name=bold(words))).first.click()


@pytest.fixture
def clerk(browser_page: Page, live_server: Live) -> Page:
    """A second tab, on the office's screen."""
    page = browser_page.context.new_page()
    page.set_viewport_size(DESK)
    return page


@pytest.fixture
def busy_city(album: Album, demo_city: City, flask, tmp_path: Path) -> None:
    """For the pictures: the sample's city has moved in, and its banks have told of its payments."""
    if album.folder is None:
        return
    with (SAMPLES / "corpus" / "orders.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    parts = {"first.csv": rows[:FIRST_TO_LEAVE], "rest.csv": rows[FIRST_TO_LEAVE:]}
    for name, part in parts.items():
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *part])
    with demo_city.session() as session:
        second = session.connection().exec_driver_sql("SELECT name FROM rounds ORDER BY delivery_on LIMIT 1 OFFSET 1")
        later = str(second.scalar_one())
    flask(
        Settings(instance=demo_city.instance, database_url=demo_city.database, secret_key="test"),
        ["orders", "import", str(tmp_path / "first.csv")],
        ["orders", "import", str(tmp_path / "rest.csv"), "--round", later],
        *(["payments", "import", str(SAMPLES / "statements" / name)] for name in ("vietcombank.xlsx", "agribank.csv")),
    )


def sign_in(page: Page, city: City, username: str) -> None:
    assert f"**{username}**" in tour()
    page.goto("/sign-in")
    page.locator("#username").fill(username)
    page.locator("#password").fill(next(a["password"] for a in city.accounts if a["username"] == username))
    page.get_by_role("button", name="Đăng nhập").click()


def order(resident: Page, album: Album) -> str:
    """Steps 1 and 2; the memo."""
    resident.goto("/")
    album.take(resident, "shop")
    assert "“Rau củ 5 món”" in tour()
    resident.get_by_role("button", name=re.compile(r"Thêm vào giỏ.*Rau củ 5 món", re.DOTALL)).click()
    press(resident, "Tiếp tục: thông tin giao hàng")
    resident.locator("#name").fill(NAME)
    resident.locator("#phone").fill("0912 345 678")
    resident.locator("#ward").select_option(label="Dĩ An")
    resident.locator("#address").fill("27/4 Trần Hưng Đạo, KP Nhị Đồng")
    resident.get_by_role("radio").first.check()
    resident.get_by_role("checkbox").check()
    press(resident, "Đặt hàng")
    expect(resident.get_by_text(bold("Nội dung chuyển khoản")).first).to_be_visible()
    album.take(resident, "order")
    return resident.locator("#memo").inner_text().strip()


def play_bank(memo: str, path: Path) -> None:
    """Step 3, as `make payment` does it."""
    command = [sys.executable, "-m", "bin.play_bank", memo, "130000", "--out", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)


def book(clerk: Page, statement: Path) -> None:
    """Step 4."""
    press(clerk, "Sao kê")
    clerk.locator("input[type=file]").set_input_files(statement)
    press(clerk, "Đọc thử, chưa ghi sổ")
    press(clerk, "Ghi sổ 2 dòng mới")
    expect(clerk.get_by_text("Đã ghi sổ", exact=True)).to_be_visible(timeout=60_000)


def reload_until(page: Page, words: re.Pattern[str]) -> None:
    """Matching follows booking, and takes its time in a busy city."""
    for _ in range(120):
        page.reload()
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{words.pattern} did not come")


def set_the_donation_aside(clerk: Page, album: Album) -> None:
    """The rest of step 5."""
    press(clerk, "Đối soát")
    if album.folder:  # among a whole city's payments the donation stands on another page
        clerk.get_by_role("link", name=re.compile("Cần quyết định")).click()
        album.take(clerk, "desk")
        return
    clerk.locator("td.memo a").first.click()
    clerk.get_by_text(bold("Không phải tiền đặt hàng: để riêng")).click()
    clerk.locator("#aside-because").fill("a donation")
    clerk.get_by_role("button", name="Để riêng").click()
    press(clerk, "Đối soát")
    expect(clerk.locator("td.memo")).to_have_count(0)


def dispatch(clerk: Page) -> None:
    """Step 6."""
    press(clerk, "Đợt giao")
    clerk.locator('main a[href$="/desk/rounds/1"]').click()
    clerk.locator("#because").fill("trying it out")
    press(clerk, "Vẫn chuyển đơn")
    expect(clerk.get_by_role("link", name=re.compile(r"^\d+-RAU-1$"))).to_be_visible()


def hand_out(supplier: Page, album: Album, folder: Path) -> bytes:
    """Step 7; the PDF."""
    supplier.get_by_role("link", name=re.compile(r"^\d+-RAU-1$")).click()
    with supplier.expect_download() as download:
        press(supplier, "Tải bản in (PDF)")
    download.value.save_as(folder / "manifest.pdf")
    album.take_paper(folder / "manifest.pdf", "manifest")
    press(supplier, "Chuyến của các đội")
    press(supplier, "Chia điểm giao")
    expect(supplier.get_by_role("heading", name=re.compile(r"^\d+-RAU-1-C1$"))).to_be_visible(timeout=60_000)
    return (folder / "manifest.pdf").read_bytes()


def bring(courier: Page, album: Album) -> None:
    """Step 8."""
    courier.get_by_role("link", name=re.compile(r"^\d+-RAU-1-C\d+$")).first.click()
    stop = courier.locator("article", has_text=NAME)
    expect(stop).to_be_visible()
    album.take(courier, "courier")
    stop.locator("summary").filter(has_text="Đã giao").click()
    stop.locator("[name=witness]").fill("Bà Tư, tổ trưởng")
    stop.get_by_role("button", name=bold("Lưu: đã giao")).click()
    expect(stop).to_have_attribute("data-left", "no")
    expect(courier.locator("[data-run]")).to_have_attribute("data-waiting", "0")


def test_the_tour_leads_from_the_shop_to_a_manifest(
    busy_city: None, live_server: Live, browser_page: Page, clerk: Page, album: Album, tmp_path: Path
) -> None:
    resident, city = browser_page, live_server.city
    play_bank(order(resident, album), tmp_path / "statement.xlsx")
    sign_in(clerk, city, "kinhte1")
    book(clerk, tmp_path / "statement.xlsx")
    reload_until(resident, bold("Đã thanh toán"))
    set_the_donation_aside(clerk, album)

    dispatch(clerk)
    press(clerk, "Đăng xuất")
    sign_in(clerk, city, "rau")
    pdf = hand_out(clerk, album, tmp_path)
    press(clerk, "Đăng xuất")
    courier = resident.context.new_page()
    sign_in(courier, city, "giao1")
    bring(courier, album)

    assert pdf.startswith(b"%PDF-")
    resident.reload()
    expect(resident.get_by_role("listitem").filter(has_text=re.compile(r"Đã giao\b"))).to_be_visible()
