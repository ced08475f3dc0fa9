"""The guide: three steps, the questions, the hotline; a QR where the shop has a public address."""

from dataclasses import replace

from app import create_app
from tests.pages import Page


def test_it_has_three_steps_and_the_hotline(client, session):
    page = Page(client.get("/guide"))
    assert len(page.all("li", **{"class": "step"})) == 3
    assert "1022" in page.text()
    assert "QR" not in " ".join(image.get("alt", "") for image in page.all("img"))


def test_with_a_public_address_it_carries_a_qr_to_the_shop(app, session):
    settings = replace(app.extensions["settings"], public_url="https://dichothay.example.vn")
    page = create_app(settings).test_client().get("/guide").text
    assert 'src="data:image/svg+xml' in page
    assert "<figcaption>dichothay.example.vn" in page
