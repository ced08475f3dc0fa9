"""The same files decided by Splink, as a careful user would set it up: ``with_splink.py FOLDER OUT``.

Runs in the bench's own virtual environment and knows nothing of this project. Code, phone, name and ward are taken from
memos by regular expression; pairs are blocked on code, phone, and name with sum; the model is trained by expectation
maximisation; an order goes to its best transfer if the sum is the order's and nothing else comes near.
"""

import csv
import json
import logging
import re
import sys
import time
import unicodedata
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SURE, WORTH_ASKING, LEAD = 0.95, 0.05, 0.05  # chosen on the seeds for fitting
_CODE = re.compile(r"DC[2-9A-HJ-NP-Z]{7}")
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)[ .-]?([35789])[ .-]?((?:\d[ .-]?){7}\d)(?!\d)")
_NAME = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,}){1,5}")
_NOT_NAMES = re.compile(
    r"\b(?:CHUYEN|TIEN|CK|THANH TOAN|DON HANG|MUA|COMBO|DAT HANG|SDT|DT|PHUONG|GUI|IBFT|NOI DUNG|CAM ON|QR|FT|MA GD"
    r"|MA GIAO DICH|TRACE|CT DEN|CT NHANH|DEN TU NAPAS|DIRECT DEBITS VCB|PARTNER|MSE|ZLP|THOI GIAN|GD|REM TFR AC"
    r"|ACSP|TKTHE)\b"
)
_BANKS_TAIL = re.compile(r"\bCT TU\b.*")


def folded(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in marks if not unicodedata.combining(c)).upper()


def first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found.group() if found else None


def phone_in(body: str) -> str | None:
    """The last: a wallet writes the payer's own before the memo."""
    found = _PHONE.findall(body)
    return "0" + found[-1][0] + re.sub(r"\D", "", found[-1][1]) if found else None


def name_in(words: str, payer: str) -> str | None:
    """The longest run of words that are no ward and no bank's; else the payer."""
    runs = _NAME.findall(_NOT_NAMES.sub(".", words.replace("_", " ")))
    return max(runs, key=len) if runs else folded(payer) or None


def orders_of(folder: Path) -> Any:
    table = pd.read_csv(folder / "orders.csv", dtype=str, keep_default_na=False)
    table = table[table["status"] == "awaiting_payment"]
    return pd.DataFrame(
        {
            "unique_id": table["code"],
            "code": table["code"],
            "phone": table["phone"],
            "name": table["name"].map(folded),
            "ward": table["ward"].map(folded),
            "amount": table["total"].astype(int),
        }
    )


def transfers_of(folder: Path, wards: list[str]) -> Any:
    table = pd.read_csv(folder / "transfers.csv", dtype=str, keep_default_na=False)
    bodies = table["memo"].map(folded).str.replace(_BANKS_TAIL, "", regex=True)
    ward = re.compile("|".join(sorted(map(re.escape, wards), key=len, reverse=True)))
    names = [name_in(ward.sub(".", body), payer) for body, payer in zip(bodies, table["payer_name"], strict=True)]
    return pd.DataFrame(
        {
            "unique_id": table["transfer_id"],
            "code": bodies.map(lambda body: first(_CODE, body)),
            "phone": bodies.map(phone_in),
            "name": names,
            "ward": bodies.map(lambda body: first(ward, body)),
            "amount": table["amount"].astype(int),
        }
    )


def predicted(orders: Any, transfers: Any) -> Any:
    """Pairs with their probability: columns transfer, order, probability."""
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.ExactMatch("code"),
            cl.DamerauLevenshteinAtThresholds("phone", [1]),
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("ward").configure(term_frequency_adjustments=True),
            cl.ExactMatch("amount").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on("code"), block_on("phone"), block_on("name", "amount")],
    )
    linker = Linker([transfers, orders], settings, DuckDBAPI(), input_table_aliases=["a_transfers", "b_orders"])
    linker.training.estimate_probability_two_random_records_match(
        [block_on("code"), block_on("phone", "amount")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("phone"), block_on("code"), block_on("name", "amount")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=WORTH_ASKING).as_pandas_dataframe()
    pairs = pairs.rename(
        columns={"unique_id_l": "transfer", "unique_id_r": "order", "match_probability": "probability"}
    )
    return pairs[["transfer", "order", "probability"]].sort_values(["probability", "transfer"], ascending=[False, True])


def decided(orders: Any, transfers: Any, pairs: Any) -> list[tuple[str, ...]]:
    totals = dict(zip(orders["unique_id"], orders["amount"], strict=True))
    sums = dict(zip(transfers["unique_id"], transfers["amount"], strict=True))
    ranked: dict[str, list[tuple[str, float]]] = {transfer: [] for transfer in sums}
    for transfer, order, probability in pairs.itertuples(index=False):
        ranked[transfer].append((order, probability))
    given: set[str] = set()
    rows: dict[str, tuple[str, ...]] = {}
    for transfer in dict.fromkeys([*pairs["transfer"], *sums]):  # the surest first
        found = ranked[transfer]
        candidates = ";".join(order for order, _ in found[:5])
        best = found[0] if found else ("", 0.0)
        ahead = best[1] - (found[1][1] if len(found) > 1 else 0.0)
        fits = best[1] >= SURE and ahead >= LEAD and totals[best[0]] == sums[transfer] and best[0] not in given
        if fits:
            given.add(best[0])
            row = ("matched", f"{best[0]}:{totals[best[0]]}", candidates, f"{best[1]:.4f}", "")
        else:
            row = ("review" if found else "unmatched", "", candidates, f"{best[1]:.4f}", "")
        rows[transfer] = (transfer, *row)
    return [rows[transfer] for transfer in sums]


def main(folder: Path, out: Path) -> None:
    started = time.perf_counter()
    orders = orders_of(folder)
    transfers = transfers_of(folder, sorted(set(orders["ward"])))
    rows = decided(orders, transfers, predicted(orders, transfers))
    with out.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow("transfer_id decision allocations candidates confidence why".split())
        sheet.writerows(rows)
    seconds = time.perf_counter() - started
    peak = int(re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[0]) / 1024
    told = {"transfers": len(rows), "seconds": seconds, "per_second": len(rows) / seconds, "peak_rss_mb": peak}
    print(json.dumps(told))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
