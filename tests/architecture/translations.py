"""The rules of the catalogues: each word is translated, nothing is left over, what is compiled is current."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message

from bin.messages import compiled, is_translated, read, words_of

PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]")


def faults_of_translation(root: Path, language: str) -> Iterator[str]:
    """What is wrong with the catalogue of ``language``. `make messages` mends all but what is not translated."""
    source = root / "translations" / language / "LC_MESSAGES" / "messages.po"
    if not source.exists():
        yield f"{language}: there is no catalogue"
        return
    catalog = read(source, language)
    yield from (f"{language}: {fault}" for fault in _faults(words_of(root), catalog))
    machine = source.with_suffix(".mo")
    if not machine.exists() or machine.read_bytes() != compiled(catalog):
        yield f"{language}: messages.mo is not what messages.po compiles to"


def _faults(words: Catalog, catalog: Catalog) -> Iterator[str]:
    for wanted in words:
        if wanted.id:
            yield from _faults_of_message(wanted, catalog.get(wanted.id, wanted.context))
    for left in catalog.obsolete.values():
        yield f"left over: {left.id}"
    for known in catalog:
        if known.id and words.get(known.id, known.context) is None:
            yield f"no longer said: {known.id}"


def _faults_of_message(wanted: Message, found: Message | None) -> Iterator[str]:
    if found is None:
        yield f"missing: {wanted.id}"
    elif found.fuzzy:
        yield f"only guessed: {wanted.id}"
    elif not is_translated(found.string):
        yield f"untranslated: {wanted.id}"
    elif _places(found.string) - _places(wanted.id):
        yield f"names a place that is never filled: {wanted.id}"


def _places(string: Any) -> set[str]:
    forms = [string] if isinstance(string, str) else list(string)
    return {place for form in forms for place in PLACE.findall(form)}
