"""How to reach the pages of couriers and their teams: see table.py."""

from tests.states.state import State

RUN, RUNS = "/courier/runs/<run_code>", "/suppliers/manifests/<number>/runs"
ASKED = "/suppliers/manifests/{manifest}/runs"

COURIERS = [
    State("/courier/", "empty", "/courier/", "courier", city="empty"),
    State("/courier/", "filled", "/courier/", "courier"),
    State(RUN, "filled", "/courier/runs/{run}", "courier"),
    *(
        State(
            RUN,
            f"with faults: {kind}",
            "/courier/runs/{run}",
            "courier",
            422,
            to="/courier/parcels/{left parcel}",
            sends={"kind": kind, "witness": ""},
            faulty=True,
        )
        for kind in ("delivered", "failed")
    ),
    State(RUN, "that is not there", "/courier/runs/0000-NONE-1-C1", "courier", 404),
    State("/courier/look", "to hand over", "/courier/look?code={run code}", "courier"),
    State("/courier/look", "delivered", "/courier/look?code={delivered in run code}&run={run}", "courier"),
    State("/courier/look", "no code", "/courier/look", "courier"),
    State(RUNS, "shared out", "/suppliers/manifests/{run manifest}/runs", "supplier"),
    State(RUNS, "for the office", "/suppliers/manifests/{run manifest}/runs", "office"),
    State(RUNS, "not shared out", "/suppliers/manifests/{manifest}/runs", "supplier"),
    State(RUNS, "being shared out", ASKED, "supplier", to=ASKED),
    State("/courier/", "404", "/courier/nowhere", "courier", 404),
]
