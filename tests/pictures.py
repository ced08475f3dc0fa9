"""Pictures for the README, taken along its tour: ``make pictures``."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

COLOURS = 96
PAPER_HEIGHT = 1000  # pixels


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
            self._keep(page.screenshot(), name)

    def take_paper(self, pdf: Path, name: str) -> None:
        """The first page of ``pdf``. Needs pdftoppm (poppler-utils)."""
        if self.folder:
            command = ["pdftoppm", "-png", "-l", "1", "-scale-to-y", str(PAPER_HEIGHT), "-scale-to-x", "-1", str(pdf)]
            self._keep(subprocess.run(command, check=True, capture_output=True).stdout, name)

    def _keep(self, png: bytes, name: str) -> None:
        assert self.folder
        self.folder.mkdir(parents=True, exist_ok=True)
        few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(self.folder / f"{name}.png", optimize=True)


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    return Album(request.config.getoption("--pictures"))
