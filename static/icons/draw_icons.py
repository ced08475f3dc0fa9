"""Draws the icons of an installed shop from mark.svg, with Chromium: python static/icons/draw_icons.py"""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
MARK = (HERE.parent / "mark.svg").read_text(encoding="utf-8")
GREEN = "#1c6b3c"  # the mark's own ground
# Name → pixels, and how much of the width the mark takes: of a maskable icon a phone shows the middle only.
ICONS = {"icon-192": (192, 1.0), "icon-512": (512, 1.0), "maskable-512": (512, 0.66), "touch-180": (180, 0.84)}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        for name, (pixels, share) in ICONS.items():
            side = round(pixels * share)
            page.set_viewport_size({"width": pixels, "height": pixels})
            ground = "transparent" if share == 1 else GREEN
            page.set_content(
                f"<style>*{{margin:0}}body{{background:{ground};display:grid;place-items:center;height:{pixels}px}}"
                f"svg{{width:{side}px;height:{side}px}}</style>{MARK}"
            )
            shot = Image.open(io.BytesIO(page.screenshot(omit_background=share == 1)))
            shot.quantize(48, method=Image.Quantize.FASTOCTREE).save(HERE / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
