"""Files of our own that a browser may keep for a year: each address names the content it stands for."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.security import safe_join

YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Give every address of a static file its content's fingerprint, and let it be kept."""
    mimetypes.add_type("application/manifest+json", ".webmanifest")
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR

    @app.url_defaults
    def fingerprinted(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and app.static_folder:
            values.setdefault("v", fingerprint(app.static_folder, values["filename"]))


@cache
def fingerprint(folder: str, name: str) -> str | None:
    """Twelve hex digits of the file's SHA-256; None for a file that is not there."""
    path = safe_join(folder, name)
    if path is None or not Path(path).is_file():
        return None
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
