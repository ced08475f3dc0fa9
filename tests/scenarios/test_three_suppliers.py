"""Three suppliers, two rounds, three hundred orders: paid, packed, short of fish, delivered, settled to the last đồng.

What each should get is added up here by plain SQL, apart from the code that draws settlements up.
"""

from dataclasses import dataclass
from datetime import date
from itertools import cycle

import pytest

from kernel import clock
from orders.models import IfShort, Order, OrderState
from orders.payments.refunds.models import Refund
from people.models import Supplier
from shop.models import Combo, Round
from shop.quantities import Unit
from suppliers.models import Manifest, Parcel, ParcelState
from suppliers.parcels import mark
from suppliers.purchase.keep import acknowledge
from suppliers.purchase.queries import orders_of_batches
from suppliers.queries import parcels_of_batch
from suppliers.settlement.agree import agree
from suppliers.settlement.draw import Hand, NothingToSettle, Period, draw
from suppliers.settlement.models import Settlement, Side
from suppliers.shortages.calls import agree as agree_on_the_phone
from suppliers.shortages.calls import give_up_calling
from suppliers.shortages.declare import declare
from suppliers.shortages.models import Outcome
from tests import books, make
from tests.bank import Bank, arrive
from tests.desk import rows, send

ORDERS = 150  # a round
KG = 1_000
FISH = "cá lóc"
PICKS = ("RAU1", "CA1", "RAU2 CA1", "TRUNG1", "RAU1 TRUNG1", "CA2", "RAU1 CA2 TRUNG1", "RAU2")

pytestmark = pytest.mark.usefixtures("right_books")


@dataclass
class Market:
    """The three firms and what they pack."""

    firms: dict[str, Supplier]
    combos: dict[str, Combo]
    bank: Bank

    @classmethod
    def opened(cls) -> "Market":
        firms = {code: make.supplier(code) for code in ("RAU", "CA", "TRUNG")}
        goods = {
            "RAU1": (100_000, "RAU", ("rau muống 0,5 kg", "cà chua 1 kg")),
            "RAU2": (150_000, "RAU", ("rau muống 1 kg", "khoai tây 1 kg")),
            "CA1": (120_000, "CA", ("cá lóc 0,5 kg", "tôm 0,3 kg")),
            "CA2": (230_000, "CA", ("cá lóc 1,5 kg",)),
            "TRUNG1": (45_000, "TRUNG", ("trứng gà 10 quả",)),
        }
        combos = {
            code: make.combo(code, price=price, packed_by=firms[firm], items=items)
            for code, (price, firm, items) in goods.items()
        }
        return cls(firms, combos, Bank(make.bank_account("AGR")))

    def ordered(self, delivery: Round, *, first: int) -> list[Order]:
        wishes = cycle(IfShort)
        made = []
        for number, picks in zip(range(first, first + ORDERS), cycle(PICKS), strict=False):
            order = make.order(
                *(self.combos[code] for code in picks.split()),
                delivery=delivery,
                name=f"Nguyễn Thị {number:03d}",
                phone=f"09{number:08d}",
                address=f"{number % 40 + 1}/{number % 7 + 1} Lý Thường Kiệt",
            )
            order.if_short = next(wishes)
            made.append(order)
        return made


def paid(session, market: Market, orders: list[Order]) -> list[Order]:
    """Each fifteenth never pays; each tenth pays in two parts; the rest at once. All by the matcher."""
    movements = []
    for number, order in enumerate(orders):
        if number % 15 == 14:
            continue
        parts = (order.total // 2, order.total - order.total // 2) if number % 10 == 3 else (order.total,)
        movements += [(part, f"{order.code} di cho") for part in parts]
    arrive(session, market.bank, *movements)
    return [order for order in orders if order.state is OrderState.CONFIRMED]


def short_of_fish(session, manifest: Manifest) -> None:
    """The fishmonger lacks 11 kg; of those to be called one takes chicken, the others are not reached."""
    shortage = declare(
        session, manifest.batch, FISH, Unit.GRAM, 11 * KG, by="ca", at=clock.now(), because="the boat came late"
    )
    session.commit()
    to_call = rows(
        session,
        "SELECT DISTINCT order_id FROM shortage_steps WHERE shortage_id = :id AND became = :call ORDER BY order_id",
        id=shortage.id,
        call=Outcome.CALL.value,
    )
    assert to_call
    agree_on_the_phone(session, shortage, to_call[0][0], instead="1 con gà", by="ca", at=clock.now())
    give_up_calling(session, shortage, by="ca", at=clock.now())
    session.commit()


def at_the_door(session, manifests: list[Manifest], *, failed_before: int = 0) -> list[int]:
    """Each seventeenth stop fails. Answers the parcels that failed."""
    failed = []
    for manifest in manifests:
        for stop, parcel in parcels_of_batch(session, manifest.batch_id).items():
            became = ParcelState.FAILED if (stop + failed_before) % 17 == 0 else ParcelState.DELIVERED
            mark(session, parcel, became, by="ship", at=clock.now(), because="absent")
            failed += [parcel.id] if became is ParcelState.FAILED else []
    session.commit()
    return failed


def settled(session, market: Market, begins: date) -> dict[str, Settlement | None]:
    period = Period(begins, clock.today())
    made: dict[str, Settlement | None] = {}
    for code, firm in market.firms.items():
        try:
            settlement = draw(session, firm.id, period, Hand("kinhte1", "Trần Thị Kinh Tế", clock.now()))
        except NothingToSettle:
            made[code] = None
            continue
        agree(session, settlement, Side.SUPPLIER, Hand(code.lower(), "Chủ Vựa", clock.now()), seen=settlement.version)
        assert agree(
            session, settlement, Side.OFFICE, Hand("kinhte2", "Lê Kinh Tế", clock.now()), seen=settlement.version
        )
        made[code] = settlement
    session.commit()
    return made


DUE = """
    SELECT s.code, SUM(l.quantity * l.unit_price) - COALESCE(SUM(d.amount), 0)
    FROM parcels p JOIN suppliers s ON s.id = p.supplier_id
    JOIN order_lines l ON l.order_id = p.order_id AND l.supplier_id = p.supplier_id
    LEFT JOIN (SELECT line_id, SUM(amount) AS amount FROM deductions GROUP BY line_id) AS d ON d.line_id = l.id
    WHERE p.state = :state GROUP BY s.code
"""


def due(session, state: ParcelState) -> dict[str, int]:
    """What the parcels that stand so are worth, less what was short, by supplier."""
    return {code: int(amount) for code, amount in rows(session, DUE, state=state.value)}


def one(session, sql: str) -> int:
    return int(rows(session, sql)[0][0] or 0)


def test_two_rounds_of_three_suppliers_are_settled_to_the_last_dong(session, stopped_clock):
    market = Market.opened()
    begins = clock.today()
    nets: dict[str, int] = dict.fromkeys(market.firms, 0)
    failed: list[int] = []
    for number in range(2):
        delivery = make.round(name=f"Đợt {number + 1}")
        orders = market.ordered(delivery, first=number * ORDERS)
        session.commit()
        confirmed = paid(session, market, orders)
        assert len(confirmed) == ORDERS - ORDERS // 15
        stopped_clock.set(delivery.dispatch_at)
        manifests = send(session, delivery)
        assert {manifest.supplier.code for manifest in manifests} == set(market.firms)
        for purchase in orders_of_batches(session, [each.batch_id for each in manifests]).values():
            acknowledge(session, purchase, by="kho", name="Thủ Kho", at=clock.now())
        session.commit()
        short_of_fish(session, next(each for each in manifests if each.supplier.code == "CA"))
        stopped_clock.forward(days=1)
        if failed:  # the first round's are brought again, and settled now
            for parcel_id in failed[:5]:
                parcel = session.get_one(Parcel, parcel_id, with_for_update=True)
                mark(session, parcel, ParcelState.DELIVERED, by="ship", at=clock.now(), because="")
        failed += at_the_door(session, manifests, failed_before=number)
        for code, settlement in settled(session, market, begins).items():
            nets[code] += settlement.net if settlement else 0
        books.check(session)

        assert nets == due(session, ParcelState.DELIVERED)

    # What was short is what was shared out, no portion more; and what goes back is what was taken off.
    assert one(session, "SELECT SUM(quantity) FROM shortage_shares") >= 2 * 11 * KG
    back = one(session, "SELECT SUM(amount) FROM deductions")
    assert 0 < back == sum(refund.amount for refund in session.query(Refund))
    # Every đồng of the orders that left is some supplier's, or waits for a parcel that did not arrive.
    gone = (
        "SELECT SUM(a.amount) FROM allocations a JOIN orders o ON o.id = a.order_id WHERE o.dispatched_at IS NOT NULL"
    )
    waits = sum(due(session, ParcelState.FAILED).values())
    assert one(session, gone) == sum(nets.values()) + waits
    # What was wanted stays on record, and nobody who did not pay was served.
    assert one(session, "SELECT SUM(total) FROM orders WHERE dispatched_at IS NOT NULL") == one(session, gone) + back
    assert (
        one(session, "SELECT COUNT(*) FROM parcels p JOIN orders o ON o.id = p.order_id WHERE o.state <> 'confirmed'")
        == 0
    )
    assert settled(session, market, begins) == dict.fromkeys(market.firms)
