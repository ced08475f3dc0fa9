"""One contestant in a process of its own: ``plain``, one document of one table, or ``ours``. Prints a line of JSON."""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from html import escape
from pathlib import Path

from bench.manifests.city import manifest
from suppliers.models import Manifest

HEADS = ("STT", "Mã đơn", "Phường", "Địa chỉ", "Họ tên", "Điện thoại", "Giao gì", "Ghi chú")
PLAIN = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Bảng kê</title><style>
@page { size: A4; margin: 12mm; @bottom-right { content: counter(page) "/" counter(pages) } }
body { font: 8.5pt "Be Vietnam Pro" } table { width: 100%; border-collapse: collapse }
th, td { border: .5pt solid #888; padding: 1mm; text-align: left; vertical-align: top }
</style><body><table>"""


def plain(about: Manifest) -> int:
    """The rows of the list of stops in one table: no QR codes, no list of goods, no packing list. Answers its bytes."""
    from kernel.printing import print_html
    from suppliers.manifest import stop_rows

    columns = ("stop", "code", "ward", "address", "name", "phone", "hand_over", "note")
    head = "".join(f"<th>{title}</th>" for title in HEADS)
    rows = (
        "<tr>" + "".join(f"<td>{escape(str(row[column]))}</td>" for column in columns) + "</tr>"
        for row in stop_rows(about.snapshot)
    )
    return len(print_html(f"{PLAIN}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"))


def ours(about: Manifest) -> int:
    """All papers: what to pick, where it goes, the packing list, stops with a QR each; for both kinds of reader."""
    from suppliers import typeset

    for _piece in typeset.make(about):
        pass
    return len(typeset.pdf(about, people=True) or b"")


def main() -> None:
    """``python -m bench.manifests.contestants ours 5000``"""
    which, stops = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["DCT_INSTANCE"] = scratch
        from app import create_app

        app, about = create_app(), manifest(stops)
        with app.test_request_context():
            started, before = time.perf_counter(), os.times()
            size = {"plain": plain, "ours": ours}[which](about)
            seconds, after = time.perf_counter() - started, os.times()
            if which == "ours" and (kept := os.environ.get("BENCH_KEEP")):
                from suppliers import typeset

                Path(kept).write_bytes(typeset.pdf(about, people=True) or b"")
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu": sum(after[:4]) - sum(before[:4]),
                "mb": mine.ru_maxrss // 1024,
                "child_mb": children.ru_maxrss // 1024,
                "bytes": size,
            }
        )
    )


if __name__ == "__main__":
    main()
