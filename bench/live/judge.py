"""What the live system gave each transfer of a labelled set, in the columns that scoring reads."""

import csv
from itertools import islice
from pathlib import Path

from psycopg import Connection
from psycopg.rows import dict_row

from bench.matching.scoring import Score, score

_GIVEN = """
    SELECT transfers.reference AS transfer_id, proposals.verdict, proposals.confidence, proposals.candidates,
           (SELECT string_agg(code || ':' || given, ';')
            FROM (SELECT orders.code, sum(allocations.amount) AS given
                  FROM allocations JOIN orders ON orders.id = allocations.order_id
                  WHERE allocations.transfer_id = transfers.id GROUP BY orders.code) AS shares
            WHERE given > 0) AS allocations
    FROM transfers LEFT JOIN proposals ON proposals.transfer_id = transfers.id
"""
_COLUMNS = ("transfer_id", "decision", "allocations", "candidates", "confidence", "why")


def judged(connection: Connection, folder: Path, *, most: int) -> Score:
    """The score of the set's first ``most`` transfers, which were booked with their ids as references."""
    given = {row["transfer_id"]: row for row in connection.cursor(row_factory=dict_row).execute(_GIVEN)}
    cut = folder / "judged"
    cut.mkdir()
    (cut / "orders.csv").symlink_to(folder / "orders.csv")
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as told:
        truths = list(islice(csv.DictReader(told), most))
    _write(cut / "truth.csv", tuple(truths[0]), truths)
    _write(cut / "decisions.csv", _COLUMNS, [_decision(truth["transfer_id"], given) for truth in truths])
    return score(cut, cut / "decisions.csv")


def _decision(transfer_id: str, given: dict[str, dict[str, object]]) -> dict[str, object]:
    row = given.get(transfer_id, {})
    candidates = row.get("candidates")
    codes = [candidate["code"] for candidate in candidates] if isinstance(candidates, list) else []
    return {
        "transfer_id": transfer_id,
        "decision": "matched" if row.get("allocations") else row.get("verdict") or "missing",
        "allocations": row.get("allocations") or "",
        "candidates": ";".join(codes),
        "confidence": row.get("confidence", ""),
        "why": "",
    }


def _write(path: Path, columns: tuple[str, ...], rows: list[dict[str, object]] | list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
