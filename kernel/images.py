"""Photographs made small and harmless. Runs in the sandbox's child: Pillow and the standard library only."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 64_000_000
MOST_PIXELS_WHOLE = 24_000_000
"""Of a photograph that is to fit into little memory, unless it is a JPEG: these are made smaller while being read."""
LEAST = (200, 320)
"""Pixels on the shorter and on the longer side, below which nothing is to be seen on a photograph."""
QUALITIES = (82, 74, 66, 58, 50, 40, 30, 20, 10)
_HEIC = re.compile(rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1|avif)", re.DOTALL)
_DRAWING = re.compile(rb"\s*(<\?xml|<!DOCTYPE svg|<svg|<!--)", re.IGNORECASE)
_PROGRAM = re.compile(rb"<script|<\?php|<!doctype html|<html", re.IGNORECASE)


class ImageFault(StrEnum):
    """Why a file is not taken as a photograph."""

    NO_PHOTO = "no photo"
    DRAWING = "drawing"
    HEIC = "heic"
    DISGUISED = "disguised"
    TOO_MANY_PIXELS = "too many pixels"
    TOO_SMALL = "too small"
    DAMAGED = "damaged"


class _Refused(Exception):
    """Carries the `ImageFault`."""


def shrink(path: str, sizes: list[tuple[int, int, int]]) -> dict[str, object]:
    """The photograph at ``path`` as one WebP for each (width, height, most bytes), cut to that shape from its middle.

    Answers ``{"pictures": [base64, …]}``, or ``{"fault": an ImageFault}``. Nothing of the file but its pixels goes on:
    no place, no time, no camera.
    """
    return _answer(path, lambda content: _shrunk(content, sizes))


def within(path: str, longest: int, most_bytes: int) -> dict[str, object]:
    """The whole photograph at ``path`` as one WebP, at most ``longest`` pixels on its longer side; never made larger.

    Answers as `shrink` does. Needs less than 300 MB for what it takes.
    """
    return _answer(path, lambda content: [_fitted(content, longest, most_bytes)])


def _answer(path: str, made: Callable[[bytes], list[bytes]]) -> dict[str, object]:
    try:
        return {"pictures": [base64.b64encode(picture).decode() for picture in made(_sound(path))]}
    except _Refused as refused:
        return {"fault": refused.args[0].value}
    except UnidentifiedImageError:
        return {"fault": ImageFault.NO_PHOTO.value}
    except (OSError, SyntaxError, ValueError):
        return {"fault": ImageFault.DAMAGED.value}


def _sound(path: str) -> bytes:
    """What is in the file, if it looks like nothing but a photograph."""
    content = Path(path).read_bytes()
    if fault := _fault_at_sight(content) or (ImageFault.DISGUISED if zipfile.is_zipfile(path) else None):
        raise _Refused(fault)
    return content


def _fault_at_sight(content: bytes) -> ImageFault | None:
    if _HEIC.match(content):
        return ImageFault.HEIC
    if _DRAWING.match(content):
        return ImageFault.DRAWING
    if _PROGRAM.search(content) or b"%PDF-" in content[:1024]:
        return ImageFault.DISGUISED
    return None


def _shrunk(content: bytes, sizes: list[tuple[int, int, int]]) -> list[bytes]:
    picture = _opened(content, MOST_PIXELS)
    least_width, least_height, _bytes = min(sizes)
    if picture.width < least_width or picture.height < least_height:
        raise _Refused(ImageFault.TOO_SMALL)
    largest = max(width for width, _height, _bytes in sizes)
    upright = _upright(picture, largest * 2)
    return [
        _encoded(ImageOps.fit(upright, (width, height), Image.Resampling.LANCZOS), most_bytes)
        for width, height, most_bytes in sizes
    ]


def _fitted(content: bytes, longest: int, most_bytes: int) -> bytes:
    picture = _opened(content, MOST_PIXELS_WHOLE)
    if any(side < least for side, least in zip(sorted(picture.size), LEAST, strict=True)):
        raise _Refused(ImageFault.TOO_SMALL)
    return _encoded(_upright(picture, longest), most_bytes)


def _opened(content: bytes, most_pixels_whole: int) -> Image.Image:
    """Not read yet: its size and kind are known."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # which another library may have switched on
    Image.MAX_IMAGE_PIXELS = None  # counted below, so that the refusal has a name
    picture: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
    most = MOST_PIXELS if picture.format == "JPEG" else most_pixels_whole
    if picture.width * picture.height > most:
        raise _Refused(ImageFault.TOO_MANY_PIXELS)
    return picture


def _upright(picture: Image.Image, longest: int) -> Image.Image:
    """At most ``longest`` pixels on its longer side, turned as it was held."""
    if picture.mode in {"1", "P"}:
        picture = picture.convert("RGBA")
    picture.thumbnail((longest, longest), reducing_gap=2)  # before anything that makes a copy of all of it
    return _on_white(ImageOps.exif_transpose(picture))


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, and without anything that is not a pixel."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    solid = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    solid.paste(layer, mask=layer)
    return solid


def _encoded(picture: Image.Image, most_bytes: int) -> bytes:
    """The best quality that fits into ``most_bytes``; the least of all is taken as it comes."""
    picture.info = {}
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= most_bytes:
            break
    return out.getvalue()
