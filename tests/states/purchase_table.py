"""How to reach the pages of purchase orders, settlements and receipts: see table.py."""

from tests.states.state import State

ORDER, SETTLEMENT = "/suppliers/orders/<purchase>", "/suppliers/settlements/<settlement>"
DESK = "/desk/settlements"
WHOLE = {"begins_on": "2021-09-01", "ends_on": "2021-09-02"}


def order(name: str, who: str, purchase: str, **more: object) -> State:
    return State(ORDER, name, f"/suppliers/orders/{{{purchase} purchase}}", who, **more)


def settlement(name: str, who: str, which: str, **more: object) -> State:
    return State(SETTLEMENT, name, f"/suppliers/settlements/{{{which} settlement}}", who, **more)


PURCHASES = [
    State("/o/<token>/receipt", "paid", "/o/{confirmed order}/receipt"),
    State("/o/<token>/receipt", "with something missing", "/o/{lacking order}/receipt"),
    State("/o/<token>/receipt", "not paid", "/o/{open order}/receipt"),
    State("/suppliers/orders", "filled", "/suppliers/orders", "supplier"),
    State("/suppliers/orders", "empty", "/suppliers/orders", "supplier", city="empty"),
    order("waiting", "supplier", "waiting"),
    order("waiting, for the office", "office", "waiting"),
    order("acknowledged", "supplier", "acknowledged"),
    order("acknowledged, for the office", "office", "acknowledged"),
    order(
        "with faults",
        "supplier",
        "waiting",
        status=422,
        to="/suppliers/orders/{waiting purchase}/acknowledge",
        sends={"name": ""},
        faulty=True,
    ),
    State("/desk/purchases", "filled", "/desk/purchases", "office"),
    State("/desk/purchases", "empty", "/desk/purchases", "office", city="empty"),
    State("/suppliers/settlements", "filled", "/suppliers/settlements", "supplier"),
    State("/suppliers/settlements", "empty", "/suppliers/settlements", "supplier", city="empty"),
    settlement("to be agreed", "supplier", "drawn"),
    settlement("to be agreed, for the office", "office", "drawn"),
    settlement("agreed", "supplier", "agreed"),
    settlement("agreed, to be paid", "office", "agreed"),
    settlement("paid", "office", "paid"),
    settlement("paid, for the supplier", "supplier", "paid"),
    settlement("dropped", "office", "dropped"),
    settlement("put back", "office", "put back"),
    *(
        settlement(
            f"with faults: {step}",
            who,
            which,
            status=422,
            to=to,
            sends=sent,
            faulty=True,
        )
        for step, who, which, to, sent in (
            ("agree", "supplier", "drawn", "/suppliers/settlements/{drawn settlement}/agree", {"name": ""}),
            ("disagree", "office", "drawn", "/suppliers/settlements/{drawn settlement}/disagree", {"because": ""}),
            ("drop", "office", "put back", "/desk/settlements/{put back key}/drop", {"because": ""}),
            ("pay", "office", "agreed", "/desk/settlements/{agreed key}/pay", {"debit": "x", "because": ""}),
        )
    ),
    State(DESK, "filled", DESK, "office"),
    State(DESK, "empty", DESK, "office", city="empty"),
    State(DESK, "with faults", DESK, "office", 422, sends={**WHOLE, "ends_on": "2021-08-01"}, faulty=True),
    State(DESK, "with nothing to settle", DESK, "office", 422, sends={**WHOLE, "supplier": "{idle firm}"}, faulty=True),
]
