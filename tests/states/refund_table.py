"""How to reach the pages of refunds and of money that went out: see table.py."""

from tests.states.state import State

LIST = "/desk/refunds"
ONE = f"{LIST}/<int:refund_id>"
BATCH = f"{LIST}/batches/<int:batch_id>"
PROPOSE = "/desk/transfers/<int:transfer_id>/refund"
DEBIT = "/desk/debits/<int:debit_id>"
NOBODY = {"bank": "", "bank_bin": "12", "account": "1", "name": "?", "reason": ""}


def faulty(rule: str, name: str, page: str, to: str, sends: dict[str, str]) -> State:
    return State(rule, name, page, "office", 422, to=to, sends=sends, faulty=True)


REFUNDS = [
    *(
        State(LIST, name, f"{LIST}?tab={name}", "office")
        for name in ("naming", "second", "approved", "exported", "done", "back", "ended")
    ),
    State(LIST, "empty", LIST, "office", city="empty"),
    *(
        State(ONE, name, f"{LIST}/{{{name} refund}}", "office")
        for name in (
            "naming",
            "second",
            "own",
            "approved",
            "exported",
            "done",
            "back",
            "refused",
            "stopped",
            "forgotten",
        )
    ),
    faulty(ONE, "with faults: name", f"{LIST}/{{naming refund}}", f"{LIST}/{{naming refund}}/name", NOBODY),
    faulty(
        ONE, "with faults: refuse", f"{LIST}/{{second refund}}", f"{LIST}/{{second refund}}/refuse", {"because": ""}
    ),
    faulty(
        ONE, "with faults: stop", f"{LIST}/{{approved refund}}", f"{LIST}/{{approved refund}}/stop", {"because": ""}
    ),
    *(
        State(PROPOSE, name, f"/desk/transfers/{{{name} transfer}}/refund", "office")
        for name in ("waiting", "returned", "refunded")
    ),
    faulty(
        PROPOSE,
        "with faults",
        "/desk/transfers/{waiting transfer}/refund",
        "/desk/transfers/{waiting transfer}/refund",
        {**NOBODY, "amount": "a lot", "because": "", "code": "DC2222222"},
    ),
    State("/desk/transfers/<int:transfer_id>", "that came back", "/desk/transfers/{returned transfer}", "office"),
    State("/desk/transfers/<int:transfer_id>", "that was refunded", "/desk/transfers/{refunded transfer}", "office"),
    State(f"{LIST}/batches", "filled", f"{LIST}/batches", "office"),
    State(f"{LIST}/batches", "empty", f"{LIST}/batches", "office", city="empty"),
    *(State(BATCH, name, f"{LIST}/batches/{{{name} batch}}", "office") for name in ("sent", "paid", "cancelled")),
    faulty(
        BATCH,
        "with faults",
        f"{LIST}/batches/{{sent batch}}",
        f"{LIST}/batches/{{sent batch}}/cancel",
        {"because": ""},
    ),
    State("/desk/debits", "not explained", "/desk/debits", "office"),
    State("/desk/debits", "explained", "/desk/debits?show=explained", "office"),
    State("/desk/debits", "empty", "/desk/debits", "office", city="empty"),
    *(
        State(DEBIT, name, f"/desk/debits/{{{name} debit}}", "office")
        for name in ("doubtful", "fitting", "refunding", "fee")
    ),
    faulty(
        DEBIT,
        "with faults: link",
        "/desk/debits/{doubtful debit}",
        "/desk/debits/{doubtful debit}/link",
        {"code": "", "because": ""},
    ),
    faulty(DEBIT, "with faults: say", "/desk/debits/{doubtful debit}", "/desk/debits/{doubtful debit}/say", {}),
    faulty(DEBIT, "with faults: undo", "/desk/debits/{fee debit}", "/desk/debits/{fee debit}/undo", {"because": ""}),
    State("/o/<token>", "with a refund under way", "/o/{refunding order}"),
    State("/o/<token>", "refunded", "/o/{refunded order}"),
]
