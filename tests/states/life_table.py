"""How to reach the pages of a payment's life after the first: see table.py."""

from tests.states.state import State

ORDER = "/o/<token>"
TRANSFER = "/desk/transfers/<int:transfer_id>"
DESK_ORDER = "/desk/orders/<code>"
ROUND = "/desk/admin/rounds/<int:round_id>"


def refused(step: str, name: str, sends: dict[str, str]) -> State:
    """A form of a transfer's page that was sent without a reason."""
    address = f"/desk/transfers/{{{name} transfer}}"
    return State(
        TRANSFER,
        f"with faults: {step}",
        address,
        "office",
        422,
        to=f"{address}/{step}",
        sends={"because": "", **sends},
        faulty=True,
    )


LIFE = [
    State(ORDER, "overpaid", "/o/{overpaid order}"),
    State(ORDER, "overpaid, with an order to use it for", "/o/{credited order}"),
    State(ORDER, "with a refund under way", "/o/{refunded order}"),
    State(ORDER, "paid by transfer", "/o/{using order}"),
    State("/o/<token>/cancel", "paid", "/o/{using order}/cancel"),
    State("/o/<token>/cancel", "not paid", "/o/{open order}/cancel"),
    State("/o/<token>/cancel", "too late", "/o/{dispatched order}/cancel"),
    *(
        State(TRANSFER, name, f"/desk/transfers/{{{name} transfer}}", "office")
        for name in ("overpaying", "used", "kept", "reversible", "reversed")
    ),
    State(TRANSFER, "for an expired order", "/desk/transfers/{late transfer}?about={lapsed code}", "office"),
    State(TRANSFER, "for a paid order", "/desk/transfers/{late transfer}?about={using code}", "office"),
    State(
        TRANSFER,
        "with faults: choose",
        "/desk/transfers/{late transfer}?about={lapsed code}",
        "office",
        422,
        to="/desk/transfers/{late transfer}/choose",
        sends={"code": "{lapsed code}", "because": ""},
        faulty=True,
    ),
    refused("credit/use", "overpaying", {"code": ""}),
    refused("credit/back", "used", {}),
    refused("taken-back", "reversible", {}),
    refused("taken-back/undo", "reversed", {}),
    State(
        DESK_ORDER,
        "with faults: deadline",
        "/desk/orders/{open code}",
        "office",
        422,
        to="/desk/orders/{open code}/deadline",
        sends={"until": "soon", "because": ""},
        faulty=True,
    ),
    State(DESK_ORDER, "with more time", "/desk/orders/{hurried code}", "office"),
    State(
        ROUND,
        "with faults: deadlines",
        "/desk/admin/rounds/{round}",
        "office",
        422,
        to="/desk/admin/rounds/{round}/deadlines",
        sends={"until": "soon", "because": ""},
        faulty=True,
    ),
]
