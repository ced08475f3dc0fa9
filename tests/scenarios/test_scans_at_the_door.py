"""A courier scans: the card of the stop comes up, or a refusal. Labels are read as pictures, one by the camera."""

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.live import launched
from tests.scenarios.road import deliver, phone, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("templates", ["sqlite"], indirect=True)]

REFUSED = {
    "not paid": "Chưa thanh toán: không giao.",
    "cancelled": "Đã hủy: không giao.",
    "other ward": "Khác phường: đơn này giao đến Bình An.",
    "another supplier's": "Đơn này do nhà cung cấp khác giao",
}


@pytest.fixture
def labelled(tmp_path):
    """A code as a phone photographs it."""

    def label(text):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.png"
        segno.make(text, micro=False).save(str(path), scale=8, border=6)
        return path

    return label


def opened(browser, way, **more):
    context = phone(browser, way)
    page = signed_in(context, **more)
    page.goto(f"/courier/runs/{way.run}")
    expect(page.locator("[data-from-photo][hidden]")).to_have_count(0)
    return page


def scan(page, picture):
    page.locator("#code-photo").set_input_files(picture)
    expect(page.locator("[data-verdict]")).to_be_visible()
    return page.locator("[data-verdict]")


def deliver_and_send(page, code):
    deliver(page, code)
    expect(page.locator(f"[data-code={code}]")).to_have_attribute("data-left", "no")
    expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")


def test_each_scan_gets_its_card_or_its_refusal(way, labelled):
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = opened(browser, way)

        verdict = scan(page, labelled(way.codes[1]))
        expect(verdict).to_contain_text("giao được")
        expect(page.locator(f"[data-code={way.codes[1]}] [data-tell=delivered]")).to_be_visible()
        for why, words in REFUSED.items():
            page.reload()
            verdict = scan(page, labelled(way.strangers[why]))
            expect(verdict).to_contain_text(words)
            expect(verdict).to_have_class("verdict verdict--bad")
        deliver_and_send(page, way.codes[0])
        page.reload()
        verdict = scan(page, labelled(way.codes[0]))
        expect(verdict).to_contain_text("Đã giao")
        expect(verdict).to_have_class("verdict verdict--bad")
        expect(verdict).to_contain_text("Nhân viên giao.an")
        page.reload()
        expect(scan(page, labelled("https://example.com/"))).to_contain_text("không phải mã của chương trình")
        page.locator("summary", has_text="Gõ mã").click()
        page.locator("#typed-code").fill(way.codes[2].lower())
        page.locator("[data-typed] button").click()
        expect(page.locator("[data-verdict]")).to_contain_text(f"{way.codes[2]}: Đã thanh toán")
        browser.close()


def test_without_a_connection_what_is_in_the_run_is_known_and_what_is_not_is_not_handed_over(way, labelled):
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = opened(browser, way)
        expect(page.locator("[data-kept]")).to_contain_text("lưu trên máy", timeout=30_000)
        deliver_and_send(page, way.codes[0])
        way.close()
        page.context.set_offline(True)
        page.reload()

        expect(scan(page, labelled(way.codes[1]))).to_contain_text("giao được")
        expect(scan(page, labelled(way.strangers["not paid"]))).to_contain_text("đừng giao")
        refused = scan(page, labelled(way.codes[0]))
        expect(refused).to_contain_text("Đã giao")
        expect(refused).to_have_class("verdict verdict--bad")
        expect(page.locator(f"[data-code={way.codes[0]}]")).to_have_attribute("data-left", "no")
        browser.close()


def _film(picture, path, *, width=640, height=480):
    """A film of one picture, as Chromium's made-up camera plays it (YUV4MPEG2)."""
    still = Image.new("L", (width, height), 255)
    still.paste(Image.open(picture).convert("L").resize((400, 400), Image.Resampling.NEAREST), (120, 40))
    grey = bytes([128]) * (width * height // 2)
    frame = b"FRAME\n" + still.tobytes() + grey
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)


def test_the_camera_reads_a_label(way, labelled, tmp_path):
    film = tmp_path / "camera.y4m"
    _film(labelled(way.codes[2]), film)
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    with sync_playwright() as playwright:
        browser = launched(playwright, *camera, f"--use-file-for-fake-video-capture={film}")
        page = opened(browser, way)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

        page.locator("[data-scan]").click()

        expect(page.locator("[data-verdict]")).to_contain_text(f"{way.codes[2]}: Đã thanh toán", timeout=30_000)
        expect(page.locator("[data-scanner]")).to_be_hidden()
        assert complaints == []
        browser.close()


def test_what_the_server_does_not_take_stays_on_the_phone_and_says_why(way, labelled, tmp_path):
    """A photo that the browser cannot read is told at once; what only the server refuses comes back with words."""
    heic = tmp_path / "door.heic"
    heic.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 200)
    with sync_playwright() as playwright:
        browser = launched(playwright)
        page = opened(browser, way)
        at = page.locator(f"[data-code={way.codes[0]}]")
        at.locator("summary").first.click()
        at.locator("[name=photo]").set_input_files(heic)
        expect(at.locator("[data-wrong]")).to_contain_text("Máy không đọc được ảnh này")
        page.route(
            "**/courier/parcels/*",
            lambda route: route.fulfill(
                status=422, content_type="application/json", body='{"errors": {"photo": "Ảnh này hỏng."}}'
            ),
        )
        at.locator("[name=witness]").fill("Bà Tư")
        at.locator("[data-tell=delivered] button").click()

        expect(page.locator("[data-refused]")).to_contain_text("Ảnh này hỏng.")
        expect(at).to_have_attribute("data-left", "yes")
        page.unroute("**/courier/parcels/*")
        page.get_by_role("button", name="Báo lại").click()
        at.locator("[name=witness]").fill("Bà Tư")
        at.locator("[data-tell=delivered] button").click()
        expect(at).to_have_attribute("data-left", "no")
        expect(page.locator("[data-run]")).to_have_attribute("data-waiting", "0")
        browser.close()
    assert way.rows("SELECT count(*) FROM door_events") == [(1,)]
