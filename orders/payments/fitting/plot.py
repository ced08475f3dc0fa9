"""Reliability drawn as an SVG: confidence to the right, the share that was right upwards, a diagonal where alike."""

from collections.abc import Sequence

from orders.payments.matcher.weights import Bin

_SIZE, _EDGE = 400, 56
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#334}.frame{fill:#fff;stroke:#99a}.grid{stroke:#e4e6ee}"
    ".even{stroke:#99a;stroke-dasharray:4 4}"
    ".bounds{stroke:#2563a8;stroke-width:1.5}.seen{fill:#2563a8;fill-opacity:.75}"
)


def drawn(bins: Sequence[Bin], *, title: str, across: str, up: str) -> str:
    """A point for each bin, the larger the more it holds, with the bounds of the true share."""
    whole = _SIZE + 2 * _EDGE
    most = max([one.transfers for one in bins], default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" role="img" width="{whole}">',
        f"<title>{_escaped(title)}</title><style>{_STYLE}</style>",
        f'<rect class="frame" x="{_EDGE}" y="{_EDGE}" width="{_SIZE}" height="{_SIZE}"/>',
        *(_grid(tenth / 5) for tenth in range(6)),
        f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>',
        *(_point(one, most) for one in bins),
        f'<text x="{whole / 2}" y="{_EDGE / 2}" text-anchor="middle">{_escaped(title)}</text>',
        f'<text x="{whole / 2}" y="{whole - 12}" text-anchor="middle">{_escaped(across)}</text>',
        f'<text transform="translate(16 {whole / 2}) rotate(-90)" text-anchor="middle">{_escaped(up)}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(share: float) -> float:
    return round(_EDGE + share * _SIZE, 1)


def _y(share: float) -> float:
    return round(_EDGE + (1 - share) * _SIZE, 1)


def _grid(share: float) -> str:
    return (
        f'<line class="grid" x1="{_x(0)}" y1="{_y(share)}" x2="{_x(1)}" y2="{_y(share)}"/>'
        f'<text x="{_EDGE - 8}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>'
        f'<text x="{_x(share)}" y="{_y(0) + 18}" text-anchor="middle">{share:.1f}</text>'
    )


def _point(one: Bin, most: int) -> str:
    x, radius = _x(one.confidence), round(3 + 9 * (one.transfers / most) ** 0.5, 1)
    label = f"{one.transfers}: confidence {one.confidence:.3f}, right {one.right:.3f}"
    return (
        f'<line class="bounds" x1="{x}" y1="{_y(one.least)}" x2="{x}" y2="{_y(one.most)}"/>'
        f'<circle class="seen" cx="{x}" cy="{_y(one.right)}" r="{radius}"><title>{label}</title></circle>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
