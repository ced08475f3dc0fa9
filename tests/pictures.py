"""Pictures for the README, taken along its tour: ``make pictures``."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

COLOURS = 96
PAPER_HEIGHT, GAP = 1000, 12  # pixels


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", type=Path, metavar="FOLDER", help="keep pictures of the README's tour in FOLDER")


@dataclass(frozen=True)
class Album:
    """Where pictures go; without a folder nothing is taken."""

    folder: Path | None

    def take(self, page: Page, name: str) -> None:
        """What the window of ``page`` shows now."""
        if self.folder:
            page.evaluate("document.fonts.ready")
            page.evaluate("document.fonts.ready")
            self._keep(Image.open(io.BytesIO(page.screenshot())), name)

    def take_paper(self, pdf: Path, name: str) -> None:
        """The first two pages of ``pdf``, side by side. Needs pdftoppm (poppler-utils)."""
        if self.folder:
            pages = [Image.open(io.BytesIO(_page(pdf, number))) for number in (1, 2)]
            sheet = Image.new("RGB", (sum(page.width for page in pages) + GAP, PAPER_HEIGHT), "#8a948a")
            sheet.paste(pages[0], (0, 0))
            sheet.paste(pages[1], (pages[0].width + GAP, 0))
            self._keep(sheet, name)

    def _keep(self, picture: Image.Image, name: str) -> None:
        assert self.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)


def _page(pdf: Path, number: int) -> bytes:
    place = ["-f", str(number), "-l", str(number)]
    command = ["pdftoppm", "-png", *place, "-scale-to-y", str(PAPER_HEIGHT), "-scale-to-x", "-1", str(pdf)]
    return subprocess.run(command, check=True, capture_output=True).stdout


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(request.config.getoption("--pictures"))
