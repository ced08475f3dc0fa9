"""What stands on a paper that the program has made."""

import io
import unicodedata
from typing import Any

from pypdf import PdfReader
from python_calamine import CalamineWorkbook


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in composed letters and single blanks."""
    return [tidied(sheet.extract_text()) for sheet in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    return " ".join(pages_of(pdf))


def tidied(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def tables_of(xlsx: bytes) -> dict[str, list[list[Any]]]:
    """Sheet → its rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
