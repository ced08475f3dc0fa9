"""How to reach the pages that help residents to order, and those that tell them: see table.py."""

from tests.states.state import State

ORDER = "/o/<token>"
LIST = "/waiting-list"
ANNOUNCE = "/desk/announcements/new"
NEWS = {"title": "Giao chậm một giờ", "body": "Do mưa lớn, hàng đến chậm khoảng một giờ.", "expires_at": ""}

HELP = [
    State("/", "found", "/?q=rau+cu"),
    State("/", "not found", "/?q=zzzzzz"),
    State("/guide", "as it is", "/guide"),
    State("/offline", "as it is", "/offline"),
    State("/announcements", "filled", "/announcements"),
    State("/announcements", "of a ward", "/announcements?ward={ward}"),
    State("/announcements", "empty", "/announcements", city="empty"),
    State("/prices", "filled", "/prices"),
    State("/prices", "of one combo", "/prices?combo=C02"),
    State("/prices", "empty", "/prices", city="empty"),
    State(ORDER, "said to be paid", "/o/{open order}", to="/o/{open order}/paid", sends={"bank": "Vietcombank"}),
    State(
        ORDER,
        "with faults",
        "/o/{part-paid order}",
        "",
        422,
        to="/o/{part-paid order}/paid",
        sends={"bank": "x" * 61, "paid_at": "yesterday", "amount": "a lot"},
        faulty=True,
    ),
    State(LIST, "empty", LIST, "shopper"),
    State(LIST, "with faults", LIST, "shopper", 422, sends={"name": "", "phone": "1"}, faulty=True),
    *(State("/w/<place>", name, f"/w/{{{name} place}}") for name in ("waiting", "offered", "passed")),
    State("/w/<place>", "that is not there", "/w/nothing", status=404),
    State("/desk/orders", "said to be paid", "/desk/orders?claimed=1", "office"),
    State("/desk/rounds/<int:round_id>/loudspeaker", "taking orders", "/desk/rounds/{round}/loudspeaker", "office"),
    State(
        "/desk/rounds/<int:round_id>/loudspeaker",
        "dispatched",
        "/desk/rounds/{dispatched round}/loudspeaker",
        "office",
    ),
    State("/desk/announcements", "filled", "/desk/announcements", "office"),
    State("/desk/announcements", "empty", "/desk/announcements", "office", city="empty"),
    State(ANNOUNCE, "empty", ANNOUNCE, "office"),
    State(ANNOUNCE, "to look at first", ANNOUNCE, "office", sends=NEWS),
    State(ANNOUNCE, "with faults", ANNOUNCE, "office", 422, sends={**NEWS, "title": "", "body": ""}, faulty=True),
    *(
        State("/desk/announcements/<int:announcement_id>", name, f"/desk/announcements/{{{name} news}}", "office")
        for name in ("standing", "withdrawn")
    ),
    State(
        "/desk/announcements/<int:announcement_id>",
        "with faults",
        "/desk/announcements/{standing news}",
        "office",
        422,
        to="/desk/announcements/{standing news}/withdraw",
        sends={"because": ""},
        faulty=True,
    ),
    State("/desk/notices", "filled", "/desk/notices", "office"),
    State("/desk/notices", "that failed", "/desk/notices?state=failed", "office"),
    State("/desk/notices", "empty", "/desk/notices", "office", city="empty"),
    State("/desk/notices/by-hand", "filled", "/desk/notices/by-hand", "office"),
    State("/desk/notices/by-hand", "empty", "/desk/notices/by-hand", "office", city="empty"),
]
