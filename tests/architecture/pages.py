"""The rules of templates and stylesheets: what our Content-Security-Policy forbids, what CSRF and translation need."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

from tests.architecture.code import Offence

SPOKEN = {"alt", "title", "placeholder", "aria-label", "content"}
SPOKEN_TOO = re.compile(
    r"data-(?!from$|tell$)[\w-]*|hx-confirm|hx-prompt|label|aria-(description|roledescription|valuetext)"
)
# A script's way to the reader, with a literal in which a word of three letters stands.
_LITERAL = r"""\s*(["'`])[^"'`]*[^\W\d_]{3,}"""
SAYS = re.compile(
    rf"""\b((textContent|innerText|innerHTML|title|alt|placeholder|ariaLabel)\s*\+?=(?!=){_LITERAL}"""
    rf"""|(alert|confirm|prompt|createTextNode|insertAdjacentText|insertAdjacentHTML|Response|showNotification)\((\s*["']\w+["']\s*,)?{_LITERAL}"""
    rf"""|setAttribute\(\s*["'](aria-label|title|alt|placeholder|aria-description)["']\s*,{_LITERAL})"""
)
SILENT = {"script", "style", "code", "svg"}
# The name of the thing itself is the same in every language.
NAMES = {"Đi Chợ Thay", "VietQR", "PDF", "CSV", "XLSX", "QR", "SMS", "Zalo", "SHA-256"}
ELSEWHERE = re.compile(r"\s*(https?:)?//")
LOOK = re.compile(r"{%-? block look -?%}[^{\n]*{%-? endblock -?%}")  # a class of the body, not words
LEXER = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def faults_of_pages(root: Path) -> list[Offence]:
    """Every offence in the templates and stylesheets under ``root``."""
    templates = sorted((root / "templates").rglob("*.html"))
    styles = sorted((root / "static").rglob("*.css"))
    scripts = sorted(path for path in (root / "static").rglob("*.js") if "vendor" not in path.parts)
    return [
        fault
        for paths, faults in (
            (templates, _faults_of_template),
            (styles, _faults_of_style),
            (scripts, _faults_of_script),
        )
        for path in paths
        for fault in faults(path.relative_to(root).as_posix(), path.read_text("utf-8"))
    ]


def _faults_of_template(path: str, text: str) -> Iterator[Offence]:
    html, logic = _apart(text)
    for line, code in logic:
        if re.search(r"\|\s*safe\b", code) or re.search(r"autoescape\s+false", code):
            yield Offence(path, line, "|safe and autoescape false step around escaping", "escaping")
    page = _Page(path)
    page.feed(html)
    page.close()
    yield from page.faults
    yield from _forms_without_token(path, text)


def _forms_without_token(path: str, text: str) -> Iterator[Offence]:
    for form in re.finditer(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post.*?(</form>|\Z)", text, re.IGNORECASE | re.DOTALL):
        if not re.search(r"csrf|hidden_tag|hidden_fields", form[0]):
            yield Offence(
                path, text.count("\n", 0, form.start()) + 1, "a form that posts needs its CSRF token", "tokens"
            )


def _faults_of_style(path: str, text: str) -> Iterator[Offence]:
    for found in re.finditer(r"url\(\s*[\"']?(https?:)?//|@import", text):
        yield Offence(
            path, text.count("\n", 0, found.start()) + 1, "no page loads anything from elsewhere", "elsewhere"
        )


def _faults_of_script(path: str, text: str) -> Iterator[Offence]:
    for number, line in enumerate(text.splitlines(), start=1):
        if SAYS.search(re.sub(r"(^|\s)//.*", "", line)):
            what = "words for people come from the page, which is translated: read them from a data- attribute"
            yield Offence(path, number, what, "words")


def _apart(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The HTML with Jinja and what stands in ``trans`` blanked out, lines kept; and the Jinja, line by line."""
    html: list[str] = []
    logic: list[tuple[int, str]] = []
    translated = False
    for line, kind, value in LEXER.lex(LOOK.sub("", text)):
        if kind == "data" and not translated:
            html.append(value)
            continue
        html.append("\n" * value.count("\n") or " ")
        if kind == "name" and value in {"trans", "endtrans"}:
            translated = value == "trans"
        if kind not in {"comment", "data"}:
            logic.append((line, value))
    return "".join(html), _by_line(logic)


def _by_line(tokens: list[tuple[int, str]]) -> list[tuple[int, str]]:
    lines: dict[int, str] = {}
    for line, value in tokens:
        lines[line] = lines.get(line, "") + value
    return list(lines.items())


class _Page(HTMLParser):
    """Collects what a tag or a text must not be."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.faults: list[Offence] = []
        self.silent = 0
        self.kind = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        names = {name for name, _ in attrs}
        self.kind = dict(attrs).get("type") or ""
        if tag == "script" and "nonce" not in names:
            self._fault("scripts", "a script without its nonce does not run")
        if tag == "style":
            self._fault("styles", "a style element is refused by the policy: use the stylesheet")
        for name, value in attrs:
            self._judge(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._must_be_marked(data)

    def _judge(self, tag: str, name: str, value: str) -> None:
        if name.startswith(("on", "hx-on")):
            self._fault("scripts", f"{name}= is refused by the policy: listen in a script")
        elif name == "style":
            self._fault("styles", "style= is refused by the policy: use a class")
        elif value.strip().lower().startswith("javascript:"):
            self._fault("scripts", f"{name}=javascript: is refused by the policy")
        elif ELSEWHERE.match(value) and (name != "href" or tag == "link") and not name.startswith("xmlns"):
            self._fault("elsewhere", f"{name}={value}: no page loads anything from elsewhere")
        elif self._is_spoken(tag, name, value):
            self._must_be_marked(value)

    def _is_spoken(self, tag: str, name: str, value: str) -> bool:
        if name == "value":
            return tag == "input" and self.kind == "submit"
        if SPOKEN_TOO.fullmatch(name):  # one small word may be a name for a script
            return bool(re.search(r"\w \w|^[A-Z][a-z]", value))
        return name in SPOKEN and tag != "meta"

    def _must_be_marked(self, words: str) -> None:
        for name in NAMES:
            words = words.replace(name, "")
        if re.search(r"[^\W\d_]{2}", words):
            self._fault("words", f"mark these words for translation: {' '.join(words.split())[:60]}")

    def _fault(self, rule: str, what: str) -> None:
        self.faults.append(Offence(self.path, self.getpos()[0], what, rule))
