"""What stands in the full city of teams: accounts in every state, tables of couriers, passes of every verdict."""

from datetime import timedelta

from kernel import clock
from kernel.database import db
from people.models import Team
from people.queries import staff_named
from suppliers.couriers.accounts import shown
from suppliers.couriers.accounts.plan import Planned
from suppliers.couriers.accounts.upload import Row
from suppliers.couriers.passes.token import Pass, sign
from suppliers.couriers.queries import couriers_of, teams_of
from tests import make

LONG = "Nguyễn Phúc Bảo Hoàng Trương Công Tôn Nữ Thị Thuỳ Dương Phương Thảo Nguyên"
HOUR = timedelta(hours=1)


def teams() -> dict[str, str]:
    """A team with accounts of all kinds, one with nothing, one that is switched off."""
    keeper = staff_named(db.session, "rau")
    assert keeper
    assert keeper.supplier
    (first,) = teams_of(db.session, keeper.supplier.id)
    off = make.team(keeper.supplier, "Đội Rau nghỉ", ("Bình An", ""))
    off.active = False
    bare = make.team(keeper.supplier, "Đội Rau mới", bags=())
    first.vehicles[1].active = False
    (known,) = couriers_of(db.session, first.id)
    ended, gone, new = (make.courier(first, f"giao.{word}") for word in ("het", "nghi", "moi"))
    ended.ends_at, gone.active, new.must_change, new.name = clock.now(), False, True, LONG
    new.ends_at, new.phone = clock.now() + timedelta(days=3), "0912345679"
    db.session.flush()
    ids = {"team": first.id, "bare team": bare.id, "team that is off": off.id, "new courier": new.id}
    ids |= {"ended courier": ended.id, "gone courier": gone.id, "endless courier": known.id}
    told = {name: str(number) for name, number in ids.items()}
    return {**told, **_tables(first, new.phone), **_passes(first, known.id, ended.id, gone.id, off)}


def _tables(team: Team, phone: str) -> dict[str, str]:
    """Tables that would do something else by now than was shown: one is good, one has a fault of each kind."""
    until = f"{clock.today() + timedelta(days=30):%d/%m/%Y}"
    good = [Row(2, LONG, "0912345670", team.name, until), Row(3, "Lê Thị Hoa", phone, team.name, until)]
    bad = [
        Row(2, "A", "0274 3822 333", "Đội không có", "31/02/2026"),
        Row(3, LONG, "0912345670", "Đội Rau nghỉ", "01/01/2021"),
        Row(5, "Lê Thị Hoa", "0912 345 670", "", ""),
    ]
    return {
        f"{name} table": shown.pack(team.supplier_id, [Planned(row) for row in rows])
        for name, rows in (("good", good), ("bad", bad))
    }


def _passes(team: Team, known: int, ended: int, gone: int, off: Team) -> dict[str, str]:
    """One for each thing that a checkpoint may be told."""
    now, wards = clock.now(), tuple(sorted(block.ward.code for block in team.blocks))
    day = timedelta(days=3000)  # the city of states lasts longer than a shift
    of_off = make.courier(off, "giao.off").id
    kinds = {
        "good": Pass(known, wards, now - HOUR, now + day),
        "narrow": Pass(known, wards[1:2], now - HOUR, now + day),
        "expired": Pass(known, wards, now - 2 * HOUR, now - HOUR),
        "early": Pass(known, wards, now + day, now + 2 * day),
        "ended": Pass(ended, wards, now - HOUR, now + day),
        "gone": Pass(gone, wards, now - HOUR, now + day),
        "idle": Pass(of_off, wards, now - HOUR, now + day),
    }
    return {f"{name} pass": sign(what) for name, what in kinds.items()}
