"""What a page says and in which language: words that stand in the wrong one, figures written otherwise than here."""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator

from babel.messages.catalog import Catalog

from kernel.text import fold

Word = tuple[str, str, str]
"""A piece of text, the language it is read in, and where it stands: text, script, title, or an attribute's name."""

MARKS = {"\u0300", "\u0301", "\u0302", "\u0303", "\u0306", "\u0309", "\u031b", "\u0323"}
BRAND = "Đi Chợ Thay"
UNITS = {"đồng"}
NAMES = {
    "VietQR",
    "PDF",
    "CSV",
    "JSON",
    "XLSX",
    "SMS",
    "Zalo",
    "SePay",
    "Techcombank",
    "VietinBank",
    "Casso",
    "payOS",
    "Vietcombank",
    "Agribank",
    "combo",
    "Combo",
    "Esc",
    "Enter",
    "English",
    *BRAND.split(),
}
"""The same in both languages."""
QUOTED = re.compile(r"“[^”]*”")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|%%")
WORD = re.compile(r"[^\W\d_]{3,}")
MONEY = re.compile(r"\S*\d\s*₫")
GOOD_MONEY = re.compile(r"[^\d.]*\d{1,3}(\.\d{3})*\u00a0₫")
ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
HALF_DAY = re.compile(r"\b\d{1,2}(:\d{2})?\s?[AaPp]\.?[Mm]\b")
PHONE = re.compile(r"(?<![_A-Z0-9] )(?<!_)\b0[35789]\d{8}\b")  # but for memos, which are copied
ENGLISH_NUMBER = re.compile(r"\b\d{1,3}(,\d{3})+\b")


def is_vietnamese(text: str) -> bool:
    """Whether a letter of ``text`` is one that English does not have."""
    return "đ" in text.lower() or any(mark in MARKS for mark in unicodedata.normalize("NFD", text))


def left_in_vietnamese(said: Iterable[Word], data: Iterable[str]) -> Iterator[str]:
    """What an English page says in Vietnamese outside elements of that language.

    A title, an attribute or a script that is copied whole cannot mark a part of itself, so what the tables hold is
    taken out of these first; what somebody typed may be quoted anywhere.
    """
    names = sorted((text for text in data if is_vietnamese(text)), key=len, reverse=True)
    for text, language, where in said:
        rest = QUOTED.sub("", text.replace(BRAND, ""))
        for name in names if where != "text" else ():
            rest = rest.replace(name, "")
        rest = " ".join(word for word in rest.split() if word.strip("().,:") not in UNITS)
        if language != "vi" and is_vietnamese(rest):
            yield f"{where}: {text[:120]}"


class English:
    """The English of a catalogue, to be recognised on a page: those of more than three letters that are translated."""

    def __init__(self, *catalogs: Catalog) -> None:
        self.whole: set[str] = set()
        self.parts: list[re.Pattern[str]] = []
        for message in (message for catalog in catalogs for message in catalog):
            forms = [message.id] if isinstance(message.id, str) else list(message.id)
            translated = [message.string] if isinstance(message.string, str) else list(message.string or ())
            for form in forms:
                if len(form) > 3 and form not in translated:
                    self._learn(form)

    def _learn(self, form: str) -> None:
        self.whole.add(form)
        pieces = [piece.strip() for piece in PLACE.split(form)]
        if any(len(piece.split()) >= 3 for piece in pieces):
            longest = max(pieces, key=len)
            self.parts.append(re.compile(rf"(?<!\w){re.escape(longest)}(?!\w)"))

    def left(self, said: Iterable[Word], data: Container[str]) -> Iterator[str]:
        """What a Vietnamese page says in English, but for what somebody typed."""
        for text, language, where in said:
            if (
                text not in data
                and language == "vi"
                and (text in self.whole or any(part.search(text) for part in self.parts))
            ):
                yield f"{where}: {text[:120]}"


def said_alike(english: Iterable[Word], vietnamese: Iterable[Word], data: Iterable[str]) -> list[str]:
    """Words that stand on both pages, though neither in an element of a language of its own nor in the tables: they
    were never marked for translation."""
    known = {word for text in data for each in (text, fold(text)) for word in WORD.findall(each)}
    both = {(text, where) for text, language, where in english if language == "en"} & {
        (text, where) for text, _language, where in vietnamese
    }
    return sorted(f"{where}: {text[:120]}" for text, where in both if not set(WORD.findall(text)) <= known | NAMES)


def strange_figures(said: Iterable[Word]) -> Iterator[str]:
    """Money, days, hours, numbers and phones that are not written as people in Vietnam write them."""
    for text, _language, where in said:
        if where in {"title", "alt"}:
            continue
        for amount in MONEY.findall(text):
            if not GOOD_MONEY.fullmatch(amount):
                yield f"money: {amount}"
        for kind, pattern in (("day", ISO_DAY), ("hour", HALF_DAY), ("phone", PHONE), ("number", ENGLISH_NUMBER)):
            yield from (f"{kind}: {text[:80]}" for _found in pattern.finditer(text))
