"""How to reach the ledger's pages: see table.py."""

from tests.states.state import State

LEDGER = "/desk/ledger"
WAY = f"{LEDGER}/transfers/<int:transfer_id>"

MONEY = [
    State(LEDGER, "filled", LEDGER, "office"),
    State(LEDGER, "page 2", f"{LEDGER}?account={{ledger account}}&page=2", "office"),
    State(LEDGER, "of another account", f"{LEDGER}?account={{split account}}", "office"),
    State(LEDGER, "of one place", f"{LEDGER}?account={{split account}}&show=credit", "office"),
    State(LEDGER, "what went out", f"{LEDGER}?account={{ledger account}}&show=out", "office"),
    State(LEDGER, "with nothing found", f"{LEDGER}?show=refunded", "office"),
    State(LEDGER, "of an account that is not there", f"{LEDGER}?account=999999", "office", 404),
    State(LEDGER, "empty", LEDGER, "office", city="empty"),
    *(
        State(WAY, name, f"{LEDGER}/transfers/{{{name} transfer}}", "office")
        for name in ("waiting", "placing", "long", "aside", "split", "many-part")
    ),
    State(WAY, "that is not there", f"{LEDGER}/transfers/999999", "office", 404),
    State("/desk/orders/<code>", "paid by several", "/desk/orders/{shared code}", "office"),
]
