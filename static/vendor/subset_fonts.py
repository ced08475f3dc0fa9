"""Makes the small web fonts from the full TTFs beside them: Vietnamese letters, and figures of equal width (tnum)."""

from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent / "be-vietnam-pro"
WEIGHTS = {"Regular": 400, "SemiBold": 600}
LETTERS = (
    "20-7E,A0-FF,102-103,110-111,128-129,168-169,1A0-1A1,1AF-1B0,300-301,303,309,323,1EA0-1EF9,"
    "2013-2014,2018-2019,201C-201D,2022,2026,20AB,2212"
)
FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def add_even_figure(font: TTFont, name: str, width: int) -> None:
    """Add ``name.tnum``: the same figure, in the middle of ``width`` font units."""
    was, _ = font["hmtx"][name]
    glyphs = font.getGlyphSet()
    outline = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(outline)
    pen = TTGlyphPen(None)
    outline.replay(TransformPen(pen, (1, 0, 0, 1, (width - was) // 2, 0)))
    font["glyf"][f"{name}.tnum"] = glyph = pen.glyph()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][f"{name}.tnum"] = (width, glyph.xMin)


def add_even_figures(font: TTFont) -> None:
    """The family has no ``tnum`` feature, and columns of money need one."""
    width = font["hmtx"]["zero"][0]
    for name in FIGURES:
        add_even_figure(font, name, width)
    rules = "\n".join(f"sub {name} by {name}.tnum;" for name in FIGURES)
    addOpenTypeFeaturesFromString(font, f"feature tnum {{ {rules} }} tnum;", tables=["GSUB"])


def subset(source: Path, target: Path) -> None:
    """Write the letters of ``source`` that pages in Vietnamese and English need to ``target`` as woff2."""
    options = Options(hinting=False, flavor="woff2", layout_features=["kern", "mark", "mkmk"])
    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(options)
    cutter.populate(unicodes=parse_unicodes(LETTERS))
    cutter.subset(font)
    add_even_figures(font)
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    for weight, number in WEIGHTS.items():
        subset(HERE / f"BeVietnamPro-{weight}.ttf", HERE / f"be-vietnam-pro-{number}.woff2")
