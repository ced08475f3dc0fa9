"""How to reach the pages of the suppliers' API: see table.py."""

from tests.states.state import State

V1 = "/api/v1"
FOR_PROGRAMS = (
    f"{V1}/openapi.json",
    f"{V1}/rounds",
    f"{V1}/rounds/<int:round_id>",
    f"{V1}/manifests",
    f"{V1}/manifests/<number>",
    f"{V1}/manifests/<number>/pdf",
    f"{V1}/manifests/<number>/csv",
    f"{V1}/manifests/<number>/parcels",
    f"{V1}/manifests/<number>/shortages",
    f"{V1}/purchases",
    f"{V1}/purchases/<purchase>",
    f"{V1}/purchases/<purchase>/pdf",
    f"{V1}/purchases/<purchase>/csv",
)
MINE, EVERY = "/suppliers/tokens", "/desk/admin/tokens"
RIGHT = {"name": "cân ở kho", "scopes": "rounds:read", "lasts": "30"}

API = [
    State(MINE, "filled", MINE, "supplier"),
    State(MINE, "empty", MINE, "supplier", city="empty"),
    State(MINE, "with faults", MINE, "supplier", 422, sends={"name": ""}, faulty=True),
    State(MINE, "just made", MINE, "supplier", 201, sends=RIGHT),
    State(EVERY, "filled", EVERY, "office"),
    State(EVERY, "empty", EVERY, "office", city="empty"),
    State(f"{V1}/docs", "for anybody", f"{V1}/docs"),
    State(f"{V1}/docs", "for a supplier", f"{V1}/docs", "supplier"),
]
