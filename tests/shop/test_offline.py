"""What makes the shop installable, and the page that a phone keeps for when it is away."""

import io
import json
import re

import pytest
from PIL import Image

from kernel.settings import ROOT
from tests import make
from tests.pages import Page

STATIC = ROOT / "static"
MANIFEST = json.loads((STATIC / "manifest.webmanifest").read_text(encoding="utf-8"))


def worker(client, path: str = "/") -> str | None:
    """The address of the service worker that a page brings."""
    (body,) = Page(client.get(path)).all("body")
    return body.get("data-worker")


def test_the_manifest_has_what_browsers_want_before_they_offer_to_install(client):
    page = Page(client.get("/"))
    (link,) = page.all("link", rel="manifest")

    answer = client.get(link.get("href"))

    assert answer.mimetype == "application/manifest+json"
    kept = answer.get_json(force=True)
    assert (kept["name"], kept["short_name"]) == ("Đi Chợ Thay", "Đi Chợ Thay")
    assert (kept["id"], kept["start_url"], kept["scope"], kept["display"]) == ("/", "/", "/", "standalone")
    assert kept["lang"] == "vi"
    assert kept["theme_color"] == page.all("meta", name="theme-color")[0].get("content")
    assert {(icon["sizes"], icon["purpose"]) for icon in kept["icons"]} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


@pytest.mark.parametrize("icon", MANIFEST["icons"], ids=lambda icon: icon["src"])
def test_an_icon_is_what_the_manifest_says(client, icon):
    answer = client.get(icon["src"])

    picture = Image.open(io.BytesIO(answer.data))
    assert (answer.mimetype, picture.format) == (icon["type"], "PNG")
    assert "{}x{}".format(*picture.size) == icon["sizes"]


def test_a_maskable_icon_has_its_ground_up_to_the_edge():
    picture = Image.open(STATIC / "icons" / "maskable-512.png").convert("RGBA")

    corners = [picture.getpixel(corner) for corner in ((0, 0), (511, 0), (0, 511), (511, 511))]
    assert len(set(corners)) == 1
    assert corners[0] == pytest.approx((28, 107, 60, 255), abs=2)


def test_shortcuts_lead_somewhere(client):
    assert {client.get(each["url"]).status_code for each in MANIFEST["shortcuts"]} == {200}


def test_the_worker_stands_at_the_root_and_is_asked_for_anew_when_it_changes(client):
    address = worker(client) or ""

    answer = client.get(address)

    assert re.fullmatch(r"/sw\.js\?v=[0-9a-f]{12}&lang=en", address)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache" or "max-age=86400" in answer.headers["Cache-Control"]


def test_another_language_has_another_worker_and_so_a_page_of_its_own(client):
    english = worker(client)
    client.set_cookie("language", "vi")

    assert worker(client) != english


def test_the_offline_page_is_the_same_for_everybody(client):
    before = client.get("/offline").text
    client.post("/basket/add", data={"combo": make.combo().code})
    make.signed_in(client)

    after = client.get("/offline").text

    assert re.sub(r'nonce="[^"]*"', "", before) == re.sub(r'nonce="[^"]*"', "", after)
    assert not Page(client.get("/offline")).all("form")


def test_a_resident_s_order_is_offered_to_the_phone_and_a_clerk_s_look_at_it_is_not(client):
    order = make.order()
    make.bank_account()
    assert [e for e in Page(client.get(f"/o/{order.token}")).root.iter() if "data-keep" in e.attrib]

    make.signed_in(client)

    assert not [e for e in Page(client.get(f"/o/{order.token}")).root.iter() if "data-keep" in e.attrib]


@pytest.mark.parametrize("path", ["/desk", "/desk/orders", "/desk/statements"])
def test_the_desks_pages_bring_no_worker(client, path):
    make.signed_in(client)

    assert worker(client, path) is None
