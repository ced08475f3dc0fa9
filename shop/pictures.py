"""A combo's photograph: an upload made small and harmless, kept in the file store under the name of its content."""

from __future__ import annotations

import base64
import hashlib
import re
import tempfile
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from kernel import files
from kernel.errors import MarketError
from kernel.images import ImageFault, shrink
from kernel.sandbox import Crashed, SandboxFault, TooMuchMemory, TooSlow, run_limited
from shop.models import Combo
from shop.queries import is_shown

MB = 1024 * 1024
MOST_BYTES = 12 * MB
SMALL, LARGE = 320, 800  # pixels wide
SIZES = ((SMALL, 200, 12_000), (LARGE, 500, 40_000))
"""Width and height in pixels, most bytes: on 2G a shelf of small ones is to come within seconds."""

MEMORY_MB = 700
CPU_SECONDS = 12
WALL_SECONDS = 40  # a busy machine is no reason to refuse
_KEY = re.compile(r"[0-9a-f]{32}")


class PictureFault(MarketError):
    """An upload that is not taken as a picture. The message is for whoever chose the file."""

    status = 422


def keep(session: Session, combo: Combo, upload: FileStorage) -> None:
    """Make ``upload`` the picture of ``combo``. What was its picture before is no longer shown. Does not commit.

    Raises `PictureFault`; the combo then keeps the picture that it has.
    """
    pictures = _small_and_harmless(upload)
    key = hashlib.sha256(b"".join(pictures)).hexdigest()[:32]
    for (width, _height, _bytes), picture in zip(SIZES, pictures, strict=True):
        files.put(_name(key, width), picture)
    combo.picture = key
    session.flush()


def remove(session: Session, combo: Combo) -> None:
    """Show the drawings again. A picture that no combo has is handed out no more. Does not commit."""
    combo.picture = None
    session.flush()


def content(session: Session, key: str, width: int) -> bytes | None:
    """The WebP of a picture that a combo has; None for any other."""
    if not _KEY.fullmatch(key) or width not in (SMALL, LARGE) or not is_shown(session, key):
        return None
    return files.get(_name(key, width))


def _name(key: str, width: int) -> str:
    return f"pictures/{key}-{width}.webp"


def _small_and_harmless(upload: FileStorage) -> list[bytes]:
    with tempfile.NamedTemporaryFile(prefix="picture-") as copy:
        if not _copied(upload, Path(copy.name)):
            raise PictureFault(_("No picture was chosen, or the file is empty. Choose a photo."))
        answer = _in_the_sandbox(copy.name)
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


def _in_the_sandbox(path: str) -> dict[str, object]:
    limits = {"memory_mb": MEMORY_MB, "cpu_seconds": CPU_SECONDS, "wall_seconds": WALL_SECONDS, "answer_mb": 1}
    try:
        return run_limited(shrink, path, SIZES, **limits)
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
