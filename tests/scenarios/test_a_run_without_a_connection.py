"""A courier opens a run, loses the connection, brings sixty bags with a photo each, and loses the tab on the way.

Back online all of it is in the database once.
"""

import io
from collections import Counter

import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.apps import fresh
from tests.live import launched
from tests.scenarios.road import phone, road, signed_in

pytestmark = pytest.mark.browser

STOPS = 60
GPS = 0x8825
BROUGHT = "SELECT p.state, count(*) FROM run_stops s JOIN parcels p ON p.id = s.parcel_id GROUP BY p.state"


@pytest.fixture
def way(database, settings_for, tmp_path):
    with fresh(settings_for(database)) as app, road(app, database, tmp_path / "files", stops=STOPS) as made:
        yield made


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """As a phone takes it: three million pixels, on its side, with the place where it was taken."""
    picture = Image.effect_noise((2000, 1500), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    path = tmp_path_factory.mktemp("photos") / "door.jpg"
    picture.save(path, "JPEG", quality=92, exif=exif)
    return path


def opened(context, way) -> Page:
    """The run's page, once the phone has it."""
    page = signed_in(context)
    page.locator("main h2 a").click()
    expect(page.locator("[data-kept]")).to_contain_text("lưu trên máy", timeout=30_000)
    return page


def stop(page, code):
    return page.locator(f"[data-code={code}]")


def deliver(page, code, photo):
    at = stop(page, code)
    at.locator("summary", has_text="Đã giao").first.click()
    at.locator("[name=photo]").set_input_files(photo)
    expect(at.locator("[data-photo]")).to_contain_text("KB")
    at.locator("[data-tell=delivered] button").click()
    expect(at).to_have_attribute("data-left", "no")


def fail(page, code):
    at = stop(page, code)
    at.locator("summary", has_text="Chưa giao được").click()
    at.locator("[name=reason]").select_option("absent")
    at.locator("[data-tell=failed] button").click()
    expect(at).to_have_attribute("data-state", "failed")


def test_sixty_stops_without_a_connection_are_told_once_each(way, photo):
    with sync_playwright() as playwright:
        browser = launched(playwright)
        context = phone(browser, way)
        page = opened(context, way)
        way.close()
        context.set_offline(True)

        first, second = way.codes[:30], way.codes[30:]
        for code in first:
            deliver(page, code, photo)
        page.close()  # the tab is lost
        page = context.new_page()
        page.goto(f"/courier/runs/{way.run}")
        expect(page.locator("[data-left-words]")).to_have_text("Còn 30/60")
        expect(page.locator("[data-queue]")).to_contain_text("Chờ gửi: 30")
        fail(page, second[0])  # and brought at a second attempt
        deliver(page, second[1], photo)
        stop(page, second[1]).locator("[data-tell=undone] button").click()  # the wrong door
        expect(stop(page, second[1])).to_have_attribute("data-state", "dispatched")
        for code in second:
            deliver(page, code, photo)
        expect(page.locator("[data-left-words]")).to_have_text("Còn 0/60")

        lost: Counter[str] = Counter()

        def lose(route):
            """The answers to the first few are lost on their way back."""
            answer = route.fetch()
            lost["answers"] += 1
            route.abort() if lost["answers"] in (2, 5) else route.fulfill(response=answer)

        context.route("**/courier/parcels/*", lose)
        way.open()
        context.set_offline(False)
        page.wait_for_selector("[data-waiting='0']", timeout=120_000)
        page.reload()
        expect(page.locator("[data-left-words]")).to_have_text("Còn 0/60")
        browser.close()

    told = way.rows("SELECT kind, outcome, count(*), count(DISTINCT key) FROM door_events GROUP BY kind, outcome")
    assert sorted(told) == [
        ("delivered", "applied", 60, 60),
        ("delivered", "undone", 1, 1),
        ("failed", "applied", 1, 1),
        ("undone", "applied", 1, 1),
    ]
    assert lost["answers"] >= 63 + 2
    assert way.rows(BROUGHT) == [("delivered", 60)]
    kept = list((way.files / "door").iterdir())
    assert len(kept) == 61
    for file in kept:
        picture = Image.open(io.BytesIO(file.read_bytes()))
        assert file.stat().st_size <= 80_000
        assert (picture.format, dict(picture.getexif())) == ("WEBP", {})
        assert picture.height > picture.width, "it stands upright"
