"""What stands in the full city for the pages that help, that tell, and that keep."""

from datetime import timedelta

from kernel import clock
from kernel.database import db
from kernel.notices.models import Channel, NoticeState
from kernel.notices.queries import notices_log
from orders.notices.offers import place_kept
from orders.payments.claims.models import PaymentClaim
from orders.payments.feeds.queries import accounts, receiving_account
from orders.waiting.models import WaitingEntry, WaitingStatus
from orders.waiting.queries import entry_by_token
from people.queries import staff_named
from shop.announcements import withdraw
from shop.models import Combo, Round
from tests import make

LONG = "Chốt kiểm soát đường Nguyễn Thị Minh Khai nối dài đổi chỗ, người giao hàng đi vòng"


def helped(combo: Combo, delivery: Round) -> dict[str, str]:
    """Three who wait, news that stand and that were withdrawn, a claim that nobody has answered."""
    entries = {name: make.waiting(combo, delivery) for name in ("waiting", "offered", "passed")}
    _offer(entries["offered"])
    entries["passed"].status = WaitingStatus.PASSED
    ward = make.ward()
    standing = make.announcement(LONG, ward=ward, body="Do mưa lớn.\nXin giữ máy. " * 9)
    make.announcement("Giao chậm", title_en="Late", body_en="An hour, because of the rain.")
    withdrawn = make.announcement("Nhầm ngày", body="Tin này nhầm ngày.")
    clerk = staff_named(db.session, "kinhte1")
    assert clerk
    withdraw(withdrawn, by=clerk, at=clock.now(), because="nhầm ngày giao")
    claimed = make.order(combo, delivery=delivery, name="Ngô Thị Ổi", phone="0912345672")
    db.session.add(PaymentClaim(order_id=claimed.id, at=clock.now(), bank="Vietcombank", amount=claimed.total))
    return {
        **{f"{name} place": entry.token for name, entry in entries.items()},
        "standing news": str(standing.id),
        "withdrawn news": str(withdrawn.id),
        "ward": str(ward.id),
        "clerk": str(clerk.id),
    }


def _offer(entry: WaitingEntry) -> None:
    entry.status, entry.offered_at = WaitingStatus.OFFERED, clock.now()
    entry.offered_until = clock.now() + timedelta(hours=2)


def offer(place: str) -> None:
    """Who waits is told of the place that is kept: by a person, for no gateway is set."""
    entry = entry_by_token(db.session, place)
    assert entry
    place_kept(db.session, entry)


def kept(cheap: Combo, dear: Combo) -> dict[str, str]:
    """A price that was changed and one that waits for a second person; accounts, a firm."""
    applied = make.reprice(cheap, cheap.price + 2_000)
    proposed = make.reprice(dear, dear.price * 2, because="mưa bão, rau khan hiếm", over_limit=10, by="kinhte2")
    receiver = receiving_account(db.session)
    other = next(each for each in accounts(db.session) if each is not receiver)
    assert receiver
    return {
        "applied price": str(applied.id),
        "proposed price": str(proposed.id),
        "receiving account": str(receiver.id),
        "other account": str(other.id),
        "supplier": str(cheap.supplier_id),
    }


def notices() -> None:
    """The log in every state and by every way."""
    log = notices_log(db.session, most=12)
    for number, each in enumerate(log):
        each.state = list(NoticeState)[number % len(NoticeState)]
        each.channel = list(Channel)[number % len(Channel)]
        each.address = f"{number}@example.vn" if each.channel is Channel.EMAIL else each.address
        each.fault = "no-account" if each.state is NoticeState.FAILED else ""
        each.ended_at = None if each.state is NoticeState.WAITING else clock.now()
