"""Makes the sprite goods.svg: drawings of goods from the icon set's package, and those of ours that it lacks.

npm install --ignore-scripts --prefix /tmp/icons @iconify-json/fluent-emoji-flat@1.2.6
python static/vendor/goods/make_goods.py /tmp/icons/node_modules/@iconify-json/fluent-emoji-flat
"""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
TAKEN = (
    "avocado banana bowl-with-spoon bread broccoli brown-mushroom carrot crab cucumber cut-of-meat "
    "ear-of-corn egg eggplant fish garlic grapes green-apple green-salad herb hot-pepper leafy-green lime "
    "lotion-bottle mango meat-on-bone onion pea-pod pear potato poultry-leg red-apple roasted-sweet-potato "
    "roll-of-paper salt shrimp soap steaming-bowl tangerine tomato toothbrush watermelon"
).split()
OURS = re.compile(r'<symbol id="([a-z-]+)">(.*)</symbol>')
DECIMALS = re.compile(r"\.(\d\d+)")


def rounded(body: str) -> str:
    """Coordinates to a tenth of the 32 units of a drawing: finer than a screen shows it.

    Only what stands behind a point changes: before it may stand the flags of an arc, written together with a length.
    """
    return DECIMALS.sub(lambda found: f".{min(9, round(float(f'.{found[1]}') * 10))}", body)


def sprite(package: Path) -> str:
    icons = json.loads((package / "icons.json").read_text(encoding="utf-8"))["icons"]
    drawings = {name: rounded(icons[name]["body"]) for name in TAKEN}
    drawings |= {name: rounded(body) for name, body in OURS.findall((HERE / "ours.svg").read_text(encoding="utf-8"))}
    symbols = (f'<symbol id="{name}" viewBox="0 0 32 32">{drawings[name]}</symbol>\n' for name in sorted(drawings))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'


if __name__ == "__main__":
    (HERE / "goods.svg").write_text(sprite(Path(sys.argv[1])), encoding="utf-8")
