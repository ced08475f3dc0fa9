"""Collects the words for people from code and templates into the catalogues, and compiles what is translated."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
NAME = "Đi Chợ Thay"
LANGUAGES = ("vi",)  # English is what the code says
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
LEFT_OUT = {"tests", "instance", "bench", "bin", "migrations", "static"}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def main() -> int:
    words = words_of(ROOT)
    for language in LANGUAGES:
        path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
        catalog = refreshed(path, words, language=language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
        catalog = read(path, language)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = sum(1 for message in catalog if message.id and not is_translated(message.string))
        print(f"{language}: {len(catalog)} messages, {missing} to translate in {path.relative_to(ROOT)}")
    return 0


def words_of(root: Path) -> Catalog:
    """Every word that the code under ``root`` marks for translation."""

    def enters(folder: str) -> bool:
        name = Path(folder).relative_to(root).parts[:1]
        return not (name and (name[0].startswith(".") or name[0] in LEFT_OUT))

    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(root, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",), directory_filter=enters)
    for path, line, words, comments, context in found:
        catalog.add(words, None, [(path, line)], auto_comments=comments, context=context)
    return catalog


def refreshed(path: Path, words: Catalog, *, language: str) -> Catalog:
    """The catalogue at ``path``, or a new one, with exactly ``words``; nothing is guessed."""
    catalog = Catalog(
        locale=language,
        header_comment=f"# {NAME}: {language}",
        project=NAME,
        last_translator=NAME,
        language_team=language,
    )
    if path.exists():
        catalog = read(path, language)
    catalog.revision_date = (
        catalog.creation_date
    )  # the history is git's to tell; a date of its own would change each time
    catalog.update(words, no_fuzzy_matching=True, update_creation_date=False)
    catalog.fuzzy = False
    return catalog


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def is_translated(string: object) -> bool:
    """Whether each plural form is there."""
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
