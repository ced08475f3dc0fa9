"""Long papers: typeset piece by piece, in child processes where there are many; bound; stamped for a reader."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from kernel import files
from kernel.pressed import HEAD
from kernel.printing import bold_glyphs, print_html, printer
from kernel.settings import ROOT

if TYPE_CHECKING:
    from pypdf import PageObject, PdfWriter
    from pypdf.generic import IndirectObject

PROCESSES = 2
LITTLE = 60_000
"""Letters of HTML that are typeset where we are, in two seconds or three: two children take as long to start."""

CORNER = (75.0, 29.3)
"""Points from the right and the lower edge of a page where its number is written."""


@dataclass(frozen=True)
class Piece:
    """One piece of a paper: the name that it is kept under, in the paper's folder, and its page."""

    name: str
    html: Callable[[], str]


def press(folder: str, pieces: Sequence[Piece], *, processes: int = PROCESSES) -> Generator[None, None, None]:
    """Typeset the pieces that are not kept yet; yields after each. Broken off, it goes on with what is missing."""
    there = set(files.names(folder))
    missing = [piece for piece in pieces if piece.name not in there]
    pages = _pages_if_short(missing)
    if pages is not None or processes < 2:
        prints = printer()
        for piece, page in zip(missing, pages or (each.html() for each in missing), strict=True):
            files.put(f"{folder}/{piece.name}", prints(page))
            yield
        return
    yield from _in_children(folder, missing, processes)


def _pages_if_short(pieces: Iterable[Piece]) -> list[str] | None:
    """All pages, if they are short together. Of long ones no more are written than shows it."""
    pages, letters = [], 0
    for piece in pieces:
        pages.append(piece.html())
        letters += len(pages[-1])
        if letters > LITTLE:
            return None
    return pages


def _in_children(folder: str, missing: Sequence[Piece], processes: int) -> Generator[None, None, None]:
    """Each thread feeds a child of its own. Pages are written just before they are wanted."""
    todo, running = iter(missing), dict[Future[bytes], Piece]()
    children = [_Child() for _one in range(processes)]
    free = SimpleQueue[_Child]()
    for child in children:
        free.put(child)
    threads = ThreadPoolExecutor(processes)
    try:
        while True:
            while len(running) <= processes and (piece := next(todo, None)):
                running[threads.submit(_by_whoever_is_free, free, piece.html())] = piece
            if not running:
                return
            for made in wait(running, return_when=FIRST_COMPLETED).done:
                files.put(f"{folder}/{running.pop(made).name}", made.result())
                yield
    finally:
        for child in children:
            child.end()
        threads.shutdown(cancel_futures=True)


def _by_whoever_is_free(free: SimpleQueue[_Child], html: str) -> bytes:
    child = free.get()
    try:
        return child.print(html)
    finally:
        free.put(child)


class _Child:
    """A new interpreter, never a fork: the worker has threads. It typesets one page after the other."""

    def __init__(self) -> None:
        command = [sys.executable, "-X", "utf8", "-m", "kernel.pressed"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603

    def print(self, html: str) -> bytes:
        there, back = self.process.stdin, self.process.stdout
        if there is None or back is None:
            raise ChildProcessError("a child without its pipes")
        page = html.encode()
        there.write(len(page).to_bytes(HEAD) + page)
        there.flush()
        size = int.from_bytes(back.read(HEAD))
        if not size or len(content := back.read(size)) < size:
            raise ChildProcessError("the typesetting broke off")
        return content

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def done(folder: str, pieces: Iterable[str]) -> int:
    """How many of the pieces are kept."""
    return len(set(files.names(folder)).intersection(pieces))


def join(parts: Iterable[bytes]) -> bytes:
    """The parts one behind the other, as they are."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    return _written(writer)


def bind(parts: Iterable[bytes], feet: str) -> bytes:
    """The parts as one paper, numbered. ``feet``: a page to lay over each, and a second one with all the digits and a
    stroke, in the letters in which ``3/12`` is then written at the right of the foot."""
    from pypdf import PdfReader, PdfWriter  # late, like the typesetting: few need it

    writer = PdfWriter()
    for part in parts:
        writer.append(io.BytesIO(part), import_outline=False)
    foot, digits = PdfReader(io.BytesIO(print_html(feet))).pages
    form, font = _as_form(writer, foot), _bold_font(writer, digits)
    many = len(writer.pages)
    for number, page in enumerate(writer.pages, start=1):
        _lay(writer, page, form, font=font, write=f"{number}/{many}")
    return _written(writer)


def stamp(content: bytes, html: str) -> bytes:
    """The same page laid over each page: who took the paper, and when."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(content))
    form = _as_form(writer, PdfReader(io.BytesIO(print_html(html))).pages[0])
    for page in writer.pages:
        _lay(writer, page, form)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _as_form(writer: PdfWriter, page: PageObject) -> IndirectObject:
    """A page as a picture of another: fonts and all, once in the paper however often it is shown."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

    form = DecodedStreamObject()
    form.set_data(b"\n".join(stream.get_object().get_data() for stream in _drawn(page)))
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = ArrayObject(page.mediabox)
    form[NameObject("/Resources")] = _resources(page).clone(writer)
    return writer._add_object(form.flate_encode())


def _bold_font(writer: PdfWriter, page: PageObject) -> IndirectObject:
    """Be Vietnam Pro SemiBold as a page of the same letters has it."""
    fonts = _resources(page)["/Font"]
    (found,) = (name for name, font in fonts.items() if "Semi-Bold" in font["/BaseFont"])
    return writer._add_object(fonts[found].clone(writer))


def _resources(page: PageObject) -> Any:
    return page["/Resources"].get_object()


def _lay(
    writer: PdfWriter, page: PageObject, form: IndirectObject, *, font: IndirectObject | None = None, write: str = ""
) -> None:
    """Show ``form`` on ``page``, whatever state the page's own drawing leaves behind; and ``write`` in its corner."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

    name = _named(page, "/XObject", f"/Over{form.idnum}", form)
    over = f"q {name} Do Q"
    if font is not None:
        letters = "".join(f"{glyph:04x}" for glyph in map(bold_glyphs().get, write) if glyph is not None)
        at = f"{float(page.mediabox.width) - CORNER[0]:.2f} {CORNER[1]}"
        over += f" q BT {_named(page, '/Font', f'/Digits{font.idnum}', font)} 9 Tf {at} Td <{letters}> Tj ET Q"
    before, after = DecodedStreamObject(), DecodedStreamObject()
    before.set_data(b"q\n")
    after.set_data(f"\nQ {over}\n".encode())
    whole = [writer._add_object(before), *_drawn(page), writer._add_object(after)]
    page[NameObject("/Contents")] = ArrayObject(whole)


def _named(page: PageObject, kind: str, name: str, thing: IndirectObject) -> str:
    """Let the page know ``thing`` by ``name``."""
    from pypdf.generic import DictionaryObject, NameObject

    _resources(page).setdefault(NameObject(kind), DictionaryObject()).get_object()[NameObject(name)] = thing
    return name


def _drawn(page: PageObject) -> list[Any]:
    """What draws the page: streams, or where they are."""
    from pypdf.generic import ArrayObject

    drawn = page.raw_get("/Contents")
    streams = drawn.get_object()
    return list(streams) if isinstance(streams, ArrayObject) else [drawn]
