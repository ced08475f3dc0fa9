"""What a person meets on a page: its words, its fields with their values and faults, its links."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse


class Page:
    """An answer's HTML, strictly parsed: a page that is not valid HTML fails the test that looks at it."""

    def __init__(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Element = parser.parse(answer.text)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [e for e in self.root.iter(tag) if all(e.get(name) == value for name, value in attributes.items())]

    def by_id(self, key: str) -> Element:
        (found,) = [element for element in self.root.iter() if element.get("id") == key]
        return found

    def text(self, key: str = "main") -> str:
        """What a reader sees in the element with this id, with single spaces."""
        return words(self.by_id(key))

    def fault(self, name: str) -> str:
        """The fault that stands beside the field and is tied to it for a screen reader; empty where there is none."""
        described = self._described(name).get("aria-describedby", "").split()
        return " ".join(words(self.by_id(key)) for key in described if key.endswith("-error"))

    def faults(self) -> dict[str, str]:
        return {name: fault for name in self.fields() if (fault := self.fault(name))}

    def fields(self) -> list[str]:
        """The names of what a person fills in, in order."""
        return list(dict.fromkeys(e.get("name", "") for e in self._controls() if e.get("type") not in HIDDEN))

    def value(self, name: str) -> str:
        """What stands in the field, or is chosen; empty where nothing is."""
        return next(filter(None, (_held(control) for control in self._controls() if control.get("name") == name)), "")

    def filled(self) -> dict[str, str]:
        """The form as a browser would send it without touching it, hidden fields included."""
        return {name: held for e in self._controls() if (name := e.get("name")) and (held := _held(e))}

    def addresses(self) -> Iterator[str]:
        """Everything that the page loads, links to or sends to."""
        for element in self.root.iter():
            yield from filter(None, (element.get(name) for name in ("src", "href", "action", "srcset", "poster")))

    def _controls(self) -> Iterator[Element]:
        yield from (e for e in self.root.iter() if e.tag in {"input", "select", "textarea"})

    def _described(self, name: str) -> Element:
        """The control, or the fieldset around a choice."""
        for fieldset in self.all("fieldset"):
            if any(e.get("name") == name for e in fieldset.iter("input")):
                return fieldset
        return next(e for e in self._controls() if e.get("name") == name)


HIDDEN = {"hidden", "submit"}


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _held(control: Element) -> str:
    if control.tag == "select":
        return next((o.get("value", "") for o in control.iter("option") if "selected" in o.attrib), "")
    if control.tag == "textarea":
        return "".join(control.itertext()).strip()
    if control.get("type") in {"checkbox", "radio"}:
        return control.get("value", "on") if "checked" in control.attrib else ""
    return control.get("value", "")


def page(answer: TestResponse) -> Page:
    return Page(answer)
