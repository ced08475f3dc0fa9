"""A manifest's tables: CSV, XLSX and JSON with the rows of the papers, and the SHA-256 of the snapshot in each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from kernel.phones import display
from kernel.sheets import write_book, write_csv
from suppliers.manifest import COLUMNS, FOR_PACKERS, stop_rows
from suppliers.models import Manifest
from suppliers.sums import block_of, matrices
from suppliers.typeset import told

Row = Sequence[str | int | None]


def rows(manifest: Manifest, *, people: bool) -> list[dict[str, Any]]:
    """One row a stop, as papers print it: in Vietnamese, phones in groups. Who does not deliver gets no person."""
    columns = columns_for(people)
    with force_locale("vi"):
        listed = stop_rows(manifest.snapshot)
    blocks = [block_of(stop) for stop in manifest.snapshot["stops"]]
    shown = [{**row, "block": block, "phone": display(row["phone"])} for row, block in zip(listed, blocks, strict=True)]
    return [{column: row[column] for column in columns} for row in shown]


def columns_for(people: bool) -> tuple[str, ...]:
    return COLUMNS if people else FOR_PACKERS


def csv(manifest: Manifest, *, people: bool) -> bytes:
    """The stops, in cells that do nothing when a spreadsheet opens them; the last row names the snapshot."""
    with force_locale("vi"):
        return write_csv([*_stops(manifest, people), *_seal(manifest)])


def xlsx(manifest: Manifest, *, people: bool) -> bytes:
    """A workbook: stops, what to pick, where it goes, what changed, and what it is a table of."""
    with force_locale("vi"):
        sheets: dict[str, list[Row]] = {
            _("Stops"): _stops(manifest, people),
            _("To pick"): list(_picking(manifest)),
            _("By block"): list(_matrix(manifest)),
            _("About"): list(_about(manifest)),
        }
        if manifest.version > 1:
            sheets[_("Changes")] = list(_changes(manifest, people))
        return write_book(sheets)


def as_json(manifest: Manifest, *, people: bool) -> bytes:
    """The same for programs; who sees people gets the snapshot, too, of which the SHA-256 is."""
    with force_locale("vi"):
        changes = told(manifest, people=people) if manifest.version > 1 else []
    answer = {
        "number": manifest.number,
        "version": manifest.version,
        "sha256": manifest.sha256,
        "supplier": manifest.snapshot["supplier"],
        "round": manifest.snapshot["round"],
        "rows": rows(manifest, people=people),
        "items": manifest.snapshot["items"],
        "combos": manifest.snapshot["combos"],
        "changes": changes,
        **({"snapshot": manifest.snapshot} if people else {}),
    }
    return json.dumps(answer, ensure_ascii=False, indent=1).encode()


def _stops(manifest: Manifest, people: bool) -> list[Row]:
    columns, heads = columns_for(people), headings()
    cold = _("keep cold")
    listed = [{**row, "cold": cold if row["cold"] else ""} for row in rows(manifest, people=people)]
    return [[heads[column] for column in columns], *([row[column] for column in columns] for row in listed)]


def headings() -> dict[str, str]:
    return {
        "stop": _("Stop"),
        "code": _("Order"),
        "ward": _("Ward"),
        "block": _("Block"),
        "address": _("Address"),
        "name": _("Full name"),
        "phone": _("Phone"),
        "hand_over": _("Hand over"),
        "cold": _("Cold chain"),
        "note": _("Note"),
    }


def _seal(manifest: Manifest) -> Iterator[Row]:
    yield ["SHA-256", manifest.sha256, manifest.number]


def _picking(manifest: Manifest) -> Iterator[Row]:
    yield [_("Item"), _("In all"), _("Quantity"), _("Unit"), _("Cold chain")]
    for total in manifest.snapshot["items"]:
        unit = total["measure"] or total["unit"]
        yield [total["name"], total["shown"], total["quantity"], unit, _("keep cold") if total.get("cold") else ""]


def _matrix(manifest: Manifest) -> Iterator[Row]:
    yield [_("Ward"), _("Item"), _("Block"), _("How much")]
    for matrix in matrices(manifest.snapshot):
        for name, _cold, cells, _in_all in matrix.rows:
            yield from (
                [matrix.ward, name, block or _("no block named"), cell]
                for block, cell in zip(matrix.blocks, cells, strict=True)
                if cell
            )


def _changes(manifest: Manifest, people: bool) -> Iterator[Row]:
    yield [_("Stop"), _("Order"), _("What changed"), _("Before"), _("Now")]
    words = {"added": _("added"), "removed": _("taken off"), "changed": _("changed")}
    for each in told(manifest, people=people):
        both = ["; ".join(line for line in each[when] or () if line) for when in ("before", "after")]
        yield [each["stop"]["stop"], each["stop"]["code"], words[each["became"]], *both]


def _about(manifest: Manifest) -> Iterator[Row]:
    snapshot = manifest.snapshot
    yield [_("Manifest"), manifest.number]
    yield [_("Version"), manifest.version]
    yield [_("Supplier"), snapshot["supplier"]["name"]]
    yield [_("Delivery on"), "/".join(reversed(snapshot["round"]["delivery_on"].split("-")))]
    yield [_("Stops"), len(snapshot["stops"])]
    yield ["SHA-256", manifest.sha256]
