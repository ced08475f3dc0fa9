"""How to reach the pages of the day's close: see table.py."""

from tests.states.state import State

RULE = "/desk/close/<int:account_id>/<day>"


def day(name: str, query: str = "") -> State:
    return State(RULE, name, f"/desk/close/{{closing account}}/{{{name} day}}{query}", "office")


CLOSE = [
    State("/desk/close", "filled", "/desk/close?month={closing month}", "office"),
    State("/desk/close", "of a month without movements", "/desk/close?month=2019-01", "office"),
    State("/desk/close", "empty", "/desk/close", "office", city="empty"),
    State(
        "/desk/close",
        "with faults",
        "/desk/close",
        "office",
        422,
        to="/desk/close/{closing account}/up-to",
        sends={"day": "yesterday"},
        faulty=True,
    ),
    day("sealed"),
    day("reopened"),
    day("depends"),
    day("uncovered"),
    State(RULE, "reopened, as it stands now", "/desk/close/{closing account}/{reopened day}?now=1", "office"),
    State(RULE, "of an older version", "/desk/close/{closing account}/{sealed day}?version=1", "office"),
    State(RULE, "ready", "/desk/close/{fresh account}/{ready day}", "office"),
    State(RULE, "ready, page 2", "/desk/close/{fresh account}/{ready day}?page=2", "office"),
    State(RULE, "that differs", "/desk/close/{differing account}/{ready day}", "office"),
    State(RULE, "without an opening balance", "/desk/close/{bare account}/{ready day}", "office"),
    State(RULE, "that is none", "/desk/close/{closing account}/31-02", "office", 404),
    *(
        State(
            RULE,
            f"with faults: {name}",
            f"/desk/close/{{{account} account}}/{{ready day}}",
            "office",
            422,
            to=f"/desk/close/{{{account} account}}/{{ready day}}",
            sends=sent,
            faulty=True,
        )
        for name, account, sent in (
            ("unsure", "fresh", {}),
            ("reason", "differing", {"because": ""}),
            ("opening", "bare", {"opening": "12,5", "opening_because": ""}),
        )
    ),
]
