"""How to reach the pages of couriers and their teams: see table.py."""

from tests.states.state import State

RUN, RUNS = "/courier/runs/<run_code>", "/suppliers/manifests/<number>/runs"
ASKED = "/suppliers/manifests/{manifest}/runs"
TEAMS = "/suppliers/teams"
TEAM = "/suppliers/teams/<int:team_id>"
COURIER = "/suppliers/teams/couriers/<int:courier_id>"
PASS = "/pass/<signed>"
GOOD = {"name": "Đội Rau 3", "phone": "0912345678", "begins": "07:00", "ends": "19:00", "blocks": "Dĩ An"}
BAD = {"name": "", "phone": "0274 3822 333", "begins": "19:00", "ends": "07:00", "blocks": "Thủ Đức: KP 1"}

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
    State("/courier/pass", "filled", "/courier/pass", "courier"),
    State("/courier/pass", "no ward yet", "/courier/pass", "courier", city="empty"),
    State(TEAMS, "filled", TEAMS, "supplier"),
    State(TEAMS, "empty", TEAMS, "supplier", city="empty"),
    State(TEAMS, "with faults", TEAMS, "supplier", 422, sends={}, to=TEAMS, faulty=True),
    State(
        TEAMS,
        "a table that is good",
        TEAMS,
        "supplier",
        409,
        to="/suppliers/teams/accounts",
        sends={"+packed": "{good table}"},
    ),
    State(
        TEAMS,
        "a table with faults",
        TEAMS,
        "supplier",
        422,
        to="/suppliers/teams/accounts",
        sends={"+packed": "{bad table}"},
    ),
    State(TEAMS, "404", "/suppliers/teams/nowhere", "supplier", 404),
    State("/suppliers/teams/new", "empty", "/suppliers/teams/new", "supplier"),
    State("/suppliers/teams/new", "with faults", "/suppliers/teams/new", "supplier", 422, sends=BAD, faulty=True),
    *(
        State(TEAM, name, f"/suppliers/teams/{{{name}}}", "supplier")
        for name in ("team", "bare team", "team that is off")
    ),
    State(TEAM, "that is not there", "/suppliers/teams/999999", "supplier", 404),
    State(TEAM, "with faults", "/suppliers/teams/{team}", "supplier", 422, sends=BAD, faulty=True),
    State(
        TEAM,
        "overtaken",
        "/suppliers/teams/{team}",
        "supplier",
        409,
        sends={**GOOD, "version": "0"},
    ),
    State(
        TEAM,
        "with faults: vehicle",
        "/suppliers/teams/{team}",
        "supplier",
        422,
        to="/suppliers/teams/{team}/vehicles",
        sends={"name": "", "plate": "X" * 17, "bags": "x"},
        faulty=True,
    ),
    *(
        State(COURIER, name, f"/suppliers/teams/couriers/{{{name} courier}}", "supplier")
        for name in ("endless", "new", "ended", "gone")
    ),
    State(
        COURIER,
        "with faults",
        "/suppliers/teams/couriers/{new courier}",
        "supplier",
        422,
        to="/suppliers/teams/couriers/{new courier}/lasts",
        sends={"last_day": "31/12/2999"},
        faulty=True,
    ),
    State(PASS, "asks where", "/pass/{good pass}"),
    *(
        State(PASS, name, f"/pass/{{{name} pass}}", status=status)
        for name, status in (("expired", 410), ("early", 403), ("ended", 403), ("gone", 403), ("idle", 403))
    ),
    State(PASS, "forged", "/pass/nothing", status=403),
    State(PASS, "valid", "/pass/{good pass}", sends={"ward": "25942"}),
    State(PASS, "another ward", "/pass/{narrow pass}", status=403, sends={"ward": "25942"}),
]
