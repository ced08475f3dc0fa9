"""Texts travel gzipped, whole and unguessable; everything else as it is."""

import gzip

import pytest
from flask import Flask, Response

from kernel import compress
from tests import make

READS_GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def bare() -> Flask:
    """An app that does nothing but compress."""
    app = Flask("bare", static_folder=None)
    compress.install(app)
    return app


def test_a_page_arrives_gzipped_and_whole(client):
    plain = client.get("/track")

    packed = client.get("/track", headers=READS_GZIP)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) * 0.6
    assert gzip.decompress(packed.data).decode().count("<h1>") == 1


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "*;q=0"])
def test_whoever_cannot_read_gzip_gets_plain_text(client, accepted):
    answer = client.get("/track", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert "<h1>" in answer.text


def test_the_stylesheet_is_compressed_and_a_browser_that_has_it_is_told_so(client):
    first = client.get("/static/app.css", headers=READS_GZIP)

    again = client.get("/static/app.css", headers={**READS_GZIP, "If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.data) == client.get("/static/app.css").data
    assert (again.status_code, again.data) == (304, b"")


def test_a_piece_of_a_file_is_sent_as_it_is(client):
    answer = client.get("/static/app.css", headers={**READS_GZIP, "Range": "bytes=0-499"})

    assert (answer.status_code, len(answer.data)) == (206, 500)
    assert "Content-Encoding" not in answer.headers


def test_fonts_and_pictures_are_not_squeezed_twice(client):
    order = make.order()
    make.bank_account()

    for path in (f"/o/{order.token}/qr.png", "/static/vendor/be-vietnam-pro/be-vietnam-pro-400.woff2"):
        assert "Content-Encoding" not in client.get(path, headers=READS_GZIP).headers


def test_a_short_answer_stays_as_it_is(bare: Flask):
    bare.add_url_rule("/", view_func=lambda: Response("ok", mimetype="text/plain"))

    assert bare.test_client().get("/", headers=READS_GZIP).data == b"ok"


def test_what_comes_piece_by_piece_is_not_gathered(bare: Flask):
    bare.add_url_rule("/", view_func=lambda: Response((b"x" * 500 for _ in range(3)), mimetype="text/csv"))

    assert bare.test_client().get("/", headers=READS_GZIP).data == b"x" * 1500


def test_a_head_request_has_no_body(client):
    assert client.head("/track", headers=READS_GZIP).data == b""


def test_the_length_of_a_page_tells_nothing_of_what_is_in_it():
    lengths = {len(compress.padded(b"a page with a secret " * 40)) for _time in range(200)}

    assert len(lengths) > 40
    assert max(lengths) - min(lengths) <= compress.MOST_PADDING


def test_without_the_padding_the_length_would_tell():
    assert len({len(compress.squeezed(b"a page with a secret " * 40)) for _time in range(50)}) == 1


def test_what_is_padded_is_read_by_every_gzip():
    body = "Đi Chợ Thay ".encode() * 100

    assert {gzip.decompress(compress.padded(body)) for _time in range(50)} == {body}
