"""weights.toml written by the fit, and the picture beside it."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from orders.payments.fitting.plot import drawn
from orders.payments.fitting.weights_file import write
from orders.payments.matcher.weights import PATH, Bin, Fitted, load, load_fitted

KNOWN = Fitted(date(2021, 11, 5), "a set", 1234, 1.0, 0.9, 0.95, 0.0123, (Bin(0.9, 100, 0.93, 0.94, 0.88, 0.97),))


def test_what_is_written_is_read_again_and_every_comment_stays(tmp_path: Path) -> None:
    weights = replace(load(), phone=1.25, closed=-3.0, code_intercept=-0.5)

    write(tmp_path / "weights.toml", weights, KNOWN, like=PATH)

    written = (tmp_path / "weights.toml").read_text(encoding="utf-8")
    assert (load(tmp_path / "weights.toml"), load_fitted(tmp_path / "weights.toml")) == (weights, KNOWN)
    assert re.findall("#.*", written) == re.findall("#.*", PATH.read_text(encoding="utf-8"))
    write(tmp_path / "again.toml", weights, KNOWN, like=tmp_path / "weights.toml")
    assert (tmp_path / "again.toml").read_text(encoding="utf-8") == written


def test_the_picture_is_sound_and_shows_each_bin() -> None:
    picture = ElementTree.fromstring(drawn(KNOWN.reliability, title="a < b & c", across="sure", up="right"))

    (point,) = picture.findall(".//{*}circle")
    assert (point.get("cx"), point.get("cy")) == ("428.0", "80.0")
    assert "100: confidence 0.930, right 0.940" in "".join(point.itertext())
