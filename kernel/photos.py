"""Uploaded photographs made small and harmless in the sandbox; what is not taken is refused in words."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from kernel.errors import MarketError
from kernel.images import ImageFault, within
from kernel.sandbox import Crashed, SandboxFault, TooMuchMemory, TooSlow, run_limited

MB = 1024 * 1024
MOST_BYTES = 12 * MB
PROOF = (1280, 80_000)
"""Most pixels on the longer side and most bytes of a photograph that shows how something was."""

MEMORY_MB = 700
PROOF_MEMORY_MB = 300
CPU_SECONDS = 12
WALL_SECONDS = 40  # a busy machine is no reason to refuse


class PictureFault(MarketError):
    """An upload that is not taken as a picture. The message is for whoever chose the file."""

    status = 422


def proof(upload: FileStorage) -> bytes:
    """The whole photograph, upright, as a WebP of `PROOF`'s size, without place, time or camera.

    Raises `PictureFault`. Keeps nothing.
    """
    (picture,) = small_and_harmless(upload, within, *PROOF, memory_mb=PROOF_MEMORY_MB)
    return picture


def small_and_harmless(
    upload: FileStorage, make: Callable[..., dict[str, object]], *arguments: object, memory_mb: int = MEMORY_MB
) -> list[bytes]:
    """The pictures that ``make`` (one of `kernel.images`) makes of an upload. Raises `PictureFault`."""
    with tempfile.NamedTemporaryFile(prefix="picture-") as copy:
        if not _copied(upload, Path(copy.name)):
            raise PictureFault(_("No picture was chosen, or the file is empty. Choose a photo."))
        answer = _in_the_sandbox(make, copy.name, *arguments, memory_mb=memory_mb)
    if "fault" in answer:
        raise PictureFault(_words(ImageFault(str(answer["fault"]))))
    return [base64.b64decode(text) for text in answer["pictures"]]  # type: ignore[attr-defined]


def _copied(upload: FileStorage, target: Path) -> int:
    """How many bytes came; a file that is too large is refused after as many."""
    start = upload.stream.read(MOST_BYTES + 1)
    if len(start) > MOST_BYTES:
        raise PictureFault(
            _("This picture is larger than 12 MB. Send it to yourself by Zalo and use that copy: it is smaller.")
        )
    return target.write_bytes(start)


def _in_the_sandbox(make: Callable[..., dict[str, object]], *arguments: object, memory_mb: int) -> dict[str, object]:
    limits = {"memory_mb": memory_mb, "cpu_seconds": CPU_SECONDS, "wall_seconds": WALL_SECONDS, "answer_mb": 1}
    try:
        return run_limited(make, *arguments, **limits)
    except TooMuchMemory as fault:
        raise PictureFault(_words(ImageFault.TOO_MANY_PIXELS)) from fault
    except TooSlow as fault:
        raise PictureFault(_("Reading this picture takes too long. Take a screenshot of it and use that.")) from fault
    except (Crashed, SandboxFault) as fault:
        raise PictureFault(_words(ImageFault.DAMAGED)) from fault


def _words(fault: ImageFault) -> str:
    words: dict[ImageFault, str] = {
        ImageFault.NO_PHOTO: _("This is no photo that can be read here. Use a JPEG, PNG or WebP file."),
        ImageFault.DRAWING: _("SVG drawings are not taken: they can hold programs. Use a JPEG, PNG or WebP photo."),
        ImageFault.HEIC: _(
            "HEIC and AVIF photos are not read by every phone. "
            "Take a screenshot of the photo, or save it as JPEG, and use that."
        ),
        ImageFault.DISGUISED: _(
            "Something else is hidden in this picture, so it is not taken. Take a screenshot of it and use that."
        ),
        ImageFault.TOO_MANY_PIXELS: _("This picture has too many pixels. Make it smaller: 4000 × 3000 is plenty."),
        ImageFault.TOO_SMALL: _(
            "This picture is too small: it would look blurred. It needs at least 320 × 200 pixels."
        ),
        ImageFault.DAMAGED: _("This picture is damaged or not complete. Take or send it again."),
    }
    return words[fault]
