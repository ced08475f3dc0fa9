"""Every address of the site and who may call it; what is another's answers as if it were not there."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel import clock, files
from kernel.changes import Doer
from kernel.database import db
from kernel.notices.models import Notice, NoticeState
from kernel.notices.queries import notices_log
from orders.models import Order as Placed
from orders.notices import telling
from orders.payments.accounts.models import ReceivingChange
from orders.payments.close.seal import Sealer, Typed, seal
from orders.payments.feeds.asking.models import RememberedMapping, StatementUpload
from orders.payments.feeds.columns import Column, Order
from orders.payments.feeds.mapping import ColumnMapping, Look
from orders.payments.feeds.models import BankAccount, ImportState, StatementImport
from orders.payments.feeds.statement import Statement
from people.models import Role, Staff, Supplier, Team
from shop.quantities import Unit
from suppliers.api.scopes import Scope
from suppliers.api.tokens import keep as tokens
from suppliers.complaints.keep import Said, complain, goods
from suppliers.complaints.models import Complaint, ComplaintKind
from suppliers.couriers.passes.token import Pass, sign
from suppliers.dispatch import dispatch
from suppliers.door.keep import Telling, tell
from suppliers.door.models import DoorKind
from suppliers.models import Manifest, Parcel, ParcelState
from suppliers.parcels import advance
from suppliers.purchase.queries import orders_of_batches
from suppliers.queries import parcels_of_batch
from suppliers.settlement.agree import agree
from suppliers.settlement.draw import Hand, Period, draw
from suppliers.settlement.models import Settlement, Side
from suppliers.shortages.declare import Missing, share_out
from suppliers.shortages.models import ItemPrice
from suppliers.shortages.queries import returns_of
from tests import doubts, make
from tests.refunds import exported

ANYBODY, OFFICE, SUPPLIER, COURIER, STAFF = "anybody", "office", "supplier", "courier", "office, supplier"
SIGNED_IN = "courier, office, supplier"
TOKEN = "a token"  # no session opens these: tests/suppliers/api/test_doors.py walks scopes and things

ROUTES = {
    "GET /": ANYBODY,
    "GET /combos/<code>": ANYBODY,
    "GET /pictures/<key>/<int:width>.webp": ANYBODY,
    "GET /offline": ANYBODY,
    "GET /sw.js": ANYBODY,
    "GET /basket": ANYBODY,
    "POST /basket/add": ANYBODY,
    "POST /basket/change": ANYBODY,
    "GET /checkout": ANYBODY,
    "POST /checkout": ANYBODY,
    "GET /o/<token>": ANYBODY,
    "GET /o/<token>/qr.png": ANYBODY,
    "GET /o/<token>/photos/<event_key>.webp": ANYBODY,
    "GET /o/<token>/cancel": ANYBODY,
    "POST /o/<token>/cancel": ANYBODY,
    "POST /o/<token>/credit/refund": ANYBODY,
    "POST /o/<token>/credit/use": ANYBODY,
    "POST /o/<token>/email": ANYBODY,
    "GET /o/<token>/push-key": ANYBODY,
    "POST /o/<token>/push": ANYBODY,
    "POST /o/<token>/push/stop": ANYBODY,
    "GET /o/<token>.txt": ANYBODY,
    "GET /o/<token>/receipt": ANYBODY,
    "POST /o/<token>/paid": ANYBODY,
    "POST /o/<token>/again": ANYBODY,
    "POST /o/<token>/more-time": ANYBODY,
    "POST /o/<token>/if-short": ANYBODY,
    "POST /track/again": ANYBODY,
    "POST /checkout/empty": ANYBODY,
    "GET /guide": ANYBODY,
    "GET /announcements": ANYBODY,
    "GET /waiting-list": ANYBODY,
    "POST /waiting-list": ANYBODY,
    "GET /w/<place>": ANYBODY,
    "POST /w/<place>/order": ANYBODY,
    "POST /w/<place>/leave": ANYBODY,
    "GET /group": ANYBODY,
    "POST /group": ANYBODY,
    "GET /g/<group>": ANYBODY,
    "GET /g/<group>/qr.png": ANYBODY,
    "GET /g/<draft>/leader": ANYBODY,
    "POST /g/<draft>/leader": ANYBODY,
    "GET /g/<draft>/add": ANYBODY,
    "POST /g/<draft>/add": ANYBODY,
    "GET /g/<draft>/paste": ANYBODY,
    "POST /g/<draft>/paste": ANYBODY,
    "GET /g/<draft>/neighbours/<int:neighbour>": ANYBODY,
    "POST /g/<draft>/neighbours/<int:neighbour>": ANYBODY,
    "POST /g/<draft>/neighbours/<int:neighbour>/remove": ANYBODY,
    "POST /g/<draft>/place": ANYBODY,
    "POST /g/<draft>/drop": ANYBODY,
    "GET /track": ANYBODY,
    "POST /track": ANYBODY,
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-out": ANYBODY,
    "POST /language": ANYBODY,
    "GET /desk": OFFICE,
    "GET /desk/transfers/<int:transfer_id>": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/settle": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/split": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/set-aside": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/bring-back": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/undo": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/choose": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/credit/use": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/credit/back": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/taken-back": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/taken-back/undo": OFFICE,
    "GET /desk/transfers/<int:transfer_id>/refund": OFFICE,
    "POST /desk/transfers/<int:transfer_id>/refund": OFFICE,
    "GET /desk/refunds": OFFICE,
    "GET /desk/refunds/<int:refund_id>": OFFICE,
    "POST /desk/refunds/<int:refund_id>/name": OFFICE,
    "POST /desk/refunds/<int:refund_id>/approve": OFFICE,
    "POST /desk/refunds/<int:refund_id>/refuse": OFFICE,
    "POST /desk/refunds/<int:refund_id>/withdraw": OFFICE,
    "POST /desk/refunds/<int:refund_id>/stop": OFFICE,
    "GET /desk/refunds/batches": OFFICE,
    "POST /desk/refunds/batches": OFFICE,
    "GET /desk/refunds/batches/<int:batch_id>": OFFICE,
    "GET /desk/refunds/batches/<int:batch_id>.xlsx": OFFICE,
    "GET /desk/refunds/batches/<int:batch_id>.csv": OFFICE,
    "POST /desk/refunds/batches/<int:batch_id>/cancel": OFFICE,
    "GET /desk/debits": OFFICE,
    "GET /desk/debits/<int:debit_id>": OFFICE,
    "POST /desk/debits/<int:debit_id>/link": OFFICE,
    "POST /desk/debits/<int:debit_id>/say": OFFICE,
    "POST /desk/debits/<int:debit_id>/undo": OFFICE,
    "GET /desk/orders": OFFICE,
    "GET /desk/orders/<code>": OFFICE,
    "POST /desk/orders/<code>/combos": OFFICE,
    "POST /desk/orders/<code>/revive": OFFICE,
    "POST /desk/orders/<code>/deadline": OFFICE,
    "GET /desk/groups/<group_code>": OFFICE,
    "GET /desk/statements": OFFICE,
    "POST /desk/statements": OFFICE,
    "GET /desk/statements/<int:statement_id>": OFFICE,
    "POST /desk/statements/<int:statement_id>/book": OFFICE,
    "POST /desk/statements/<int:statement_id>/drop": OFFICE,
    "GET /desk/statements/uploads/<int:upload_id>": OFFICE,
    "POST /desk/statements/uploads/<int:upload_id>": OFFICE,
    "POST /desk/statements/uploads/<int:upload_id>/drop": OFFICE,
    "GET /desk/statements/columns": OFFICE,
    "POST /desk/statements/columns/<int:mapping_id>/forget": OFFICE,
    "GET /desk/close": OFFICE,
    "GET /desk/close/<int:account_id>/<day>": OFFICE,
    "POST /desk/close/<int:account_id>/<day>": OFFICE,
    "POST /desk/close/<int:account_id>/up-to": OFFICE,
    "GET /desk/close/<int:account_id>/<day>/<int:version>.pdf": OFFICE,
    "GET /desk/close/<int:account_id>/<day>/<int:version>.xlsx": OFFICE,
    "GET /desk/quarantine": OFFICE,
    "GET /desk/quarantine/<int:doubt_id>": OFFICE,
    "POST /desk/quarantine/<int:doubt_id>": OFFICE,
    "POST /desk/quarantine/<int:doubt_id>/take-back": OFFICE,
    "GET /desk/ledger": OFFICE,
    "GET /desk/ledger/transfers/<int:transfer_id>": OFFICE,
    "GET /desk/rounds": OFFICE,
    "GET /desk/rounds/<int:round_id>": OFFICE,
    "POST /desk/rounds/<int:round_id>/dispatch": OFFICE,
    "GET /desk/notices": OFFICE,
    "GET /desk/notices/by-hand": OFFICE,
    "POST /desk/notices/<int:notice_id>/done": OFFICE,
    "POST /desk/notices/<int:notice_id>/retry": OFFICE,
    "POST /desk/notices/retry": OFFICE,
    "GET /desk/rounds/<int:round_id>/loudspeaker": OFFICE,
    "GET /desk/rounds/<int:round_id>/loudspeaker.txt": OFFICE,
    "GET /desk/announcements": OFFICE,
    "GET /desk/announcements/new": OFFICE,
    "POST /desk/announcements/new": OFFICE,
    "GET /desk/announcements/<int:announcement_id>": OFFICE,
    "POST /desk/announcements/<int:announcement_id>/withdraw": OFFICE,
    "GET /suppliers/": SUPPLIER,
    "GET /suppliers/manifests/<number>": STAFF,
    "GET /suppliers/manifests/<number>.pdf": STAFF,
    "GET /suppliers/manifests/<number>.csv": STAFF,
    "GET /suppliers/manifests/<number>.xlsx": STAFF,
    "GET /suppliers/manifests/<number>.json": STAFF,
    "GET /suppliers/manifests/<number>/labels.pdf": STAFF,
    "GET /suppliers/manifests/<number>/changes": STAFF,
    "POST /suppliers/parcels/<int:parcel_id>": SUPPLIER,
    "GET /desk/deliveries": OFFICE,
    "POST /desk/deliveries/parcels/<int:parcel_id>/urgent": OFFICE,
    "POST /desk/deliveries/teams/<int:team_id>/nudge": OFFICE,
    "POST /desk/deliveries/suppliers/<int:supplier_id>/nudge": OFFICE,
    "GET /courier/": COURIER,
    "GET /courier/worker.js": ANYBODY,
    "GET /courier/me.json": COURIER,
    "GET /courier/runs/<run_code>": COURIER,
    "GET /courier/runs/<run_code>/stops.json": COURIER,
    "GET /courier/look": COURIER,
    "POST /courier/parcels/<int:parcel_id>": COURIER,
    "GET /courier/photos/<event_key>.webp": "courier, office, supplier",
    "GET /suppliers/manifests/<number>/runs": STAFF,
    "POST /suppliers/manifests/<number>/runs": SUPPLIER,
    "POST /suppliers/runs/<run_code>/give": SUPPLIER,
    "GET /courier/pass": COURIER,
    "GET /courier/pass.pdf": COURIER,
    "GET /suppliers/teams": SUPPLIER,
    "POST /suppliers/teams": SUPPLIER,
    "GET /suppliers/teams/new": SUPPLIER,
    "POST /suppliers/teams/new": SUPPLIER,
    "GET /suppliers/teams/<int:team_id>": SUPPLIER,
    "POST /suppliers/teams/<int:team_id>": SUPPLIER,
    "POST /suppliers/teams/<int:team_id>/active": SUPPLIER,
    "POST /suppliers/teams/<int:team_id>/vehicles": SUPPLIER,
    "POST /suppliers/teams/<int:team_id>/vehicles/<int:vehicle_id>/active": SUPPLIER,
    "GET /suppliers/teams/<int:team_id>/passes.pdf": SUPPLIER,
    "POST /suppliers/teams/accounts": SUPPLIER,
    "GET /suppliers/teams/couriers/<int:courier_id>": SUPPLIER,
    "POST /suppliers/teams/couriers/<int:courier_id>/lasts": SUPPLIER,
    "POST /suppliers/teams/couriers/<int:courier_id>/reset-password": SUPPLIER,
    "POST /suppliers/teams/couriers/<int:courier_id>/active": SUPPLIER,
    "GET /pass/<signed>": ANYBODY,  # the text is its own proof
    "POST /pass/<signed>": ANYBODY,
    "GET /suppliers/tokens": SUPPLIER,
    "POST /suppliers/tokens": SUPPLIER,
    "POST /suppliers/tokens/<int:token_id>/revoke": SUPPLIER,
    "GET /desk/admin/tokens": OFFICE,
    "POST /desk/admin/tokens/<int:token_id>/revoke": OFFICE,
    "GET /api/v1/openapi.json": ANYBODY,
    "GET /api/v1/docs": ANYBODY,
    "GET /api/v1/rounds": TOKEN,
    "GET /api/v1/rounds/<int:round_id>": TOKEN,
    "GET /api/v1/manifests": TOKEN,
    "GET /api/v1/manifests/<number>": TOKEN,
    "GET /api/v1/manifests/<number>/pdf": TOKEN,
    "GET /api/v1/manifests/<number>/csv": TOKEN,
    "GET /api/v1/manifests/<number>/parcels": TOKEN,
    "POST /api/v1/parcels/<int:parcel_id>/events": TOKEN,
    "GET /api/v1/manifests/<number>/shortages": TOKEN,
    "POST /api/v1/manifests/<number>/shortages": TOKEN,
    "GET /api/v1/purchases": TOKEN,
    "GET /api/v1/purchases/<purchase>": TOKEN,
    "GET /api/v1/purchases/<purchase>/pdf": TOKEN,
    "GET /api/v1/purchases/<purchase>/csv": TOKEN,
    "POST /api/v1/purchases/<purchase>/acknowledgement": TOKEN,
    "GET /suppliers/orders": SUPPLIER,
    "GET /suppliers/orders/<purchase>": STAFF,
    "POST /suppliers/orders/<purchase>/acknowledge": SUPPLIER,
    "GET /suppliers/orders/<purchase>.<any(pdf, xlsx, csv, json):kind>": STAFF,
    "GET /desk/purchases": OFFICE,
    "POST /desk/purchases/<int:purchase_id>/nudge": OFFICE,
    "GET /suppliers/settlements": SUPPLIER,
    "GET /suppliers/settlements/<settlement>": STAFF,
    "POST /suppliers/settlements/<settlement>/agree": STAFF,
    "POST /suppliers/settlements/<settlement>/disagree": STAFF,
    "GET /suppliers/settlements/<settlement>.pdf": STAFF,
    "GET /suppliers/settlements/<settlement>.xlsx": STAFF,
    "GET /suppliers/settlements/<settlement>/invoice-data.<any(csv, json):kind>": STAFF,
    "GET /desk/settlements": OFFICE,
    "POST /desk/settlements": OFFICE,
    "POST /desk/settlements/<int:settlement_id>/anew": OFFICE,
    "POST /desk/settlements/<int:settlement_id>/drop": OFFICE,
    "POST /desk/settlements/<int:settlement_id>/pay": OFFICE,
    "GET /suppliers/manifests/<number>/shortages": STAFF,
    "POST /suppliers/manifests/<number>/shortages": STAFF,
    "GET /suppliers/shortages/<int:shortage_id>": STAFF,
    "POST /suppliers/shortages/<int:shortage_id>/answer": STAFF,
    "POST /suppliers/shortages/<int:shortage_id>/leave": STAFF,
    "POST /suppliers/shortages/<int:shortage_id>/withdraw": OFFICE,
    "GET /desk/admin/shortages": OFFICE,
    "POST /desk/admin/shortages/rule": OFFICE,
    "POST /desk/admin/shortages/prices": OFFICE,
    "POST /desk/admin/shortages/prices/<int:price_id>/drop": OFFICE,
    "POST /desk/admin/shortages/returns/<int:return_id>": OFFICE,
    "GET /o/<token>/complain": ANYBODY,
    "POST /o/<token>/complain": ANYBODY,
    "GET /o/<token>/complaints/<int:complaint_id>.webp": ANYBODY,
    "POST /o/<token>/complaints/<int:complaint_id>/withdraw": ANYBODY,
    "GET /desk/complaints": OFFICE,
    "GET /desk/complaints/<int:complaint_id>": OFFICE,
    "GET /desk/complaints/<int:complaint_id>.webp": OFFICE,
    "POST /desk/complaints/<int:complaint_id>/accept": OFFICE,
    "POST /desk/complaints/<int:complaint_id>/refuse": OFFICE,
    "POST /desk/complaints/<int:complaint_id>/undo": OFFICE,
    "POST /desk/complaints/<int:complaint_id>/given-back": OFFICE,
    "GET /suppliers/complaints": SUPPLIER,
    "GET /suppliers/complaints/<int:complaint_id>": SUPPLIER,
    "POST /suppliers/complaints/<int:complaint_id>": SUPPLIER,
    "GET /suppliers/complaints/<int:complaint_id>.webp": SUPPLIER,
    "GET /suppliers/score": SUPPLIER,
    "GET /desk/scores": OFFICE,
    "GET /desk/scores/<int:supplier_id>": OFFICE,
    "GET /prices": ANYBODY,
    "GET /account/password": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "GET /desk/admin": OFFICE,
    "GET /desk/admin/combos": OFFICE,
    "GET /desk/admin/combos/new": OFFICE,
    "POST /desk/admin/combos/new": OFFICE,
    "GET /desk/admin/combos/<code>": OFFICE,
    "POST /desk/admin/combos/<code>": OFFICE,
    "GET /desk/admin/combos/<code>/price": OFFICE,
    "POST /desk/admin/combos/<code>/price": OFFICE,
    "POST /desk/admin/combos/<code>/on-sale": OFFICE,
    "GET /desk/admin/prices": OFFICE,
    "GET /desk/admin/prices/<int:change_id>": OFFICE,
    "POST /desk/admin/prices/<int:change_id>/approve": OFFICE,
    "POST /desk/admin/prices/<int:change_id>/refuse": OFFICE,
    "POST /desk/admin/prices/<int:change_id>/withdraw": OFFICE,
    "GET /desk/admin/rounds": OFFICE,
    "GET /desk/admin/rounds/new": OFFICE,
    "POST /desk/admin/rounds/new": OFFICE,
    "GET /desk/admin/rounds/<int:round_id>": OFFICE,
    "POST /desk/admin/rounds/<int:round_id>": OFFICE,
    "POST /desk/admin/rounds/<int:round_id>/close": OFFICE,
    "POST /desk/admin/rounds/<int:round_id>/deadlines": OFFICE,
    "GET /desk/admin/rounds/<int:round_id>/places": OFFICE,
    "POST /desk/admin/rounds/<int:round_id>/places": OFFICE,
    "GET /desk/admin/rounds/<int:round_id>/closes": OFFICE,
    "POST /desk/admin/rounds/<int:round_id>/closes": OFFICE,
    "GET /desk/admin/rounds/wards": OFFICE,
    "GET /desk/admin/rounds/wards/<int:ward_id>": OFFICE,
    "POST /desk/admin/rounds/wards/<int:ward_id>": OFFICE,
    "GET /desk/admin/rounds/rota": OFFICE,
    "POST /desk/admin/rounds/rota": OFFICE,
    "GET /desk/admin/suppliers": OFFICE,
    "GET /desk/admin/suppliers/new": OFFICE,
    "POST /desk/admin/suppliers/new": OFFICE,
    "GET /desk/admin/suppliers/<int:supplier_id>": OFFICE,
    "POST /desk/admin/suppliers/<int:supplier_id>": OFFICE,
    "POST /desk/admin/suppliers/<int:supplier_id>/active": OFFICE,
    "GET /desk/admin/staff": OFFICE,
    "GET /desk/admin/staff/new": OFFICE,
    "POST /desk/admin/staff/new": OFFICE,
    "GET /desk/admin/staff/<int:staff_id>": OFFICE,
    "POST /desk/admin/staff/<int:staff_id>": OFFICE,
    "POST /desk/admin/staff/<int:staff_id>/reset-password": OFFICE,
    "POST /desk/admin/staff/<int:staff_id>/active": OFFICE,
    "POST /desk/admin/staff/<int:staff_id>/sign-out": OFFICE,
    "GET /desk/admin/accounts": OFFICE,
    "GET /desk/admin/accounts/new": OFFICE,
    "POST /desk/admin/accounts/new": OFFICE,
    "GET /desk/admin/accounts/<int:account_id>": OFFICE,
    "POST /desk/admin/accounts/<int:account_id>": OFFICE,
    "POST /desk/admin/accounts/<int:account_id>/active": OFFICE,
    "POST /desk/admin/accounts/<int:account_id>/receive": OFFICE,
    "POST /desk/admin/accounts/changes/<int:proposal_id>/approve": OFFICE,
    "POST /desk/admin/accounts/changes/<int:proposal_id>/refuse": OFFICE,
    "POST /desk/admin/accounts/changes/<int:proposal_id>/withdraw": OFFICE,
    "POST /hooks/sepay": ANYBODY,  # a provider's key, and its signature: tests/orders/payments/feeds/hooks
    "POST /hooks/casso": ANYBODY,
    "POST /hooks/payos": ANYBODY,
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /static/<path:filename>": ANYBODY,
    "GET /styleguide": ANYBODY,  # only while the program is tested or debugged: test_styleguide.py
}
NOWHERE = {
    "token": "x" * 32,
    "code": "DC2222222",
    "combo": "C99",
    "filename": "none.css",
    "key": "0" * 32,
    "width": 320,
    "place": "y" * 32,
    "came": "x" * 32,
    "group": "z" * 32,
    "draft": "z" * 32,
    "neighbour": 999_999,
    "group_code": "DC2222222",
    "purchase": "DH-0000-NONE-1",
    "run_code": "0000-NONE-1-C1",
    "event_key": "0" * 36,
    "settlement": "QT-NONE-0001",
    "kind": "csv",
    "signed": "x" * 32,
}
PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
NEW_EACH_TIME = {"X-Request-ID", "Content-Security-Policy", "Set-Cookie", "Content-Length"}
CALLERS = ("anonymous", OFFICE, SUPPLIER, COURIER)


def of_app(app: Flask) -> dict[str, str]:
    return {
        f"{method} {rule.rule}": _who_may(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _who_may(app: Flask, endpoint: str) -> str:
    view = app.view_functions[endpoint]
    if hasattr(view, "scopes"):
        return TOKEN
    roles = getattr(view, "roles", ())
    return ", ".join(sorted(role.value for role in roles)) or ANYBODY


def test_these_are_all_addresses_and_who_may_call_them(app):
    assert of_app(app) == ROUTES


@dataclass(frozen=True)
class City:
    """What an address needs to name a thing of one's own, of somebody else, and one that there is not."""

    own: dict[str, object]
    anothers: dict[str, object]
    missing: dict[str, object]
    callers: dict[str, Staff | None]

    def things(self) -> dict[str, dict[str, object]]:
        return {"own": self.own, "another's": self.anothers, "missing": self.missing}


@pytest.fixture
def city(session) -> City:
    """Two suppliers with a parcel on its way each, and at the desk one thing of every kind."""
    mine, theirs = make.supplier(), make.supplier()
    at_the_desk = {"transfer_id": make.transfer().id, "statement_id": _statement().id, "filename": "app.css"}
    at_the_desk |= {"notice_id": _notice().id, "ward_id": make.ward().id}
    at_the_desk["announcement_id"] = make.announcement().id
    at_the_desk["doubt_id"] = doubts.doubt(make.transfer()).id
    at_the_desk |= _kept() | _grouped() | _asked_about()
    refund = exported()
    at_the_desk |= {"refund_id": refund.id, "batch_id": refund.batch_id, "debit_id": make.debit().id}
    named = (
        "transfer_id",
        "statement_id",
        "upload_id",
        "mapping_id",
        "round_id",
        "ward_id",
        "parcel_id",
        "token_id",
        "shortage_id",
        "complaint_id",
        "return_id",
        "notice_id",
        "announcement_id",
        "doubt_id",
        "purchase_id",
        "settlement_id",
        "team_id",
        "vehicle_id",
        "courier_id",
        *_refunded(),
        *_kept_names(),
    )
    unknown = dict.fromkeys(named, 999_999)
    team = make.team(mine)
    return City(
        own=_sent(mine, team) | at_the_desk,
        anothers=_sent(theirs, make.team(theirs)) | at_the_desk,
        missing={**unknown, "number": "0000-NONE-1", "day": "2021-09-06", "version": 1, **NOWHERE},
        callers={
            "anonymous": None,
            OFFICE: make.staff(manages=True),
            SUPPLIER: make.staff(Role.SUPPLIER, of=mine),
            COURIER: make.courier(team),
        },
    )


def _sent(supplier: Supplier, team: Team) -> dict[str, object]:
    """A paid order that has left with this supplier, and one that waits for its payment."""
    combo = make.combo(packed_by=supplier)
    order, waiting = make.paid_order(combo), make.order(combo)
    how: dict[str, Any] = {"at": clock.now(), "by": "clerk", "patience": timedelta(0), "override": "test"}
    (manifest,) = dispatch(db.session, order.round, **how)
    (parcel,) = parcels_of_batch(db.session, manifest.batch_id).values()
    item = combo.items[0]
    short = share_out(db.session, manifest.batch, Missing(item.name, item.unit, 1), Doer("ncc", clock.now(), "late"))
    back = returns_of(db.session, short.id)[0].id  # paid before the city moved in
    (purchase,) = orders_of_batches(db.session, [manifest.batch_id]).values()
    at_the_door = make.paid_order(combo)
    (other,) = dispatch(db.session, at_the_door.round, **how)
    settlement = _settled(supplier, parcels_of_batch(db.session, other.batch_id)[1])
    on_the_road = _told(other, team)
    papers = on_the_road | {"purchase": purchase.number, "settlement": settlement.number, "kind": "csv"}
    complaint = _complained(at_the_door)
    ids = {"parcel_id": parcel.id, "purchase_id": purchase.id, "settlement_id": settlement.id} | papers
    maker = make.staff(Role.SUPPLIER, of=supplier)
    token, _text = tokens.make(db.session, maker, name="x", scopes=list(Scope), lasts=timedelta(days=1), at=clock.now())
    ids |= {"shortage_id": short.id, "return_id": back, "complaint_id": complaint.id, "came": at_the_door.token}
    ids |= {"round_id": order.round_id, "token_id": token.id, "place": make.waiting(combo, order.round).token}
    combo.picture = f"{combo.id:032x}"
    files.put(f"pictures/{combo.picture}-320.webp", b"RIFF")
    names = {"number": manifest.number, "token": waiting.token, "code": order.code, "combo": combo.code}
    return {**ids, **_team(supplier), **names, "key": combo.picture, "width": 320}


def _team(supplier: Supplier) -> dict[str, object]:
    """A team with a vehicle, a courier and a pass that holds now."""
    team = make.team(supplier, "", ("Dĩ An", ""))
    courier = make.courier(team)
    hour = timedelta(hours=1)
    signed = sign(Pass(courier.id, ("25942",), clock.now() - hour, clock.now() + hour))
    return {"team_id": team.id, "vehicle_id": team.vehicles[0].id, "courier_id": courier.id, "signed": signed}


def _told(manifest: Manifest, team: Team) -> dict[str, object]:
    """A run of the team, and what one of its couriers told of its stop, with a photo."""
    run, parcel = make.run(manifest, team), parcels_of_batch(db.session, manifest.batch_id)[1]
    telling = Telling(f"{parcel.id:036x}", parcel.id, DoorKind.DELIVERED, clock.now())
    event = tell(db.session, telling, make.courier(team), heard_at=clock.now(), photo=b"RIFF")
    return {"run_code": run.code, "event_key": event.key}


def _settled(supplier: Supplier, parcel: Parcel) -> Settlement:
    """A parcel that was delivered, in a settlement to which both sides have agreed."""
    advance(parcel, ParcelState.DELIVERED, by="clerk", at=clock.now(), because="")
    db.session.flush()
    hand, today = Hand("clerk", "Clerk", clock.now()), clock.today()
    made = draw(db.session, supplier.id, Period(today, today), hand)
    for side in Side:
        agree(db.session, made, side, hand, seen=1)
    return made


def _complained(order: Placed) -> Complaint:
    """What its resident says of an order that came, with a photo."""
    about = goods(db.session, order, order.lines[0].id, "")
    files.put("complaints/x.webp", b"RIFF")
    said = Said(ComplaintKind.SPOILED, photo="complaints/x.webp")
    return complain(db.session, order, about, said, at=clock.now(), hotline="1022")


def _grouped() -> dict[str, object]:
    """A group that was placed, and one that is still written down."""
    group, draft = make.group(), make.group_draft(make.round(), make.combo(), many=1)
    neighbour = draft.neighbours[0].id
    return {"group": group.token, "group_code": group.code, "draft": draft.token, "neighbour": neighbour}


def _notice() -> Notice:
    """One that failed."""
    telling.placed(db.session, make.order(), at=clock.now())
    (notice,) = notices_log(db.session, most=1)
    notice.state = NoticeState.FAILED
    db.session.flush()
    return notice


def _refunded() -> tuple[str, ...]:
    return ("refund_id", "batch_id", "debit_id")


def _kept_names() -> tuple[str, ...]:
    return ("price_id", "change_id", "supplier_id", "staff_id", "account_id", "proposal_id")


def _kept() -> dict[str, object]:
    """What the office keeps: a firm, two kinds of account, what somebody proposed of prices and of the bank."""
    change = make.reprice(make.combo(price=100_000), 200_000, over_limit=10)
    account = make.bank_account("BIDV", receives=False)
    proposal = ReceivingChange(
        account=account, proposed_by="somebody", proposed_at=clock.now(), because="the contract ends"
    )
    db.session.add(proposal)
    db.session.flush()
    price = ItemPrice(name="cá", unit=Unit.GRAM, price=90_000)
    db.session.add(price)
    db.session.flush()
    ids = (price.id, change.id, make.supplier().id, make.staff().id, account.id, proposal.id)
    return {**dict(zip(_kept_names(), ids, strict=True)), **_sealed(account)}


def _sealed(account: BankAccount) -> dict[str, object]:
    """A day of the account, sealed."""
    day = clock.today() - timedelta(days=1)
    account.covered_until = clock.now()
    how = Sealer("somebody", "Somebody", clock.now())
    made = seal(db.session, account.id, day, how, typed=Typed(1_000_000, "the bank's paper"))
    return {"day": day.isoformat(), "version": made.version}


def _asked_about() -> dict[str, object]:
    """A file whose columns nobody has named, and what was said of another's."""
    look = Look(0, 0, [["A", "B"]], {}, "", "")
    upload = StatementUpload(filename="x.csv", content=b"", look=asdict(look), account="", by="clerk", at=clock.now())
    mapping = RememberedMapping(
        fingerprint="f",
        titles=["A", "B"],
        answer=ColumnMapping("f", {Column.DATE: 0}, Order.DAY, ".").to_json(),
        by="clerk",
        at=clock.now(),
    )
    db.session.add_all([upload, mapping])
    db.session.flush()
    return {"upload_id": upload.id, "mapping_id": mapping.id}


def _statement() -> StatementImport:
    statement = StatementImport(
        account=make.bank_account(),
        state=ImportState.DROPPED,
        filename="t9.csv",
        layout="agribank",
        content=Statement(layout="agribank", bank_code="AGR").to_json(),
        imported_by="clerk",
        imported_at=clock.now(),
    )
    db.session.add(statement)
    db.session.flush()
    return statement


@pytest.fixture
def call(app: Flask, city: City, client: FlaskClient) -> Callable[[str, dict[str, object]], TestResponse]:
    """Ask for a route with a form that names the thing and is empty otherwise."""
    tokens: dict[str, str] = {}  # by the session that they are of

    def token() -> str:
        cookie = client.get_cookie("market")
        session = cookie.value if cookie else ""
        if session not in tokens:
            tokens[session] = make.csrf_token(client, "/track")
        return tokens[session]

    def ask(route: str, thing: dict[str, object]) -> TestResponse:
        method, rule = route.split(" ", 1)
        path = PLACE.sub(lambda found: str(thing[found[1]]), places(rule))
        if method == "GET":
            return client.get(path)
        fields = {"csrf_token": token(), "combo": thing.get("combo")}
        return client.post(path, data={name: value for name, value in fields.items() if value})

    return ask


def enter(client: FlaskClient, city: City, caller: str) -> None:
    if who := city.callers[caller]:
        make.signed_in(client, who)


def places(rule: str) -> str:
    """A combo and an order are both known by a code; only of an order that came something can be wrong."""
    return rule.replace("/combos/<code>", "/combos/<combo>").replace("/o/<token>/complain", "/o/<came>/complain")


def names_a_thing(route: str) -> bool:
    return "<" in route or route.startswith("POST /basket/")


def verdict(answer: TestResponse) -> str:
    """How the door was opened."""
    if answer.status_code == 302 and "/sign-in?next=" in answer.location:
        return "sign in"
    known = {401: "no token", 403: "forbidden", 404: "no such thing"}
    return known.get(answer.status_code, "in" if answer.status_code < 500 else "broken")


def due(route: str, caller: str, thing: str) -> str:
    """Which verdict is right."""
    if ROUTES[route] == TOKEN:
        return "no token"
    if route == "GET /pass/<signed>":  # a checkpoint is told that it is forged, whoever asks
        return "forbidden" if thing == "missing" else "in"
    if route == "POST /pass/<signed>":
        return "in"
    if ROUTES[route] != ANYBODY and caller == "anonymous":
        return "sign in"
    if ROUTES[route] != ANYBODY and caller not in ROUTES[route]:
        return "forbidden"
    suppliers_own = (
        *("<number>", "<int:parcel_id>", "<purchase>", "<settlement>", "<int:token_id>", "<int:shortage_id>"),
        *("<run_code>", "<event_key>", "<int:team_id>", "<int:courier_id>"),
        "/suppliers/complaints/<int:complaint_id>",
    )
    belongs_to_a_supplier = any(name in route for name in suppliers_own)
    strange = thing == "missing" or (thing == "another's" and caller in (SUPPLIER, COURIER) and belongs_to_a_supplier)
    # Of another order, it is not there: tests/suppliers/door/test_resident.py.
    without_its_key = route.startswith(("POST /hooks/", "GET /o/<token>/photos/"))
    return "no such thing" if without_its_key or (strange and names_a_thing(route)) else "in"


LAST = {
    "POST /g/<draft>/drop",
    "POST /o/<token>/cancel",
    "POST /w/<place>/leave",
    "POST /sign-out",
}  # what they end is needed before


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("thing", ["own", "another's", "missing"])
def test_each_caller_gets_in_where_it_may_and_nowhere_else(client, city, call, caller, thing):
    enter(client, city, caller)
    routes = sorted(ROUTES.keys() - {"GET /readyz"}, key=lambda route: (route in LAST, route))

    found = {route: verdict(call(route, city.things()[thing])) for route in routes}

    # An order that has left is not cancelled, which is told in words: that, too, is being let in.
    assert found == {route: due(route, caller, thing) for route in routes}


@pytest.mark.parametrize("caller", CALLERS)
def test_anothers_thing_answers_exactly_as_one_that_there_is_not(client, city, call, caller):
    """Status, headers and page: whoever may not see a thing learns not even that it exists."""
    enter(client, city, caller)
    routes = [route for route in ROUTES if names_a_thing(route) and due(route, caller, "another's") != "in"]
    assert routes

    for route in routes:
        assert told_apart(call, route, city.anothers, city.missing) == [], route


@pytest.mark.parametrize("route", ["GET /o/<token>", "GET /o/<token>/qr.png", "POST /o/<token>/cancel"])
def test_an_orders_code_or_number_is_no_way_to_its_private_page(client, city, call, route):
    token = str(city.anothers["token"])

    for guess in (city.anothers["code"], 1, token[:-1], token.swapcase()):
        assert told_apart(call, route, {"token": guess}, city.missing) == []


def told_apart(
    call: Callable[[str, dict[str, object]], TestResponse], route: str, one: dict[str, object], other: dict[str, object]
) -> list[tuple[str, str]]:
    """By what the answers to the two can be told apart, but for what they echo and what is new each time."""
    echoed = [str(thing[name]) for thing in (one, other) for name in PLACE.findall(places(route)) if name in thing]
    first, second = (_lines(call(route, thing), echoed) for thing in (one, other))
    return [(a, b) for a, b in zip_longest(first, second, fillvalue="") if a != b]


def _lines(answer: TestResponse, echoed: list[str]) -> list[str]:
    headers = sorted(f"{name}: {value}" for name, value in answer.headers.items() if name not in NEW_EACH_TIME)
    text = unquote("\n".join((answer.status, *headers, answer.text)))
    for word in (*echoed, answer.headers["X-Request-ID"]):
        text = re.sub(rf"\b{re.escape(word)}\b", "…", text)
    return re.sub(r'(nonce|value)="[^"]*"', r'\1="…"', text).splitlines()
