"""What the chain seals: every table that only grows, and what a bank told of movements.

A transfer's places and marks change as its money moves, so they are left to the postings; a manifest's stops may lose
names (decision 26), so their names are not in the seal. A webhook's body and a closed day's minute are in by their
digests.
"""

from __future__ import annotations

from typing import Any

from kernel.chain.evidence import Evidence, of
from suppliers.delta import everywhere

SEEN = ("manifest_id", "staff_id", "form", "at")
PERSONAL = ("address", "name", "phone", "note", "block", "forgotten")


def _delta_without_names(delta: dict[str, Any]) -> dict[str, Any]:
    """What changed of the goods. Rows of the time before there were versions have none."""
    return everywhere(delta, _goods)


def _goods(stop: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stop.items() if key not in PERSONAL}


def _without_names(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A manifest's goods, stops and sums."""
    return {**snapshot, "stops": [_goods(stop) for stop in snapshot["stops"]]}


_MANIFEST = ("number", "batch_id", "supplier_id", "made_at", "snapshot")


EVIDENCE = (
    of("inbound_messages", "account_id statement_id row raw outcome transfer_id debit_id received_at"),
    of(
        "transfers",
        "account_id identity booked_on earliest latest likely_at amount"
        " reference memo payer_name payer_account bank_hint",
    ),
    of(
        "debits",
        "account_id identity booked_on earliest latest amount reference memo payee_name payee_account",
    ),
    of("allocations", "source transfer_id order_id amount automatic reverses_id by at because"),
    of("postings", "transfer_id order_id allocation_id moved_from moved_to amount reverses_id by at because"),
    of("deductions", "order_id line_id supplier_id amount quantity reverses_id because by at"),
    of("shortages", "batch_id supplier_id item unit measure missing instead because rule attempt by at"),
    of("shortage_shares", "shortage_id order_id line_id portions quantity"),
    of("shortage_steps", "shortage_id order_id became instead by at because"),
    of("shortage_entries", "shortage_id order_id deduction_id refund_id"),
    of("returns_by_hand", "shortage_id order_id amount"),
    of("complaints", "order_id parcel_id supplier_id line_id item kind source door_key attempt told_by at"),
    of("complaint_entries", "complaint_id order_id deduction_id refund_id"),
    of("desk_events", "transfer_id what by at because"),
    of("order_events", "order_id was became by at because"),
    Evidence(
        "manifests",
        (_MANIFEST, (*_MANIFEST, "version", "delta", "made_by", "because")),
        {"snapshot": _without_names, "delta": _delta_without_names},
    ),
    of("parcel_events", "parcel_id became by at because"),
    of("door_events", "key parcel_id kind undoes staff_id run_id at received_at reason short"),
    Evidence("manifest_views", (SEEN, (*SEEN, "token_id"))),
    of("api_tokens", "prefix secret_hash name supplier_id staff_id scopes created_at expires_at"),
    of("purchase_orders", "number batch_id supplier_id amount made_at snapshot sha256"),
    of("purchase_events", "purchase_order_id what by name at"),
    of("settlement_events", "settlement_id what by name at because sha256"),
    of("changes", "kind subject_id field about was became by at because"),
    of("price_changes", "combo_id was becomes measured_from limit_percent over_limit proposed_by proposed_at because"),
    of("receiving_changes", "was_id account_id proposed_by proposed_at because"),
    of("hook_calls", "provider digest sent_at received_at"),
    of(
        "hook_messages",
        "call_id place provider provider_id account_id account_number amount raw outcome why"
        " transfer_id doubt_id received_at",
    ),
    of("doubts", "account_id feed key why told transfer_ids raised_at"),
    of("doubt_events", "doubt_id what transfer_id by at because"),
    of("refunds", "transfer_id order_id amount taken_from code proposed_by proposed_at because"),
    of("refund_batches", "account_id attempt size total made_by made_at"),
    of(
        "day_seals",
        "account_id day version number behind opening incoming outgoing closing stated because by at previous sha256",
    ),
    of("late_movements", "seal_id account_id booked_on transfer_id debit_id"),
)
