"""How to reach the pages that ask which column is what: see table.py."""

from tests.states.state import State

ASK = "/desk/statements/uploads/<int:upload_id>"
COLUMNS = "/desk/statements/columns"
NOTHING = {"date": "", "memo": "", "credit": ""}
CONTRADICTION = {
    "heading": "1",
    "date": "0",
    "memo": "0",
    "credit": "2",
    "amount": "2",
    "sign": "4",
    "debit": "",
    "time": "",
    "balance": "",
    "reference": "",
    "payer_name": "",
    "payer_account": "",
}

MAPPINGS = [
    State(ASK, "asked", "/desk/statements/uploads/{upload}", "office"),
    State(ASK, "that is not there", "/desk/statements/uploads/999999", "office", 404),
    *(
        State(ASK, f"with faults: {name}", "/desk/statements/uploads/{upload}", "office", 422, sends=sent, faulty=True)
        for name, sent in (("nothing said", NOTHING), ("contradictions", CONTRADICTION))
    ),
    State(COLUMNS, "filled", COLUMNS, "office"),
    State(COLUMNS, "empty", COLUMNS, "office", city="empty"),
    State("/desk/statements/<int:statement_id>", "mapped", "/desk/statements/{mapped statement}", "office"),
]
