"""How to reach the pages of what the office keeps: see table.py."""

from tests.states.state import State

ADMIN = "/desk/admin"
WARD = f"{ADMIN}/rounds/wards/<int:ward_id>"
COMBO = {"name": "", "group": "", "items": "muối", "position": "0"}
ROUND = {"opens_at": "tomorrow", "closes_at": "", "dispatch_at": "", "delivery_on": "x"}
PERSON = {"username": "Lan Kinh Tế", "name": ""}


def lists(rule: str, new: str = "") -> list[State]:
    """A list, filled and on the first day, and the form of a new one."""
    path = ADMIN + rule
    there = [State(path, "filled", path, "office"), State(path, "with nothing found", f"{path}?q=zzzz", "office")]
    return [*there, *([State(f"{path}/new", "empty", f"{path}/new", "office")] if new else [])]


def faulty(rule: str, address: str, sends: dict[str, str], *, to: str = "", name: str = "with faults") -> State:
    return State(ADMIN + rule, name, ADMIN + address, "office", 422, to=to and ADMIN + to, sends=sends, faulty=True)


KEPT = [
    State("/account/password", "empty", "/account/password", "office"),
    State(
        "/account/password",
        "with faults",
        "/account/password",
        "office",
        422,
        sends={"old": "", "new": "short", "again": ""},
    ),
    State(ADMIN, "filled", ADMIN, "office"),
    State(ADMIN, "on the first day", ADMIN, "office", city="empty"),
    *lists("/combos", "new"),
    State(f"{ADMIN}/combos", "empty", f"{ADMIN}/combos", "office", city="empty"),
    faulty("/combos/new", "/combos/new", {**COMBO, "price": "12,5"}),
    State(f"{ADMIN}/combos/<code>", "filled", f"{ADMIN}/combos/C01", "office"),
    State(f"{ADMIN}/combos/<code>", "with long texts", f"{ADMIN}/combos/{{long combo}}", "office"),
    faulty("/combos/<code>", "/combos/C01", COMBO),
    State(f"{ADMIN}/combos/<code>/price", "empty", f"{ADMIN}/combos/C01/price", "office"),
    faulty("/combos/<code>/price", "/combos/C01/price", {"becomes": "a lot", "because": ""}),
    State(f"{ADMIN}/prices", "filled", f"{ADMIN}/prices", "office"),
    State(f"{ADMIN}/prices", "empty", f"{ADMIN}/prices", "office", city="empty"),
    *(
        State(f"{ADMIN}/prices/<int:change_id>", name, f"{ADMIN}/prices/{{{name} price}}", "office")
        for name in ("proposed", "applied")
    ),
    faulty(
        "/prices/<int:change_id>", "/prices/{proposed price}", {"because": ""}, to="/prices/{proposed price}/refuse"
    ),
    *lists("/rounds", "new"),
    State(f"{ADMIN}/rounds", "empty", f"{ADMIN}/rounds", "office", city="empty"),
    faulty("/rounds/new", "/rounds/new", {"first": "x", "last": "", "closes": "noon", "open_for": "0"}),
    State(f"{ADMIN}/rounds/<int:round_id>", "taking orders", f"{ADMIN}/rounds/{{round}}", "office"),
    State(f"{ADMIN}/rounds/<int:round_id>", "dispatched", f"{ADMIN}/rounds/{{dispatched round}}", "office"),
    faulty("/rounds/<int:round_id>", "/rounds/{round}", ROUND),
    faulty(
        "/rounds/<int:round_id>",
        "/rounds/{round}",
        {"because": ""},
        to="/rounds/{round}/close",
        name="with faults: closing",
    ),
    State(f"{ADMIN}/rounds/<int:round_id>/places", "filled", f"{ADMIN}/rounds/{{round}}/places", "office"),
    State(f"{ADMIN}/rounds/<int:round_id>/closes", "filled", f"{ADMIN}/rounds/{{round}}/closes", "office"),
    State(
        f"{ADMIN}/rounds/<int:round_id>/closes", "dispatched", f"{ADMIN}/rounds/{{dispatched round}}/closes", "office"
    ),
    faulty("/rounds/<int:round_id>/closes", "/rounds/{round}/closes", {"ward-1": "tomorrow", "because": ""}),
    State(f"{ADMIN}/rounds/wards", "filled", f"{ADMIN}/rounds/wards", "office"),
    *(
        State(WARD, name, f"{ADMIN}/rounds/wards/{{{name} ward}}", "office")
        for name in ("open", "locked", "prioritised")
    ),
    faulty("/rounds/wards/<int:ward_id>", "/rounds/wards/{locked ward}", {"because": ""}),
    State(f"{ADMIN}/rounds/rota", "filled", f"{ADMIN}/rounds/rota", "office"),
    State(f"{ADMIN}/rounds/rota", "on the first day", f"{ADMIN}/rounds/rota", "office", city="empty"),
    faulty("/rounds/rota", "/rounds/rota", {"city": "often", "because": ""}),
    *lists("/suppliers", "new"),
    faulty("/suppliers/new", "/suppliers/new", {"name": "", "phone": "12"}),
    State(f"{ADMIN}/suppliers/<int:supplier_id>", "filled", f"{ADMIN}/suppliers/{{supplier}}", "office"),
    faulty("/suppliers/<int:supplier_id>", "/suppliers/{supplier}", {"name": "", "phone": "12"}),
    *lists("/staff", "new"),
    faulty("/staff/new", "/staff/new", PERSON),
    State(f"{ADMIN}/staff/<int:staff_id>", "filled", f"{ADMIN}/staff/{{clerk}}", "office"),
    faulty("/staff/<int:staff_id>", "/staff/{clerk}", {"name": ""}),
    State(f"{ADMIN}/accounts", "filled", f"{ADMIN}/accounts", "office"),
    State(f"{ADMIN}/accounts/new", "empty", f"{ADMIN}/accounts/new", "office"),
    faulty("/accounts/new", "/accounts/new", {"holder": "", "number": "12"}),
    *(
        State(f"{ADMIN}/accounts/<int:account_id>", name, f"{ADMIN}/accounts/{{{name} account}}", "office")
        for name in ("receiving", "other")
    ),
    faulty("/accounts/<int:account_id>", "/accounts/{other account}", {"holder": ""}),
]
