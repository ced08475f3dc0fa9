"""Photographs made small and harmless. Runs in the sandbox's child: Pillow and the standard library only."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from enum import StrEnum
from pathlib import Path

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 64_000_000
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


def shrink(path: str, sizes: list[tuple[int, int, int]]) -> dict[str, object]:
    """The photograph at ``path`` as one WebP for each (width, height, most bytes), cut to that shape from its middle.

    Answers ``{"pictures": [base64, …]}``, or ``{"fault": an ImageFault}``. Nothing of the file but its pixels goes on:
    no place, no time, no camera.
    """
    content = Path(path).read_bytes()
    if fault := _fault_at_sight(content) or (ImageFault.DISGUISED if zipfile.is_zipfile(path) else None):
        return {"fault": fault.value}
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # which another library may have switched on
    Image.MAX_IMAGE_PIXELS = None  # counted below, so that the refusal has a name
    try:
        return _shrunk(content, sizes)
    except UnidentifiedImageError:
        return {"fault": ImageFault.NO_PHOTO.value}
    except (OSError, SyntaxError, ValueError):
        return {"fault": ImageFault.DAMAGED.value}


def _fault_at_sight(content: bytes) -> ImageFault | None:
    if _HEIC.match(content):
        return ImageFault.HEIC
    if _DRAWING.match(content):
        return ImageFault.DRAWING
    if _PROGRAM.search(content) or b"%PDF-" in content[:1024]:
        return ImageFault.DISGUISED
    return None


def _shrunk(content: bytes, sizes: list[tuple[int, int, int]]) -> dict[str, object]:
    picture: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        return {"fault": ImageFault.TOO_MANY_PIXELS.value}
    least_width, least_height, _bytes = min(sizes)
    if picture.width < least_width or picture.height < least_height:
        return {"fault": ImageFault.TOO_SMALL.value}
    largest = max(width for width, _height, _bytes in sizes)
    if picture.mode in {"1", "P"}:
        picture = picture.convert("RGBA")
    picture.thumbnail((largest * 2, largest * 2), reducing_gap=2)  # before anything that makes a copy of all of it
    upright = _on_white(ImageOps.exif_transpose(picture))
    return {"pictures": [base64.b64encode(_encoded(upright, *size)).decode() for size in sizes]}


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, and without anything that is not a pixel."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    solid = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    solid.paste(layer, mask=layer)
    return solid


def _encoded(picture: Image.Image, width: int, height: int, most_bytes: int) -> bytes:
    """The best quality that fits into ``most_bytes``; the least of all is taken as it comes."""
    fitted = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    fitted.info = {}
    for quality in QUALITIES:
        out = io.BytesIO()
        fitted.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= most_bytes:
            break
    return out.getvalue()
