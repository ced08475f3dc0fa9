"""XML read without its dangers: no document type, so no entities; and its elements found whatever their namespace."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from orders.payments.feeds.statement import FaultReason, Unreadable


def root_of(raw: bytes) -> Element:
    """The document's root. Raises `Unreadable`."""
    try:
        root: Element = fromstring(raw.lstrip(), forbid_dtd=True)
    except DefusedXmlException as fault:
        raise Unreadable(FaultReason.FORBIDDEN) from fault
    except (ParseError, ValueError, LookupError) as fault:
        raise Unreadable(FaultReason.BROKEN) from fault
    return root


def name_of(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if name_of(child) == name]


def all_at(element: Element, path: str) -> Iterator[Element]:
    """The elements at ``path``, such as ``Acct/Id/Othr``."""
    name, _, rest = path.partition("/")
    for child in children(element, name):
        if rest:
            yield from all_at(child, rest)
        else:
            yield child


def first_at(element: Element, path: str) -> Element | None:
    return next(all_at(element, path), None)


def text_at(element: Element, *paths: str) -> str:
    """What stands at the first of ``paths`` that holds any text."""
    texts = ("".join(found.itertext()).strip() for path in paths for found in all_at(element, path))
    return next(filter(None, texts), "")
