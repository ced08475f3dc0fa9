"""Builders: each puts one thing into the test's session. The test names what matters; the rest is sensible and real."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel import clock
from kernel.changes import Doer
from kernel.database import Base, db
from kernel.text import search_key
from orders import lifecycle
from orders.checkout import Recipient
from orders.consent import LEADER, NEIGHBOUR
from orders.groups import draft as drafts
from orders.groups.draft import Entry, Leader
from orders.groups.models import GroupDraft
from orders.groups.place import place_group
from orders.holds import hold_beyond
from orders.models import Order, OrderGroup, OrderLine, OrderState, Origin
from orders.payments import ledger
from orders.payments.feeds.models import BankAccount
from orders.payments.feeds.queries import receiving_account
from orders.payments.models import Debit, Transfer
from orders.reference import new_code
from orders.rota.models import Rota
from orders.rota.queries import rota_rows
from orders.waiting.models import WaitingEntry
from people.models import Role, Staff, Standing, Supplier, Team, TeamBlock, Vehicle, WardRow
from people.queries import wards
from shop.basket import Basket, BasketLine
from shop.models import Announcement, Capacity, Combo, ComboItem, PriceChange, Round, Slot, WardClose
from shop.prices import propose
from shop.quantities import parse_item
from shop.queries import capacity_ids
from shop.wards import set_standing
from suppliers.models import Manifest
from suppliers.queries import parcels_of_batch
from suppliers.runs.models import Run, RunStop

PASSWORD = "mot hai ba bon"
PLACES = 50
ACCOUNT = "1013456789"

Row = TypeVar("Row", bound=Base)

_numbers = count(1)
_SPOKEN = "Không Một Hai Ba Bốn Năm Sáu Bảy Tám Chín".split()
# Argon2 is slow on purpose, and a hash says how slow: by these a test signs in in 0.01 s instead of 0.14. What the
# program itself hashes stays as slow as it is.
_hash = cache(PasswordHasher.from_parameters(CHEAPEST).hash)


def begin_anew() -> None:
    """Number from one again: what a test makes has the same numbers whoever ran before it."""
    global _numbers  # noqa: PLW0603
    _numbers = count(1)


def ward(name: str = "Dĩ An") -> WardRow:
    """A ward of 2021: they come with the migrations."""
    return next(row for row in wards(db.session) if row.name == name)


def supplier(code: str = "") -> Supplier:
    code = code or f"NCC{next(_numbers)}"
    return _add(Supplier(code=code, name=f"Cửa hàng {code}", phone="0900000100"))


def combo(
    code: str = "",
    *,
    price: int = 100_000,
    packed_by: Supplier | None = None,
    name: str = "",
    group: str = "Rau củ",
    items: Sequence[str] = ("rau muống 0,5 kg", "trứng gà 10 quả"),
    on_sale: bool = True,
) -> Combo:
    """A combo, packed by a supplier of its own unless one is named. ``items`` as `parse_item` reads them."""
    number = next(_numbers)
    read = [parse_item(text) for text in items]
    return _add(
        Combo(
            code=code or f"C{number:03d}",
            name=name or f"Combo số {number}",
            group=group,
            price=price,
            position=number,
            on_sale=on_sale,
            supplier=packed_by or supplier(),
            items=[
                ComboItem(
                    position=place,
                    name=item.name,
                    quantity=item.quantity,
                    unit=item.unit,
                    measure=item.measure,
                    remark=item.remark,
                )
                for place, item in enumerate(read)
            ],
        )
    )


def reprice(
    combo: Combo, price: int, *, because: str = "the market moved", over_limit: int = 10_000, by: str = "kinhte1"
) -> PriceChange:
    """The combo costs something else from now on, as somebody of the office wrote it down."""
    doer = Doer(by, clock.now(), because)
    return propose(db.session, combo, price, seen=str(combo.version), limit_percent=over_limit, doer=doer)


def round(  # noqa: A001  (tests say make.round)
    *,
    name: str = "",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    dispatch_at: datetime | None = None,
    slot: Slot = Slot.ALL_DAY,
) -> Round:
    """A delivery round that takes orders now and closes in three days."""
    closes_at = closes_at or clock.now() + timedelta(days=3)
    return _add(
        Round(
            name=name or f"Đợt giao {next(_numbers)}",
            opens_at=opens_at or min(clock.now(), closes_at) - timedelta(days=1),
            closes_at=closes_at,
            dispatch_at=dispatch_at or closes_at + timedelta(hours=2),
            delivery_on=clock.local(closes_at).date() + timedelta(days=1),
            slot=slot,
        )
    )


def capacity(delivery: Round, supplier: Supplier, *, ward: WardRow | str = "Dĩ An", places: int = PLACES) -> Capacity:
    """So many parcels does this supplier take to this ward in this round."""
    ward = _ward(ward)
    return _add(Capacity(round=delivery, supplier=supplier, ward=ward, places=places, held=0, beyond=0))


def ward_close(delivery: Round, ward: WardRow | str, closes_at: datetime) -> WardClose:
    """A last order of its own for a ward of this round."""
    own = WardClose(ward=_ward(ward), closes_at=closes_at)
    delivery.ward_closes.append(own)
    db.session.flush()
    return own


def stands(ward: WardRow | str, standing: Standing, because: str = "phong tỏa để truy vết") -> WardRow:
    """A ward that the office has locked, opened or put first."""
    found = _ward(ward)
    set_standing(db.session, found, standing, seen=str(found.version), doer=Doer("kinhte1", clock.now(), because))
    return found


def rota(days: int, *, ward: WardRow | str | None = None) -> None:
    """Once in so many days a household orders: in the city, or in one ward."""
    city = rota_rows(db.session)[0]
    if ward is None:
        city.days = days
        db.session.flush()
    else:
        _add(Rota(ward_id=_ward(ward).id, days=days))


def basket(*combos: Combo, quantity: int = 1) -> Basket:
    return Basket(tuple(BasketLine(each, quantity) for each in combos))


def recipient(name: str = "Trần Thị Bưởi", *, phone: str = "0912345678", ward: WardRow | str = "Dĩ An") -> Recipient:
    return Recipient(name=name, phone=phone, ward=_ward(ward), address="12 Lý Thường Kiệt, KP Thống Nhất")


def order(
    *combos: Combo,
    state: OrderState = OrderState.OPEN,
    delivery: Round | None = None,
    ward: WardRow | str = "Dĩ An",
    name: str = "Trần Thị Bưởi",
    phone: str = "0912345678",
    address: str = "12 Lý Thường Kiệt, KP Thống Nhất",
    code: str = "",
    total: int | None = None,
    placed_at: datetime | None = None,
    expires_at: datetime | None = None,
    elsewhere: bool = False,
) -> Order:
    """An order that reached its state as one does in life: a confirmed one is paid, an ended one gave its places back.

    Without combos it has one of its own at ``total`` (default 100.000 ₫). Its places are taken beyond what is planned
    where need be, so that a test of something else need not plan any. One taken ``elsewhere`` has no combos yet.
    """
    combos = () if elsewhere else combos or (combo(price=total or 100_000),)
    lines = [OrderLine.of(each, 1) for each in combos] or [taken_elsewhere(total or 100_000)]
    delivery = delivery or round()
    placed_at = placed_at or clock.now()
    made = Order(
        code=code or new_code(),
        token=secrets.token_urlsafe(24),
        origin=Origin.ELSEWHERE if elsewhere else Origin.SHOP,
        name=name,
        phone=phone,
        ward=_ward(ward),
        address=address,
        lines=lines,
        total=sum(line.amount for line in lines),
        round=delivery,
        placed_at=placed_at,
        expires_at=expires_at or min(placed_at + timedelta(hours=24), delivery.closes_at),
    )
    lifecycle.begin(made, state=OrderState.OPEN, by="resident", at=placed_at, because="placed in the shop")
    _add(made)
    _hold_places(made)
    _lead_to(made, state)
    return made


def taken_elsewhere(total: int) -> OrderLine:
    """A line that nobody can pack until the office says what is in it."""
    return OrderLine(name="Taken elsewhere", quantity=1, unit_price=total)


def announcement(
    title: str = "Giao chậm một giờ",
    *,
    ward: WardRow | str | None = None,
    body: str = "Do mưa lớn.",
    published_at: datetime | None = None,
    expires_at: datetime | None = None,
    title_en: str = "",
    body_en: str = "",
) -> Announcement:
    """What the office tells to the whole city, or to one ward."""
    return _add(
        Announcement(
            ward=_ward(ward) if ward else None,
            title=title,
            body=body,
            title_en=title_en,
            body_en=body_en,
            author="Nhân viên Mận",
            username="kinhte1",
            published_at=published_at or clock.now(),
            expires_at=expires_at,
        )
    )


def waiting(
    combo: Combo, delivery: Round, *, ward: WardRow | str = "Dĩ An", phone: str = "", name: str = "Lê Thị Chờ"
) -> WaitingEntry:
    """Somebody at the end of the line for one combo."""
    return _add(
        WaitingEntry(
            token=secrets.token_urlsafe(24),
            round=delivery,
            ward=_ward(ward),
            name=name,
            phone=phone or f"08{next(_numbers):08d}",
            picked={combo.code: 1},
            supplier_ids=[combo.supplier_id],
            joined_at=clock.now(),
            consent_wording="2026-11-waiting",
            consent_at=clock.now(),
        )
    )


def group_draft(
    delivery: Round,
    *combos: Combo,
    many: int = 3,
    ward: WardRow | str = "Dĩ An",
    name: str = "Đỗ Thị Tổ Trưởng",
    phone: str = "0909090909",
) -> GroupDraft:
    """Neighbours written down by a leader; each gets one of these combos in turn, the third has no phone."""
    leader = Leader(name=name, phone=phone, ward=_ward(ward), delivery=delivery)
    draft = drafts.begin(db.session, leader, language="vi", consent=LEADER, at=clock.now())
    entries = [
        Entry(
            name=f"Hàng Xóm {_SPOKEN[place // 10]} {_SPOKEN[place % 10]}",
            phone="" if place % 10 == 2 else f"07{next(_numbers):08d}",
            address=f"{place + 1} Lý Thường Kiệt",
            picked={combos[place % len(combos)].code: 1},
            consent=NEIGHBOUR,
        )
        for place in range(many)
    ]
    return drafts.add(db.session, draft.token, entries, at=clock.now())


def group(*combos: Combo, delivery: Round | None = None, many: int = 3, **about: str) -> OrderGroup:
    """A group that was placed, in a round that had places for it."""
    delivery, combos = delivery or round(), combos or (combo(price=130_000), combo(price=250_000), combo(price=90_000))
    draft = group_draft(delivery, *combos, many=many, **about)
    known = capacity_ids(db.session, delivery.id, draft.ward_id, {each.supplier_id for each in combos})
    for each in combos:
        if each.supplier_id not in known:
            known[each.supplier_id] = capacity(delivery, each.supplier, ward=draft.ward).id
    return place_group(db.session, draft.token, at=clock.now(), window=timedelta(hours=24))


def paid_order(*combos: Combo, **about: object) -> Order:
    """A confirmed order, its total allocated."""
    return order(*combos, state=OrderState.CONFIRMED, **about)  # type: ignore[arg-type]


def bank_account(bank: str = "VCB", *, number: str = ACCOUNT, receives: bool | None = None) -> BankAccount:
    """An account of the office; residents are asked to pay into the first, or into the one that ``receives``."""
    if receives is None:
        receives = receiving_account(db.session) is None
    return _add(BankAccount(bank_code=bank, number=number, holder="PHONG KINH TE TP DI AN", receives=receives))


def transfer(
    amount: int = 100_000,
    memo: str = "CHUYEN TIEN",
    *,
    account: BankAccount | None = None,
    at: datetime | None = None,
    payer_name: str = "",
    payer_account: str = "",
    bank_hint: str = "",
    reference: str = "",
) -> Transfer:
    """Money that came in, none of it placed; its moment is known to the second."""
    at = at or clock.now()
    number = next(_numbers)
    made = _add(
        Transfer(
            account=account or bank_account(number=f"{number:010d}", receives=False),
            identity=f"made-{number}",
            booked_on=clock.local(at).date(),
            earliest=at,
            latest=at,
            amount=amount,
            reference=reference or f"FT{number:08d}",
            memo=memo,
            payer_name=payer_name,
            payer_account=payer_account,
            bank_hint=bank_hint,
            likely_at=at,
            unplaced=0,
        )
    )
    ledger.receive(db.session, made, ledger.Hand("statement", at, "booked"))
    db.session.refresh(made)
    return made


def debit(
    amount: int = 100_000,
    memo: str = "HOAN TIEN",
    *,
    account: BankAccount | None = None,
    at: datetime | None = None,
) -> Debit:
    """Money that went out, which nobody has explained."""
    at, number = at or clock.now(), next(_numbers)
    return _add(
        Debit(
            account=account or bank_account(number=f"{number:010d}", receives=False),
            identity=f"made-{number}",
            booked_on=clock.local(at).date(),
            earliest=at,
            latest=at,
            amount=amount,
            reference=f"FT{number:08d}",
            memo=memo,
            payee_name="",
            payee_account="",
        )
    )


def staff(
    role: Role = Role.OFFICE,
    *,
    username: str = "",
    of: Supplier | None = None,
    active: bool = True,
    manages: bool = False,
    delivers: bool = True,
    team: Team | None = None,
    ends_at: datetime | None = None,
) -> Staff:
    """Somebody who signs in with PASSWORD; a supplier's staff belong to ``of``, or to a firm of their own, a courier to
    ``team``."""
    username = username or f"staff{next(_numbers)}"
    firm = team.supplier if team else (of or supplier()) if role is Role.SUPPLIER else None
    return _add(
        Staff(
            username=username,
            name=f"Nhân viên {username}",
            role=role,
            password_hash=_hash(PASSWORD),
            supplier=firm,
            active=active,
            manages=manages,
            delivers=delivers,
            team=team,
            ends_at=ends_at,
        )
    )


def team(of: Supplier, name: str = "", *blocks: tuple[str, str], bags: Sequence[int] = (30,)) -> Team:
    """Couriers of a supplier who serve these blocks, each as ward and block; a vehicle for each of ``bags``."""
    number = next(_numbers)
    return _add(
        Team(
            supplier=of,
            name=name or f"Đội {number}",
            phone="0900000200",
            blocks=[TeamBlock(ward=_ward(at), block=block, block_key=search_key(block)) for at, block in blocks],
            vehicles=[
                Vehicle(name=f"Xe máy {place}", plate=f"61-X1 {number:03d}.0{place}", bags=many)
                for place, many in enumerate(bags, start=1)
            ],
        )
    )


def run(manifest: Manifest, team: Team, *, stops: Collection[int] = ()) -> Run:
    """All stops of a manifest, or these, as one run of a team, in the order of the manifest."""
    every = parcels_of_batch(db.session, manifest.batch_id)
    parcels = {stop: parcel for stop, parcel in every.items() if not stops or stop in stops}
    return _add(
        Run(
            code=f"{manifest.batch.manifest_number}-C{next(_numbers)}",
            batch=manifest.batch,
            team=team,
            vehicle=team.vehicles[0],
            bags=len(parcels),
            amount=manifest.snapshot["amount"],
            made_by="rau",
            made_at=clock.now(),
            stops=[RunStop(parcel_id=parcel.id, place=stop) for stop, parcel in parcels.items()],
        )
    )


def courier(team: Team, username: str = "", *, ends_at: datetime | None = None) -> Staff:
    """Somebody of a team, who signs in with PASSWORD."""
    return staff(Role.COURIER, username=username, team=team, ends_at=ends_at)


def signed_in(client: FlaskClient, who: Staff | None = None) -> Staff:
    """Sign in through the page, as ``who`` or as somebody of the office."""
    who = who or staff()
    answer = submit(client, "/sign-in", username=who.username, password=PASSWORD)
    assert answer.status_code == 302, answer.text
    return who


def submit(
    client: FlaskClient, path: str, /, *, page: str = "", follow: bool = False, **fields: object
) -> TestResponse:
    """Send a form as a browser would: look at ``page`` (default: the form's own), then post with its CSRF token."""
    if "csrf_token" not in fields:
        fields["csrf_token"] = csrf_token(client, page or path)
    return client.post(path, data=fields, follow_redirects=follow)


def csrf_token(client: FlaskClient, page: str = "/sign-in") -> str:
    """The token that a form on ``page`` carries."""
    text = client.get(page).text
    start = text.index('name="csrf_token"')
    return text[text.index('value="', start) + 7 :].split('"', 1)[0]


def _ward(named: WardRow | str) -> WardRow:
    return ward(named) if isinstance(named, str) else named


def _hold_places(made: Order) -> None:
    hold_beyond(db.session, [made], at=made.placed_at)
    db.session.flush()


def _lead_to(made: Order, state: OrderState) -> None:
    at = made.placed_at + timedelta(minutes=1)
    if state is OrderState.CONFIRMED:
        ledger.allocate_opening(db.session, made, made.total, ledger.Hand("clerk", at, "paid"))
        lifecycle.advance(made, OrderState.CONFIRMED, by="clerk", at=at, because="paid")
    elif state is OrderState.EXPIRED:
        lifecycle.expire(db.session, made, at=at)
    elif state is OrderState.CANCELLED:
        lifecycle.cancel(db.session, made, by="resident", at=at, because="given up")
    db.session.flush()


def _add(row: Row) -> Row:
    db.session.add(row)
    db.session.flush()
    return row
