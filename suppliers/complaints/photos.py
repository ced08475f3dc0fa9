"""The photographs of complaints in the file store, and how they are handed out."""

from __future__ import annotations

import secrets

from flask import Response
from flask_babel import gettext as _

from kernel import files
from kernel.errors import NotFound
from suppliers.complaints.models import Complaint


def keep(picture: bytes) -> str:
    """Keep a WebP; answers its name, which nobody can guess."""
    name = f"complaints/{secrets.token_hex(16)}.webp"
    files.put(name, picture)
    return name


def answer(complaint: Complaint) -> Response:
    """The photograph, for who may see the complaint. No browser keeps it."""
    content = files.get(complaint.photo) if complaint.photo else None
    if content is None:
        raise NotFound(_("There is no such picture."))
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, no-store"
    return response
