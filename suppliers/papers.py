"""What the papers between the office and a supplier share: their look, and how their files are handed out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Response

from kernel.settings import ROOT

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@cache
def paper_css() -> str:
    return (Path(ROOT) / "static" / "paper.css").read_text(encoding="utf-8")


def download(content: bytes, filename: str) -> Response:
    """A file to keep; its kind is told by its name's ending."""
    answer = Response(content, content_type=TYPES[filename.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
