"""How to reach the pages about what is missing: see table.py."""

from tests.states.state import State

MANIFEST = "/suppliers/manifests/<number>/shortages"
SHORTAGE = "/suppliers/shortages/<int:shortage_id>"
DESK = "/desk/admin/shortages"
TYPED = {"item": "g:{short item}", "quantity": "0,5 kg", "because": "ghe về muộn", "instead": "tép 300 g"}

SHORT = [
    State(MANIFEST, "filled", "/suppliers/manifests/{short manifest}/shortages", "supplier"),
    State(MANIFEST, "nothing declared", "/suppliers/manifests/{manifest}/shortages", "supplier"),
    State(MANIFEST, "worked out", "/suppliers/manifests/{short manifest}/shortages", "supplier", sends=TYPED),
    State(
        MANIFEST,
        "with faults",
        "/suppliers/manifests/{short manifest}/shortages",
        "supplier",
        422,
        sends={"item": "", "quantity": "x", "because": ""},
        faulty=True,
    ),
    State(
        MANIFEST,
        "more than there is",
        "/suppliers/manifests/{short manifest}/shortages",
        "supplier",
        422,
        sends={**TYPED, "quantity": "900 kg"},
        faulty=True,
    ),
    *(
        State(SHORTAGE, name, f"/suppliers/shortages/{{{name} shortage}}", "supplier")
        for name in ("calling", "withdrawn")
    ),
    State(SHORTAGE, "for the office", "/suppliers/shortages/{calling shortage}", "office"),
    State(
        SHORTAGE,
        "with faults: nothing agreed",
        "/suppliers/shortages/{calling shortage}",
        "supplier",
        422,
        to="/suppliers/shortages/{calling shortage}/answer",
        sends={"instead": ""},
        faulty=True,
    ),
    State(
        SHORTAGE,
        "with faults: reason",
        "/suppliers/shortages/{calling shortage}",
        "office",
        422,
        to="/suppliers/shortages/{calling shortage}/withdraw",
        sends={"because": ""},
        faulty=True,
    ),
    State(SHORTAGE, "that is not there", "/suppliers/shortages/999999", "supplier", 404),
    State(DESK, "filled", DESK, "office"),
    State(DESK, "empty", DESK, "office", city="empty"),
    State(
        DESK,
        "with faults: price",
        DESK,
        "office",
        422,
        to=f"{DESK}/prices",
        sends={"name": "", "price": "x"},
        faulty=True,
    ),
    *(State("/o/<token>", f"short: {name}", f"/o/{{short {name} order}}") for name in ("equivalent", "refund", "call")),
]
