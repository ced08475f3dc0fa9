"""How to reach every page in every state. A new page needs its lines here: `test_every_page_is_listed` names it.

`State(rule, name, address)`: the rule as the app's url_map has it, the state in a word or two, and an address in which
{names} stand for things of `tests/states/things.py`. `who` visits: nobody special, "shopper" (has a basket), "office",
"supplier", "courier". `sends`: what is typed into the form at ``address`` that posts to ``to`` (default: to the same
address), and sent; a name that begins with + is put there hidden. The page that answers is the state. `faulty`: that
page has to name faults. `city="empty"`: on the first day.
"""

import os

from orders.payments.feeds.models import ImportState
from tests.states.api_table import API, FOR_PROGRAMS
from tests.states.close_table import CLOSE
from tests.states.complaint_table import COMPLAINTS
from tests.states.courier_table import COURIERS
from tests.states.delivery_table import DELIVERIES
from tests.states.doubt_table import DOUBTS
from tests.states.group_table import GROUPS
from tests.states.help_table import HELP
from tests.states.kept_table import KEPT
from tests.states.ledger_table import MONEY
from tests.states.life_table import LIFE
from tests.states.mapping_table import MAPPINGS
from tests.states.purchase_table import PURCHASES
from tests.states.refund_table import REFUNDS
from tests.states.short_table import SHORT
from tests.states.state import State

NOT_PAGES = {
    "/healthz": "for machines",
    "/readyz": "for machines",
    "/static/<path:filename>": "files",
    "/o/<token>/qr.png": "a picture",
    "/o/<token>/photos/<event_key>.webp": "a photo",
    "/g/<group>/qr.png": "a picture",
    "/o/<token>/push-key": "for push.js",
    "/o/<token>.txt": "plain text: tests/orders/test_plain_status.py",
    "/desk/rounds/<int:round_id>/loudspeaker.txt": "plain text",
    "/desk/refunds/batches/<int:batch_id>.xlsx": "a workbook for the bank",
    "/desk/refunds/batches/<int:batch_id>.csv": "a table for the bank",
    "/pictures/<key>/<int:width>.webp": "a picture",
    "/o/<token>/complaints/<int:complaint_id>.webp": "a picture",
    "/desk/complaints/<int:complaint_id>.webp": "a picture",
    "/suppliers/complaints/<int:complaint_id>.webp": "a picture",
    "/sw.js": "the worker",
    "/courier/worker.js": "the couriers' worker",
    "/courier/me.json": "for the page on the phone",
    "/courier/runs/<run_code>/stops.json": "for the page on the phone",
    "/courier/photos/<event_key>.webp": "a photo",
    "/suppliers/manifests/<number>.pdf": "a PDF, Vietnamese for the warehouse",
    "/desk/close/<int:account_id>/<day>/<int:version>.pdf": "a PDF, Vietnamese for the wall",
    "/desk/close/<int:account_id>/<day>/<int:version>.xlsx": "a table, Vietnamese for the office",
    "/suppliers/orders/<purchase>.<any(pdf, xlsx, csv, json):kind>": "papers, Vietnamese for the warehouse",
    "/suppliers/settlements/<settlement>.pdf": "a PDF, Vietnamese for both sides",
    "/suppliers/settlements/<settlement>.xlsx": "a table, Vietnamese for both sides",
    "/suppliers/settlements/<settlement>/invoice-data.<any(csv, json):kind>": "a table, for e-invoices",
    "/suppliers/manifests/<number>.csv": "a table, Vietnamese for the warehouse",
    **dict.fromkeys(FOR_PROGRAMS, "JSON, for programs: tests/suppliers/api"),
    "/suppliers/manifests/<number>.xlsx": "a table, Vietnamese for the warehouse",
    "/suppliers/manifests/<number>.json": "for the supplier's programs",
    "/courier/pass.pdf": "a PDF, Vietnamese for checkpoints: tests/suppliers/couriers/passes",
    "/suppliers/teams/<int:team_id>/passes.pdf": "a PDF, Vietnamese for checkpoints",
    "/suppliers/manifests/<number>/labels.pdf": "a PDF, Vietnamese for the bags",
}
"""GET addresses that answer no HTML, and what they are."""

SHOP = [
    State("/", "filled", "/"),
    State("/", "of one group", "/?group=Chay&band=100-150"),
    State("/", "with nothing that fits", "/?group=None"),
    State("/", "on the first day", "/", city="empty"),
    State("/combos/<code>", "filled", "/combos/C01"),
    State("/combos/<code>", "with long texts", "/combos/{long combo}"),
    State("/combos/<code>", "that is not there", "/combos/C99", status=404),
    State(
        "/combos/<code>",
        "with faults",
        "/combos/C01",
        status=422,
        to="/basket/add",
        sends={"quantity": "99"},
        faulty=True,
    ),
    State("/basket", "empty", "/basket"),
    State("/basket", "filled", "/basket", who="shopper"),
    State("/basket", "just added to", "/combos/C01", to="/basket/add", sends={"quantity": "3"}),
    State(
        "/basket", "with a number that is none", "/basket", who="shopper", to="/basket/change", sends={"quantity": "x"}
    ),
]

NOBODY = {"name": "", "phone": "", "ward": "", "address": ""}
HALF = {"name": "Trần Thị Bưởi", "phone": "0650 3822 3", "ward": "Dĩ An", "address": "12", "note": "cổng xanh"}
FOREIGN = {**HALF, "ward": "", "ward_typed": "Thủ Đức"}
UNCLEAR = {**HALF, "ward": "", "ward_typed": "phường Dĩ An, Thành phố Hồ Chí Minh"}
LOST = {**HALF, "location": "https://maps.app.goo.gl/AbCdEf123"}
ABROAD = {**HALF, "location": "21.0285, 105.8542"}
ASTRAY = {**HALF, "location": "10.9550, 106.7550"}
FAULTY = {
    "empty": NOBODY,
    "half": HALF,
    "elsewhere": FOREIGN,
    "unclear": UNCLEAR,
    "a short link": LOST,
    "a pin elsewhere": ABROAD,
    "a pin far from the ward": ASTRAY,
}
ORDER = "/o/<token>"

ORDERS = [
    State("/checkout", "empty", "/checkout", who="shopper"),
    State("/checkout", "without a basket", "/checkout"),
    *(
        State("/checkout", f"with faults: {name}", "/checkout", "shopper", 422, sends=sent, faulty=True)
        for name, sent in FAULTY.items()
    ),
    *(
        State(ORDER, name, f"/o/{{{name} order}}")
        for name in (
            *("open", "confirmed", "expired", "cancelled", "long", "part-paid"),
            *("dispatched", "delivered", "failed", "forgotten", "elsewhere", "locked", "otherwise"),
        )
    ),
    State(ORDER, "that is not there", "/o/nothing", status=404),
    State("/track", "empty", "/track"),
    State("/track", "with faults", "/track", "", 422, sends={"code": "DC1", "last4": "12"}, faulty=True),
    State("/track", "not found", "/track", "", 404, sends={"code": "{open code}", "last4": "0000"}, faulty=True),
    State("/track", "found", "/track", sends={"code": "{dispatched code}", "last4": "5678"}),
]

WRONG = {"username": "nobody", "password": "wrong"}
DESK = [
    State("/sign-in", "empty", "/sign-in"),
    State("/sign-in", "led here", "/desk"),
    State("/sign-in", "with faults", "/sign-in", "", 200, sends={"username": "", "password": ""}, faulty=True),
    State("/sign-in", "refused", "/sign-in", "", 403, sends=WRONG, faulty=True),
    State("/desk", "filled", "/desk", "office"),
    State("/desk", "page 2", "/desk?page=2", "office"),
    State("/desk", "set aside", "/desk?show=aside", "office"),
    State("/desk", "empty", "/desk", "office", city="empty"),
    *(
        State("/desk/transfers/<int:transfer_id>", name, f"/desk/transfers/{{{name} transfer}}", "office")
        for name in ("waiting", "doubtful", "long", "aside", "placing")
    ),
    State("/desk/transfers/<int:transfer_id>", "that is not there", "/desk/transfers/999999", "office", 404),
    *(
        State(
            "/desk/transfers/<int:transfer_id>",
            f"with faults: {step}",
            "/desk/transfers/{doubtful transfer}",
            "office",
            422,
            to=f"/desk/transfers/{{doubtful transfer}}/{step}",
            sends=sent,
            faulty=True,
        )
        for step, sent in (
            ("settle", {"code": "DC2222222", "because": ""}),
            ("split", {"shares": "DC1 x", "because": ""}),
            ("set-aside", {"because": ""}),
        )
    ),
    State("/desk/orders", "filled", "/desk/orders", "office"),
    State("/desk/orders", "with nothing found", "/desk/orders?q=zzzz", "office"),
    State("/desk/orders", "empty", "/desk/orders", "office", city="empty"),
    *(
        State("/desk/orders/<code>", name, f"/desk/orders/{{{name} code}}", "office")
        for name in "open confirmed expired cancelled long part-paid dispatched forgotten elsewhere".split()
    ),
    State(
        "/desk/orders/<code>",
        "with faults: combos",
        "/desk/orders/{elsewhere code}",
        "office",
        422,
        to="/desk/orders/{elsewhere code}/combos",
        sends={"combos": "C01:"},
        faulty=True,
    ),
    State(
        "/desk/orders/<code>",
        "with faults: reason",
        "/desk/orders/{expired code}",
        "office",
        422,
        to="/desk/orders/{expired code}/revive",
        sends={"because": ""},
        faulty=True,
    ),
    State("/desk/statements", "filled", "/desk/statements", "office"),
    State("/desk/statements", "empty", "/desk/statements", "office", city="empty"),
    State(
        "/desk/statements",
        "with faults",
        "/desk/statements",
        "office",
        422,
        sends={"covers_until": "yesterday"},
        faulty=True,
    ),
    *(
        State(
            "/desk/statements/<int:statement_id>",
            state.value,
            f"/desk/statements/{{{state.value} statement}}",
            "office",
        )
        for state in ImportState
    ),
    State("/desk/rounds", "filled", "/desk/rounds", "office"),
    State("/desk/rounds", "empty", "/desk/rounds", "office", city="empty"),
    State("/desk/rounds/<int:round_id>", "taking orders", "/desk/rounds/{round}", "office"),
    State("/desk/rounds/<int:round_id>", "dispatched", "/desk/rounds/{dispatched round}", "office"),
    State(
        "/desk/rounds/<int:round_id>",
        "with faults: reason",
        "/desk/rounds/{round}",
        "office",
        422,
        to="/desk/rounds/{round}/dispatch",
        sends={"because": ""},
        faulty=True,
    ),
    State(
        "/desk/rounds/<int:round_id>",
        "with faults",
        "/desk/rounds/{round}",
        "office",
        422,
        to="/desk/rounds/{round}/dispatch",
        sends={"because": "x" * 201},
        faulty=True,
    ),
]

SUPPLIERS = [
    State("/suppliers/", "filled", "/suppliers/", "supplier"),
    State("/suppliers/", "empty", "/suppliers/", "supplier", city="empty"),
    State("/suppliers/manifests/<number>", "filled", "/suppliers/manifests/{manifest}", "supplier"),
    State("/suppliers/manifests/<number>", "replaced", "/suppliers/manifests/{replaced manifest}", "supplier"),
    State("/suppliers/manifests/<number>", "labels asked for", "/suppliers/manifests/{manifest}?labels=a4", "supplier"),
    State("/suppliers/manifests/<number>/changes", "filled", "/suppliers/manifests/{manifest}/changes", "supplier"),
    State(
        "/suppliers/manifests/<number>/changes", "first", "/suppliers/manifests/{replaced manifest}/changes", "supplier"
    ),
    State(
        "/suppliers/manifests/<number>",
        "with faults",
        "/suppliers/manifests/{manifest}",
        "supplier",
        422,
        to="/suppliers/parcels/{dispatched parcel}",
        sends={"because": ""},
        faulty=True,
    ),
]

WHEN_IT_GOES_WRONG = [
    State("/nowhere", "404", "/nowhere", status=404),
    State("/suppliers/", "403", "/suppliers/", "office", 403),
    State("/nowhere", "404 for the office", "/nowhere", "office", 404),
    State("/nowhere", "404 for a supplier", "/nowhere", "supplier", 404),
    State("/wrong", "500 for the office", "/wrong/500", "office", 500),
    State("/wrong", "409 for a supplier", "/wrong/409", "supplier", 409),
    State("/wrong", "413 of a statement", "/desk/statements/413/wrong", "office", 413),
    State("/wrong", "413 of a picture", "/desk/admin/combos/413/wrong", "office", 413),
    *(
        State("/wrong", str(status), f"/wrong/{status}", status=status)
        for status in (400, 405, 409, 410, 413, 429, 500, 503)
    ),
]

STATES = [
    *(*SHOP, *ORDERS, *GROUPS, *LIFE, *HELP),
    *(*DESK, *MAPPINGS, *DOUBTS, *REFUNDS, *CLOSE, *MONEY, *KEPT),
    *(*SUPPLIERS, *COURIERS, *COMPLAINTS, *DELIVERIES, *PURCHASES, *SHORT, *API, *WHEN_IT_GOES_WRONG),
]

CI = bool(os.environ.get("CI"))
LOOKED_AT = list({state.rule: state for state in reversed(STATES)}.values()) if CI else STATES
"""What axe and the languages are tried on: every state; in CI, for the time it takes, each page in its first, the
languages every other one.

There every other page is tried in English and by Tab, too. `make test` by hand does all of it."""
