"""Answers gzipped by the program itself: 2G is slow, and a proxy in front of it is not a given."""

from __future__ import annotations

import gzip
import secrets
import zlib
from functools import lru_cache

from flask import Flask, Response, request

LEAST = 400  # bytes; below, the gain is less than the trouble
LEVEL = 6
MOST_PADDING = 100  # bytes
TEXTS = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
_NAMED = 0x08  # the flag of gzip's head that says: a file name follows


def install(app: Flask) -> None:
    """Compress every text that is worth it, for browsers that say that they read gzip."""

    @app.after_request
    def compressed(response: Response) -> Response:
        in_one_piece = not response.is_streamed or response.direct_passthrough
        if response.mimetype in TEXTS and response.status_code == 200 and in_one_piece:
            response.vary.add("Accept-Encoding")
            if _wanted() and "Content-Encoding" not in response.headers:
                _compress(response)
        return response


def _wanted() -> bool:
    return request.method != "HEAD" and request.accept_encodings["gzip"] > 0


def _compress(response: Response) -> None:
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < LEAST:
        return
    response.set_data(squeezed(body) if request.endpoint == "static" else padded(body))
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same text in other bytes


@lru_cache(maxsize=128)
def squeezed(body: bytes) -> bytes:
    """``body`` gzipped as well as it goes; what is the same for everybody is compressed once."""
    return gzip.compress(body, 9, mtime=0)


def padded(body: bytes) -> bytes:
    """``body`` gzipped under a file name of random length.

    A page may hold a secret (the token of its forms) beside what a stranger chose (a search): from the length of what
    is sent, request by request, the one could be guessed by the other (BREACH). Browsers skip the name.
    """
    name = secrets.token_hex(MOST_PADDING // 2)[: secrets.randbelow(MOST_PADDING + 1)].encode()
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = bytes((0x1F, 0x8B, 8, _NAMED, 0, 0, 0, 0, 0, 0xFF)) + name + b"\0"
    tail = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + packer.compress(body) + packer.flush() + tail
