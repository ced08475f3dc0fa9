"""How to reach the office's page of deliveries and residents' pages at the door: see table.py."""

from tests.states.state import State

DESK, ORDER = "/desk/deliveries", "/o/<token>"
DAY = f"{DESK}?day={{delivery day}}"

DELIVERIES = [
    State(DESK, "filled", DAY, "office"),
    State(DESK, "empty", DESK, "office", city="empty"),
    State(DESK, "of a day with nothing out", f"{DESK}?day=1999-01-01", "office"),
    *(State(DESK, f"with a list: {show}", f"{DAY}&show={show}", "office") for show in ("left", "failed", "received")),
    State(DESK, "with a list: late", f"{DESK}?day={{late day}}&show=late", "office"),
    State(DESK, "with what did not count", f"{DAY}&show=aside", "office"),
    State(
        DESK,
        "with a list of one team in one ward",
        f"{DAY}&show=left&team={{delivery team}}&ward={{delivery ward}}",
        "office",
    ),
    State(DESK, "with an empty list", f"{DAY}&show=left&team=999999", "office"),
    State("/desk/orders/<code>", "told at its door", "/desk/orders/{told at door code}", "office"),
    State(ORDER, "on its way, with its code to show", "/o/{coming order}"),
    State(ORDER, "brought, with a photo", "/o/{photographed order}"),
    State(ORDER, "tried once", "/o/{tried order}"),
    State(ORDER, "tried twice", "/o/{tried twice order}"),
    State("/desk/notices", "of a nudge", "/desk/notices?event=team_nudged", "office"),
]
