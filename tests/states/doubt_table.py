"""How to reach the quarantine's pages: see table.py."""

from dataclasses import replace

from kernel import clock
from kernel.database import db
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.tellings.pairing import Why
from orders.payments.feeds.tellings.told import Feed
from orders.payments.feeds.tellings.write import as_told, write_tellings
from tests import doubts, make
from tests.states.state import State

DESK = "/desk/quarantine"
ONE = f"{DESK}/<int:doubt_id>"

DOUBTS = [
    State(DESK, "filled", DESK, "office"),
    State(DESK, "decided", f"{DESK}?show=decided", "office"),
    State(DESK, "empty", DESK, "office", city="empty"),
    State(DESK, "nothing decided", f"{DESK}?show=decided", "office", city="empty"),
    *(State(ONE, name, f"{DESK}/{{{name} doubt}}", "office") for name in ("open", "stranger", "same", "another")),
    State(ONE, "that is not there", f"{DESK}/999999", "office", 404),
    State(ONE, "with faults", f"{DESK}/{{open doubt}}", "office", 422, sends={"because": ""}, faulty=True),
    State(
        ONE,
        "with faults: taking back",
        f"{DESK}/{{same doubt}}",
        "office",
        422,
        to=f"{DESK}/{{same doubt}}/take-back",
        sends={"because": ""},
        faulty=True,
    ),
]


def doubtful(account: BankAccount, long: str) -> dict[str, str]:
    """One that waits beside two transfers, one of a stranger, one of each decision; a transfer without a statement."""
    made = {
        "open": doubts.doubt(make.transfer(130_000, long, account=account, payer_name="LE VAN AN"), memo="tien rau"),
        "stranger": doubts.doubt(None, Why.CHANGED, feed=Feed.CASSO),
    }
    same, other = (make.transfer(130_000, "tien gao", account=account) for _ in range(2))
    made["same"] = doubts.decided(doubts.doubt(same, Why.UNLIKE, key="78"), transfer_id=same.id)
    made["another"] = doubts.decided(doubts.doubt(other, Why.NEXT_DAY, key="79", memo="khac"))
    missing = make.transfer(90_000, "tien chua co trong sao ke", account=account)
    account.covered_until = clock.whole_day(clock.today())[1]
    told = replace(as_told(missing), feed=Feed.CASSO, key="80")
    write_tellings(db.session, account.id, [(told, missing.id)], at=clock.now())
    return {f"{name} doubt": str(doubt.id) for name, doubt in made.items()}
