"""How to reach the pages of complaints and scores: see table.py."""

from typing import Any

from tests.states.state import State

ASK, DESK = "/o/<token>/complain", "/desk/complaints/<int:complaint_id>"
SUPPLIER = "/suppliers/complaints/<int:complaint_id>"
FORM = "/o/{brought order}/complain?line={brought line}"


def desk(name: str, which: str, step: str = "", **sends: str) -> State:
    at = f"/desk/complaints/{{{which} complaint}}"
    if not step:
        return State(DESK, name, at, "office")
    return State(DESK, name, at, "office", 422, to=f"{at}/{step}", sends=sends, faulty=True)


def supplier(name: str, which: str, **more: Any) -> State:
    return State(SUPPLIER, name, f"/suppliers/complaints/{{{which} complaint}}", "supplier", **more)


COMPLAINTS = [
    State("/o/<token>", "brought, to be complained of", "/o/{brought order}"),
    State("/o/<token>", "complained of", "/o/{complained order}"),
    State("/o/<token>", "with complaints decided", "/o/{decided order}"),
    State("/o/<token>", "brought more than a day ago", "/o/{late order}"),
    State(ASK, "of a line", FORM),
    State(ASK, "of an item", FORM + "&item={brought item}"),
    State(ASK, "with faults", FORM, status=422, sends={"words": "x" * 501}, faulty=True),
    State(ASK, "too late", "/o/{late order}/complain?line={late line}", status=409),
    State(ASK, "too early", "/o/{unbrought order}/complain?line={unbrought line}", status=409),
    State(
        ASK,
        "told already",
        "/o/{complained order}/complain?line={complained line}&item={complained item}",
        status=409,
    ),
    State(ASK, "of what was not ordered", "/o/{brought order}/complain?line=0", status=404),
    State("/desk/complaints", "filled", "/desk/complaints", "office"),
    State("/desk/complaints", "decided", "/desk/complaints?show=decided", "office"),
    State("/desk/complaints", "empty", "/desk/complaints", "office", city="empty"),
    State("/desk/complaints", "none decided", "/desk/complaints?show=decided", "office", city="empty"),
    desk("waiting", "waiting"),
    desk("with the supplier's answer", "replied"),
    desk("accepted", "accepted"),
    desk("refused", "refused"),
    desk("taken back", "undone"),
    desk("to be paid back by hand", "by hand"),
    desk("accepting, with faults", "waiting", "accept", amount="x"),
    desk("refusing, with faults", "waiting", "refuse", because=""),
    desk("taking back, with faults", "accepted", "undo", because=""),
    State(DESK, "that is not there", "/desk/complaints/999999", "office", 404),
    State("/suppliers/complaints", "filled", "/suppliers/complaints", "supplier"),
    State("/suppliers/complaints", "empty", "/suppliers/complaints", "supplier", city="empty"),
    supplier("waiting", "waiting"),
    supplier("answered", "replied"),
    supplier("accepted", "accepted"),
    supplier("with faults", "waiting", status=422, sends={"reply": ""}, faulty=True),
    State(SUPPLIER, "that is not there", "/suppliers/complaints/999999", "supplier", 404),
    State("/suppliers/score", "filled", "/suppliers/score", "supplier"),
    State("/suppliers/score", "empty", "/suppliers/score", "supplier", city="empty"),
    State("/desk/scores", "filled", "/desk/scores", "office"),
    State("/desk/scores", "empty", "/desk/scores", "office", city="empty"),
    State("/desk/scores/<int:supplier_id>", "filled", "/desk/scores/{scored firm}", "office"),
    State("/desk/scores/<int:supplier_id>", "of an idle firm", "/desk/scores/{idle firm}", "office"),
    State("/desk/scores/<int:supplier_id>", "that is not there", "/desk/scores/999999", "office", 404),
]
