"""Tokens in the full city: in force, never used, run out, revoked, of an account that is switched off."""

from datetime import timedelta

from kernel import clock
from kernel.changes import Doer
from kernel.database import db
from people.models import Role
from people.queries import staff_named
from suppliers.api.scopes import Scope
from suppliers.api.tokens import keep
from tests import make

LONG = "Phần mềm xếp đường giao hàng của kho Tân Đông Hiệp, bản thử"


def tokens() -> dict[str, str]:
    """One of each kind."""
    staff = staff_named(db.session, "rau")
    assert staff
    used, _unused, revoked = (_made(staff, name) for name in (LONG, "cân ở kho", "máy cũ"))
    used.last_used_at = clock.now()
    _made(staff, "chạy thử", lasts=timedelta(days=1), ago=timedelta(days=9))
    keep.revoke(db.session, revoked, Doer("kinhte1", clock.now()))
    left = make.staff(Role.SUPPLIER, of=staff.supplier)
    _made(left, "của người đã nghỉ")
    left.active = False
    return {}


def _made(staff, name: str, *, lasts: timedelta = timedelta(days=90), ago: timedelta = timedelta(0)):
    made, _text = keep.make(db.session, staff, name=name, scopes=list(Scope), lasts=lasts, at=clock.now() - ago)
    return made
