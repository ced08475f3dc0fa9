"""How to reach the pages of group orders: see table.py."""

from tests.states.state import State

BEGIN, GROUP, DRAFT = "/group", "/g/<group>", "/g/<draft>"
NO_LEADER = {"name": "", "phone": "", "ward": ""}
NOBODY = {"name": "", "phone": "12", "address": ""}
NEIGHBOUR = f"{DRAFT}/neighbours/<int:neighbour>"

GROUPS = [
    State(BEGIN, "empty", BEGIN),
    State(BEGIN, "with faults", BEGIN, status=422, sends=NO_LEADER, faulty=True),
    State(BEGIN, "on the first day", BEGIN, city="empty"),
    *(State(GROUP, name, f"/g/{{{name} group}}") for name in ("open", "part-paid", "paid", "ended", "forgotten")),
    State(GROUP, "in preparation", "/g/{filled draft}"),
    State(GROUP, "empty", "/g/{empty draft}"),
    State(GROUP, "with something no longer sold", "/g/{gone draft}"),
    State(GROUP, "that is not there", "/g/nothing", status=404),
    State(GROUP, "with faults", "/g/{gone draft}", status=409, to="/g/{gone draft}/place", sends={"seen_total": "0"}),
    State(f"{DRAFT}/leader", "filled", "/g/{filled draft}/leader"),
    State(f"{DRAFT}/leader", "with faults", "/g/{filled draft}/leader", status=422, sends=NO_LEADER, faulty=True),
    State(f"{DRAFT}/add", "empty", "/g/{empty draft}/add"),
    State(f"{DRAFT}/add", "after others", "/g/{filled draft}/add"),
    State(f"{DRAFT}/add", "with a complete group", "/g/{full draft}/add"),
    State(f"{DRAFT}/add", "with faults", "/g/{empty draft}/add", status=422, sends=NOBODY, faulty=True),
    State(f"{DRAFT}/paste", "empty", "/g/{empty draft}/paste"),
    State(
        f"{DRAFT}/paste",
        "with faults",
        "/g/{empty draft}/paste",
        status=422,
        sends={"table": "Lê Thị Mận; 12; 12 Lý Thường Kiệt; C01\nTrần Văn Sung; C01", "consent": "y"},
        faulty=True,
    ),
    State(NEIGHBOUR, "filled", "/g/{filled draft}/neighbours/{neighbour}"),
    State(NEIGHBOUR, "with faults", "/g/{filled draft}/neighbours/{neighbour}", status=422, sends=NOBODY, faulty=True),
    State("/o/<token>", "of a group", "/o/{grouped order}"),
    State("/desk/groups/<group_code>", "open", "/desk/groups/{open group code}", "office"),
    State("/desk/groups/<group_code>", "part-paid", "/desk/groups/{part-paid group code}", "office"),
    State("/desk/groups/<group_code>", "forgotten", "/desk/groups/{forgotten group code}", "office"),
    State("/desk/orders", "of a group", "/desk/orders?q={open group code}", "office"),
    State("/desk/orders/<code>", "of a group", "/desk/orders/{grouped code}", "office"),
    State("/desk/transfers/<int:transfer_id>", "of a group", "/desk/transfers/{grouped transfer}", "office"),
]
