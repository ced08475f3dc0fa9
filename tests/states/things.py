"""What stands in the cities of states, each under the name that the table calls it by."""

from kernel import clock
from kernel.database import db
from office.retention.forget import forget
from office.seed import seed
from orders.models import OrderState
from orders.payments.feeds.models import BankAccount, ImportState
from orders.payments.feeds.queries import accounts, statement_imports
from orders.payments.reconcile import reconcile
from orders.payments.settle import set_aside, settle
from people.models import Role
from shop.models import Combo, Round
from shop.queries import all_rounds, combo_by_code
from suppliers.models import ParcelState
from suppliers.parcels import advance
from suppliers.queries import parcels_of_batch
from suppliers.versions import reissue
from tests import make
from tests.bank import Bank
from tests.desk import CLERK, send
from tests.states import (
    api_things,
    close_things,
    complaint_things,
    courier_things,
    delivery_things,
    group_things,
    ledger_things,
    life_things,
    mapping_things,
    purchase_things,
    refund_things,
    round_things,
    short_things,
    team_things,
    told_things,
)
from tests.states.doubt_table import doubtful

Things = dict[str, str]
"""Name → what stands in an address: a token, a code, a number."""

LONG = "Nguyễn Phúc Bảo Hoàng Trương Công Tôn Nữ Thị Thuỳ Dương Phương Thảo Nguyên"
STREET = "Phòng trọ số 1234, hẻm 567/89/10/11 Đường Nguyễn Thị Minh Khai nối dài, tổ 15, khu phố Thống Nhất 2"
NOTE = "Gọi trước khi đến, nhà không có số, cổng màu xanh cạnh quán cà phê, chó dữ nhưng đã xích cẩn thận"
ONE_WORD = "daychinhlamotnoidungchuyenkhoanrấtdàikhôngcódấucáchnàocảđểxemtranggiấyxuốngdòngrasao" * 2
AMONG = 45  # transfers that wait: more than a page of the inbox


def build() -> Things:
    """Fill an empty database; the caller commits."""
    passwords = seed(db.session)
    db.session.flush()
    signs_in = {f"password of {name}": secret for name, secret in passwords.items()}
    things = {**signs_in, **_orders(), **_on_their_way(), **_transfers(), **_statements()}
    things |= {**told_things.helped(_sold("C01"), _rounds()[1]), **told_things.kept(_sold("C02"), _sold("C03"))}
    things |= refund_things.refunds(_account("VCB"), _sold("C01"), _rounds()[1])
    things |= life_things.lived(_sold("C05"), _rounds()[1], _account("AGR"))
    things |= group_things.grouped(_account("AGR"), (_sold("C02"), _sold("C04")), _rounds()[1])
    things |= short_things.short(_sold("C01"), make.round())
    things |= mapping_things.uploads(things["previewed statement"])
    things |= doubtful(_account("VCB"), ONE_WORD)
    things |= ledger_things.ways(_sold("C04"), _rounds()[1], _account("AGR"))
    things |= purchase_things.bought(_sold("C01"), _rounds()[2])
    things |= round_things.apart(_sold("C06"), _rounds()[1])
    things |= complaint_things.complaints(_sold("C01"))
    things |= api_things.tokens()
    things |= delivery_things.out()
    things |= courier_things.brought(_sold("C01"), make.round())
    things |= team_things.teams()
    told_things.notices()
    told_things.offer(things["offered place"])
    return {**things, **close_things.closed()}


def build_empty() -> Things:
    """A city on its first day: three people, nothing to sell."""
    make.staff(username="kinhte1", manages=True)
    supplier = make.staff(Role.SUPPLIER, username="rau").supplier
    assert supplier
    make.courier(make.team(supplier), "giao1")
    return {f"password of {name}": make.PASSWORD for name in ("kinhte1", "rau", "giao1")}


def _sold(code: str) -> Combo:
    found = combo_by_code(db.session, code)
    assert found
    return found


def _rounds() -> list[Round]:
    """All of them, by their day; of one day the seed's first, at whatever hour the tests run."""
    return sorted(all_rounds(db.session), key=lambda delivery: (delivery.delivery_on, delivery.id))


def _orders() -> Things:
    """One order in each of its states, in a round that still takes orders."""
    combos, delivery = (_sold("C01"), _sold("C09")), _rounds()[1]
    made = {state.value: make.order(*combos, state=state, delivery=delivery) for state in OrderState}
    made["long"] = make.order(*combos, delivery=delivery, name=LONG, address=STREET, phone="0987654321")
    made["long"].note = NOTE
    made["part-paid"] = make.order(*combos, delivery=delivery, name="Lê Văn Khế", phone="0912345670")
    made["elsewhere"] = make.order(elsewhere=True, delivery=delivery, name="Phạm Thị Mận", phone="0912345671")
    wide = make.combo(
        "C77", price=1_250_000, name=LONG, items=["Bánh tráng phơi sương Trảng Bàng loại đặc biệt 1,5 kg"]
    )
    first = make.transfer(100_000, "le van khe")
    settle(db.session, first, {made["part-paid"].id: 100_000}, CLERK, rest_as_credit=False)
    tokens = {f"{name} order": order.token for name, order in made.items()}
    codes = {f"{name} code": order.code for name, order in made.items()}
    return {**tokens, **codes, "long combo": wide.code, "round": str(delivery.id), "placing transfer": str(first.id)}


def _on_their_way() -> Things:
    """A round that has left: an order on its way, one delivered, one that could not be, one that is forgotten."""
    delivery = _rounds()[0]
    people = ("Võ Thị Ổi", "Đỗ Văn Xoài", "Huỳnh Thị Me", "Phan Thị Quên")
    orders = [make.paid_order(_sold("C01"), delivery=delivery, name=name) for name in people]
    orders[2].note = NOTE
    (manifest,) = send(db.session, delivery)
    parcels = parcels_of_batch(db.session, manifest.batch_id)
    steps = (
        (1, ParcelState.DELIVERED, ""),
        (2, ParcelState.FAILED, "không có ai ở nhà"),
        (3, ParcelState.DELIVERED, ""),
    )
    for number, became, because in steps:
        parcel = next(parcel for parcel in parcels.values() if parcel.order_id == orders[number].id)
        advance(parcel, became, by="rau", at=clock.now(), because=because)
    orders[0].address = STREET
    reissued = reissue(db.session, manifest.batch, at=clock.now(), by="kinhte1", because="địa chỉ ghi nhầm")
    forget(db.session, orders[3:], at=clock.now())
    tokens = zip(("dispatched", "delivered", "failed", "forgotten"), orders, strict=True)
    return {
        **{f"{name} order": order.token for name, order in tokens},
        "dispatched code": orders[0].code,
        "forgotten code": orders[3].code,
        "dispatched parcel": str(next(each.id for each in parcels.values() if each.order_id == orders[0].id)),
        "dispatched round": str(delivery.id),
        "replaced manifest": manifest.number,
        "manifest": reissued.number,
    }


def _transfers() -> Things:
    """Money that waits: nothing fits, several fit, a memo without an end; and money that was placed or set aside."""
    bank = Bank(_account("AGR"))
    memos = [(70_000 + 1000 * number, f"tien dien thang {number}") for number in range(AMONG)]
    memos += [(130_000, "TRAN THI BUOI chuyen tien"), (200_000, ONE_WORD), (130_000, "")]
    booked = bank.book(db.session, bank.statement(*memos, until=clock.today()))
    waiting, doubtful, wide, aside = booked[0], booked[-3], booked[-2], booked[-1]
    for _progress in reconcile(db.session, at=clock.now()):
        db.session.commit()
    set_aside(db.session, aside, CLERK)
    named = {"waiting": waiting, "doubtful": doubtful, "long": wide, "aside": aside}
    return {f"{name} transfer": str(transfer.id) for name, transfer in named.items()}


def _statements() -> Things:
    """A statement read and not booked, one that is being booked, one that was dropped."""
    bank = Bank(_account("VCB"))
    kept = {}
    for state in (ImportState.PREVIEWED, ImportState.BOOKING, ImportState.DROPPED):
        movements = [(50_000, f"{state.value} 1"), (60_000, ONE_WORD), (-20_000, "phi dich vu")]
        kept[state.value] = bank.keep(db.session, bank.statement(*movements, until=clock.today()))
        kept[state.value].state = state
    kept["booking"].phase, kept["booking"].phase_done, kept["booking"].phase_total = "matching", 40, 100
    booked = next(each.id for each in statement_imports(db.session) if each.state is ImportState.BOOKED)
    return {"booked statement": str(booked), **{f"{name} statement": str(each.id) for name, each in kept.items()}}


def _account(bank: str) -> BankAccount:
    return next(each for each in accounts(db.session) if each.bank_code == bank)
