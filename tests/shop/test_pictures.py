"""A combo's picture: what is kept of an upload, who gets to see it, and what is said of a file that is not taken."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from kernel import images, sandbox
from kernel import photos as uploads
from kernel.photos import PictureFault
from shop.pictures import keep, remove
from tests import make
from tests.kernel import photos
from tests.pages import Page

SVG = "{http://www.w3.org/2000/svg}"


def upload(content: bytes, name: str = "combo.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_a_kept_picture_is_shown_in_the_shop_and_large_on_its_own_page(session, client):
    combo, drawn = make.combo(), make.combo()

    keep(session, combo, upload(photos.photo()))

    shop, page = Page(client.get("/")), Page(client.get(f"/combos/{combo.code}"))
    (small,), (large,) = shop.all("img", loading="lazy"), page.all("img", width="800")
    assert small.get("alt") == large.get("alt") == ""
    assert [svg for svg in shop.all(f"{SVG}svg") if "tile" in svg.get("class", "")], "the other combo is drawn"
    assert "photo" not in Page(client.get(f"/combos/{drawn.code}")).text()
    for address, width in ((small.get("src"), 320), (large.get("src"), 800)):
        answer = client.get(address)
        assert answer.mimetype == "image/webp"
        assert Image.open(io.BytesIO(answer.data)).width == width


def test_a_picture_may_be_kept_by_browsers_for_a_year_and_is_never_taken_for_something_else(session, client):
    combo = make.combo()
    keep(session, combo, upload(photos.photo()))

    answer = client.get(f"/pictures/{combo.picture}/320.webp")

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert len(answer.data) <= 12_000


def test_another_picture_has_another_address_and_the_former_is_gone(session, client):
    combo = make.combo()
    keep(session, combo, upload(photos.photo()))
    former = combo.picture

    keep(session, combo, upload(photos.photo(1000, 800)))

    assert combo.picture != former
    assert client.get(f"/pictures/{former}/320.webp").status_code == 404
    assert client.get(f"/pictures/{combo.picture}/320.webp").status_code == 200


def test_a_removed_picture_is_handed_out_no_more_and_the_goods_are_drawn_again(session, client):
    combo = make.combo()
    keep(session, combo, upload(photos.photo()))
    key = combo.picture

    remove(session, combo)

    assert client.get(f"/pictures/{key}/320.webp").status_code == 404
    assert [svg for svg in Page(client.get("/")).all(f"{SVG}svg") if "tile" in svg.get("class", "")]


@pytest.mark.parametrize("address", ["x/320", "../320", "{key}/321", "{key}/0", "{upper}/320", "{key}0/320"])
def test_no_other_address_leads_to_a_file(session, client, address):
    combo = make.combo()
    keep(session, combo, upload(photos.photo()))
    key = combo.picture or ""

    assert client.get(f"/pictures/{address.format(key=key, upper=key.upper())}.webp").status_code == 404


SAID = {
    "drawing": "SVG",
    "heic": "HEIC",
    "disguised": "Something else is hidden",
    "too many pixels": "too many pixels",
    "too small": "too small",
    "damaged": "damaged or not complete",
    "no photo": "no photo",
}


@pytest.mark.parametrize("kind", photos.HOSTILE)
def test_a_file_that_is_not_taken_is_told_in_words_and_changes_nothing(session, kind):
    combo = make.combo()
    keep(session, combo, upload(photos.photo()))
    before = combo.picture

    with pytest.raises(PictureFault, match=SAID[kind]):
        keep(session, combo, upload(photos.HOSTILE[kind]()))

    assert combo.picture == before


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"\xff\xd8" * 12_000_000, "larger than 12 MB")])
def test_nothing_and_too_much_are_refused_before_anything_is_read(session, monkeypatch, content, said):
    monkeypatch.setattr(uploads, "run_limited", None)

    with pytest.raises(PictureFault, match=said):
        keep(session, make.combo(), upload(content))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (sandbox.TooMuchMemory, "too many pixels"),
        (sandbox.TooSlow, "too long"),
        (sandbox.Crashed, "damaged"),
        (sandbox.TooMuchAnswer, "damaged"),
    ],
)
def test_a_child_that_fails_is_told_in_words_too(session, monkeypatch, fault, said):
    def fail(*_arguments, **_limits):
        raise fault("", "")

    monkeypatch.setattr(uploads, "run_limited", fail)

    with pytest.raises(PictureFault, match=said):
        keep(session, make.combo(), upload(photos.photo()))


def test_the_largest_photo_that_is_taken_fits_into_the_sandboxs_memory(session):
    side = int(images.MOST_PIXELS**0.5)
    out = io.BytesIO()
    Image.new("RGB", (side, side), "green").save(out, "PNG", compress_level=1)

    keep(session, make.combo(), upload(out.getvalue()))
